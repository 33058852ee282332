package dev.tailor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.modality.cv.Image;
import dev.tailor.Pretrained;
import dev.tailor.Registry;
import dev.tailor.Task;
import dev.tailor.program.Architecture;
import dev.tailor.program.Head;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the README says is so. */
class ReadmeTest {
    private static final Path README = Path.of("../README.md");
    private static final Path SNIPPETS = Path.of("src/test/java/dev/tailor/examples/ReadmeSnippets.java");

    @TempDir
    Path temporary;

    @Test
    void java_fences_are_the_compiled_snippets() throws IOException {
        List<String> fences = matches("(?s)```java\n(.*?)```", Files.readString(README));
        List<String> snippets = matches("(?s)// snippet \\d+\n(.*?)\\s*// end", Files.readString(SNIPPETS));
        assertThat(fences.stream().map(ReadmeTest::lines))
                .isNotEmpty()
                .isEqualTo(snippets.stream().map(ReadmeTest::lines).toList());
    }

    @Test
    void the_snippets_run() {
        for (String kind : List.of("bell", "flag")) {
            Drawings.write(temporary.resolve("data").resolve(kind), kind, 10);
        }
        ReadmeSnippets.classify(house());
        ReadmeSnippets.fit(temporary.resolve("data"), temporary.resolve("model"));
        assertThat(temporary.resolve("model/model.safetensors")).exists();
        ReadmeSnippets.augment(temporary.resolve("data"));
    }

    @Test
    void the_printed_answer_is_the_one_that_comes() throws IOException {
        try (var classifier = Pretrained.from("bundled:pictograms").load(Task.IMAGE_CLASSIFICATION)) {
            String best = classifier.classify(house()).best().toString();
            // Scores differ in the last places from one processor to the next.
            assertThat(best).startsWith("house 0.9");
            assertThat(Files.readString(README)).contains("\n" + best.substring(0, "house 0.9".length()));
        }
    }

    @Test
    void the_table_of_families_is_the_registry() throws IOException {
        String table = Registry.architectures().stream()
                .filter(a -> a.variants().isEmpty())
                .map(ReadmeTest::row)
                .collect(Collectors.joining("\n", "| `model_type` | loads |\n| --- | --- |\n", "\n"));
        String named = Registry.architectures().stream()
                .filter(a -> !a.variants().isEmpty())
                .map(ReadmeTest::names)
                .collect(Collectors.joining("\n", "| networks by name | task |\n| --- | --- |\n", "\n"));
        assertThat(Files.readString(README)).contains(table).contains(named);
        for (var factory : Registry.tasks()) {
            String constant = factory.task().name();
            assertThat(Files.readString(README)).contains("`" + constant + "`");
        }
    }

    @Test
    void the_table_of_text_tasks_is_the_registry() throws IOException {
        String table = Stream.of(
                        Head.SEQUENCE_CLASSIFICATION,
                        Head.TOKEN_CLASSIFICATION,
                        Head.QUESTION_ANSWERING,
                        Head.MASKED_LM)
                .map(head -> "| "
                        + names(Registry.tasks().stream()
                                .filter(f -> f.head() == head)
                                .map(f -> f.task().name()))
                        + " | "
                        + names(Registry.architectures().stream()
                                .filter(a -> a.heads().contains(head))
                                .flatMap(a -> a.modelTypes().stream()))
                        + " |")
                .collect(Collectors.joining("\n", "| text tasks | families |\n| --- | --- |\n", "\n"));
        assertThat(Files.readString(README)).contains(table);
    }

    private static String names(Stream<String> names) {
        return names.distinct().map(n -> "`" + n + "`").collect(Collectors.joining(", "));
    }

    private static String row(Architecture architecture) {
        String types =
                architecture.modelTypes().stream().map(t -> "`" + t + "`").collect(Collectors.joining(", "));
        String classes = architecture.heads().stream()
                .map(architecture::className)
                .sorted()
                .collect(Collectors.joining(", "));
        return String.format(Locale.ROOT, "| %s | %s |", types, classes);
    }

    /** The names of a family's networks, library by library, the first ones of many. */
    private static String names(Architecture architecture) {
        Map<String, List<String>> byLibrary = architecture.variants().stream()
                .collect(Collectors.groupingBy(
                        name -> name.substring(0, name.indexOf('/')),
                        TreeMap::new,
                        Collectors.mapping(name -> name.substring(name.indexOf('/') + 1), Collectors.toList())));
        String libraries = byLibrary.entrySet().stream()
                .map(e -> e.getKey() + ": " + shortened(e.getValue()))
                .collect(Collectors.joining("; "));
        String heads = architecture.heads().stream()
                .filter(h -> h != Head.BASE)
                .map(h -> h.name().toLowerCase(Locale.ROOT).replace('_', ' '))
                .sorted()
                .collect(Collectors.joining(", "));
        return "| " + libraries + " | " + heads + " |";
    }

    private static String shortened(List<String> names) {
        int shown = names.size() > 10 ? 6 : names.size();
        return names.stream().limit(shown).map(n -> "`" + n + "`").collect(Collectors.joining(", "))
                + (shown < names.size() ? " and " + (names.size() - shown) + " more" : "");
    }

    private static Image house() {
        return Pictograms.dataset(List.of("house"), 1, 64, 7).get(0).input();
    }

    private static List<String> matches(String pattern, String text) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static List<String> lines(String text) {
        return text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    }
}
