package dev.tailor.transfer.data;

import static dev.tailor.transfer.testing.Assets.asset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import dev.tailor.task.TextPair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TableTest {
    @TempDir
    Path temporary;

    private Path file(String text) throws IOException {
        return Files.writeString(temporary.resolve("a"), text);
    }

    @Test
    void pairs_with_scores() throws IOException {
        Table table = Table.csv(file("id,a,b,score\n1,\"x, y\",z,0.5\n\n2,u,v,3\n"));
        assertThat(table.columns()).containsExactly("id", "a", "b", "score");
        Dataset<TextPair, Double> pairs =
                table.examples(r -> new TextPair(r.text("a"), r.text("b")), r -> r.number("score"));
        assertThat(pairs)
                .containsExactly(
                        new Example<>(new TextPair("x, y", "z"), 0.5, "row 2"),
                        new Example<>(new TextPair("u", "v"), 3.0, "row 4"));
    }

    @Test
    void several_labels_in_a_cell_or_an_array() throws IOException {
        Dataset<String, List<String>> cells = Table.tsv(file("text\ttopics\na\tsport | news|sport\nb\t\n"))
                .examples(r -> r.text("text"), r -> r.labels("topics", "|"));
        assertThat(cells.targets()).containsExactly(List.of("sport", "news"), List.of());
        Dataset<String, List<String>> arrays = Table.jsonLines(
                        file("{\"text\": \"a\", \"topics\": [\"x\", \"y\"]}\n{\"text\": \"b\", \"topics\": []}"))
                .examples(r -> r.text("text"), r -> r.labels("topics", ","));
        assertThat(arrays.targets()).containsExactly(List.of("x", "y"), List.of());
    }

    @Test
    void numbers_in_json() throws IOException {
        assertThat(Table.jsonLines(file("{\"t\": \"a\", \"y\": -0.25, \"n\": null}\n{\"t\": \"b\", \"y\": 2}\n"))
                        .examples(r -> r.text("t"), r -> r.number("y"))
                        .targets())
                .containsExactly(-0.25, 2.0);
    }

    @Test
    void rows_that_lack_something_come_in_one_message() throws IOException {
        Table table = Table.csv(file("t,y\na,1\nb,much\nc,\nd,NaN\n"));
        assertThatThrownBy(() -> table.examples(r -> r.text("t"), r -> r.number("y")))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("3 rows of ")
                .hasMessageContaining("row 3 has \"much\" as \"y\" where a number belongs")
                .hasMessageContaining("row 4 has no \"y\"")
                .hasMessageContaining("row 5 has NaN");
        assertThatThrownBy(() -> table.examples(r -> r.text("text"), r -> r.number("y")))
                .hasMessageContaining("4 rows")
                .hasMessageContaining("has no column \"text\"; it has t, y");
        assertThatThrownBy(() -> Table.csv(file("a,b\n1\n"))).hasMessageContaining("row 2 has 1 columns");
        assertThatThrownBy(() -> Table.csv(file("a,a\n1,2\n"))).hasMessageContaining("two columns of one name");
    }

    @Test
    void similarity_scores_without_a_header() {
        Path folder = asset("data-stsbenchmark");
        Dataset<TextPair, Double> pairs = Table.withoutHeader(folder.resolve("sts-dev.csv"), '\t')
                .examples(r -> new TextPair(r.text("5"), r.text("6")), r -> r.number("4"));
        assertThat(pairs.size()).isEqualTo(1500);
        assertThat(pairs.summary().numbers().maximum()).isEqualTo(5);
    }
}
