package dev.tailor.examples;

import dev.tailor.ModelId;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.FoundModel;
import dev.tailor.hub.Hubs;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.SearchQuery;
import dev.tailor.hub.Snapshot;
import dev.tailor.transfer.Progress;
import java.io.PrintStream;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.time.Duration;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Finds models on the hubs, downloads them, checks what the caches hold, and clears them. */
@Command(
        name = "hub",
        mixinStandardHelpOptions = true,
        description = "Finds models on hubs, downloads and checks them, and clears the caches.")
public final class Hub {
    @Option(
            names = "--folder",
            scope = CommandLine.ScopeType.INHERIT,
            description = "A folder in place of the hubs' usual caches.")
    @Nullable
    Path folder;

    private final PrintStream print;
    private final boolean terminal;

    Hub(PrintStream print, boolean terminal) {
        this.print = print;
        this.terminal = terminal;
    }

    @Command(
            description = "Searches a hub; with an id, lists the files of that model.",
            mixinStandardHelpOptions = true)
    int list(
            @Parameters(arity = "0..1", paramLabel = "TEXT|ID", description = "Words of the name, or an id.") @Nullable
                    String text,
            @Option(names = "--hub", defaultValue = "hf", description = "The hub: hf or kaggle (default: hf).")
                    String hub,
            @Option(names = "--task", description = "Such as image-classification.") @Nullable String task,
            @Option(names = "--library", description = "Such as transformers.") @Nullable String library,
            @Option(names = "--limit", defaultValue = "20", description = "Most models (default: 20).") int limit) {
        if (text != null && text.contains(":")) {
            Hubs.files(ModelId.parse(text), request()).forEach(print::println);
            return 0;
        }
        SearchQuery query = SearchQuery.all()
                .withText(text)
                .withTask(task)
                .withLibrary(library)
                .withPageSize(Math.max(1, Math.min(limit, 100)));
        int shown = 0;
        for (Iterator<List<FoundModel>> pages = Hubs.search(hub, query); shown < limit && pages.hasNext(); ) {
            for (FoundModel model : pages.next()) {
                if (shown++ < limit) {
                    print.println(line(model));
                }
            }
        }
        return 0;
    }

    @Command(description = "Downloads a model, or some of its files.", mixinStandardHelpOptions = true)
    int download(
            @Parameters(paramLabel = "ID", description = "The model.") String id,
            @Parameters(
                            index = "1..*",
                            arity = "0..*",
                            paramLabel = "PATTERN",
                            description = "The files, such as '*.json' or 'onnx/*'; without any, what a model needs.")
                    @Nullable
                    List<String> patterns,
            @Option(names = "--time-limit", description = "Most seconds that it may take.") @Nullable Integer seconds) {
        FetchRequest request = request()
                .withListener(new DownloadBar(print, terminal, System::nanoTime))
                .withFiles(patterns == null || patterns.isEmpty() ? null : any(patterns))
                .withTimeLimit(seconds == null ? null : Duration.ofSeconds(seconds));
        Snapshot snapshot = Hubs.fetch(ModelId.parse(id), request);
        print.println(snapshot.id() + (snapshot.revision().isEmpty() ? "" : " at " + snapshot.revision()));
        print.println("licence: " + snapshot.license().orElse("not told"));
        print.println(snapshot.root());
        return 0;
    }

    @Command(description = "Hashes the cached files of a model again and compares.", mixinStandardHelpOptions = true)
    int verify(@Parameters(paramLabel = "ID", description = "The model.") String id) {
        Snapshot snapshot = held(id);
        Map<String, String> wrong = snapshot.verify();
        for (String name : snapshot.files()) {
            String state = wrong.containsKey(name)
                    ? "WRONG    "
                    : snapshot.digests().containsKey(name) ? "ok       " : "no digest";
            print.println(state + " " + name + (wrong.containsKey(name) ? ": " + wrong.get(name) : ""));
        }
        print.println(
                wrong.isEmpty()
                        ? "No file differs from what its hub told of it."
                        : "Delete the wrong files in " + snapshot.root() + ", or the revision, and fetch again.");
        return wrong.isEmpty() ? 0 : 1;
    }

    /** What the cache has, without the network: a whole model, else the files that are there. */
    private Snapshot held(String id) {
        FetchRequest offline = request().withOffline(true);
        try {
            return Hubs.fetch(ModelId.parse(id), offline);
        } catch (OfflineException e) {
            List<CachedModel> cached = CachedModels.matching(id, folder);
            if (cached.size() != 1 || !Files.isDirectory(cached.get(0).root())) {
                throw e;
            }
            CachedModel model = cached.get(0);
            Set<String> names = new HashSet<>(new Snapshot(model.id(), model.root(), "").files());
            return Hubs.fetch(ModelId.parse(model.id()), offline.withFiles(names::contains));
        }
    }

    FetchRequest request() {
        return FetchRequest.defaults().withCache(folder);
    }

    /** A pattern without a slash is for names in any folder. */
    private static Predicate<String> any(List<String> patterns) {
        return patterns.stream()
                .map(pattern -> {
                    PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + pattern);
                    return (Predicate<String>) name -> {
                        Path path = Path.of(name);
                        return matcher.matches(pattern.contains("/") ? path : path.getFileName());
                    };
                })
                .reduce(name -> false, Predicate::or);
    }

    private static String line(FoundModel model) {
        return String.format(
                Locale.ROOT,
                "%-60s %-28s %12s  %s%s",
                model.id(),
                model.task() == null ? "" : model.task(),
                model.downloads() < 0 ? "" : String.format(Locale.ROOT, "%,d", model.downloads()),
                model.license() == null ? "" : model.license(),
                model.gated() ? " (gated)" : "");
    }

    /** With its sub-command, which is a class of its own. */
    static CommandLine command(PrintStream print, boolean terminal) {
        Hub hub = new Hub(print, terminal);
        return new CommandLine(hub).addSubcommand(new HubCache(hub, print));
    }

    /** Runs it. */
    public static void main(String[] arguments) {
        Examples.prepare(command(System.out, Progress.onTerminal())).execute(arguments);
    }
}
