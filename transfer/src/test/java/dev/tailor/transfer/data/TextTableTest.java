package dev.tailor.transfer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.tailor.TailorException;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Function;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TextTableTest {
    @TempDir
    Path folder;

    private Path file(String content, Charset charset) throws IOException {
        return Files.write(folder.resolve("table.txt"), content.getBytes(charset));
    }

    private Path file(String content) throws IOException {
        return file(content, StandardCharsets.UTF_8);
    }

    private AbstractStringAssert<?> failure(String content, Function<Path, TextTable> reader) throws IOException {
        Path file = file(content);
        return assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> reader.apply(file))
                .withMessageContaining(file.toString())
                .extracting(Throwable::getMessage, org.assertj.core.api.InstanceOfAssertFactories.STRING);
    }

    @Test
    void csv_knows_quotes_line_breaks_in_fields_and_the_usual_headers() throws IOException {
        TextTable table = TextTable.csv(file("id,Text,CATEGORY\r\n1,\"a, \"\"b\"\"\nc\", ham \r\n\r\n2,,spam\r\n"));
        assertThat(table)
                .containsExactly(new Example<>("a, \"b\"\nc", "ham", "row 2"), new Example<>("", "spam", "row 4"));
        assertThat(table.classes()).containsExactly("ham", "spam");
        assertThat(table.target(1)).isEqualTo("spam");
        assertThat(table).asString().startsWith("2 texts of 2 classes in ");
    }

    @Test
    void byte_order_mark_and_missing_last_line_break_do_no_harm() throws IOException {
        assertThat(TextTable.csv(file("\uFEFFsentence,label\nGrüße,1")))
                .containsExactly(new Example<>("Grüße", "1", "row 2"));
    }

    @Test
    void columns_can_be_named_or_numbered() throws IOException {
        assertThat(TextTable.csv(file("review,stars\ngood,5\n"), "review", "stars")
                        .get(0)
                        .target())
                .isEqualTo("5");
        assertThat(TextTable.csv(file("5,good\n1,bad\n"), 1, 0)).hasSize(2);
        assertThat(TextTable.delimited(file("text;label\n\"a;b\";x\n"), ';', "text", "label")
                        .get(0)
                        .input())
                .isEqualTo("a;b");
        assertThatIllegalArgumentException().isThrownBy(() -> TextTable.csv(file("a,b\n"), 0, 0));
        assertThatIllegalArgumentException().isThrownBy(() -> TextTable.csv(file("a,b\n"), "a", "a"));
    }

    @Test
    void tsv_takes_quotes_as_they_are() throws IOException {
        TextTable table = TextTable.tsv(file("ham\t\"Hi\" she said\nspam\t\"\n"), 1, 0);
        assertThat(table)
                .containsExactly(
                        new Example<>("\"Hi\" she said", "ham", "row 1"), new Example<>("\"", "spam", "row 2"));
    }

    @Test
    void json_lines_take_strings_whole_numbers_and_booleans_as_labels() throws IOException {
        TextTable table = TextTable.jsonLines(
                file(
                        "{\"label\": 1, \"text\": \"a\\nb\"}\n\n{\"text\": \"c\", \"label\": true}\n{\"label\": \"x\", \"text\": \"\"}"));
        assertThat(table)
                .containsExactly(
                        new Example<>("a\nb", "1", "row 1"),
                        new Example<>("c", "true", "row 3"),
                        new Example<>("", "x", "row 4"));
    }

    @Test
    void json_lines_with_wrong_values_are_named_together() throws IOException {
        failure(
                        "{\"text\": \"a\", \"label\": 1}\n{\"text\": 3, \"label\": 1}\n{\"text\": \"b\"}\n{\"text\": \"b\", \"label\": 0.5}",
                        TextTable::jsonLines)
                .contains("3 rows", "row 2 has 3 as \"text\"", "row 3 has nothing as \"label\"", "row 4 has 0.5");
        failure("{\"text\": \"a\", \"label\": 1}\n{\"text\"", TextTable::jsonLines)
                .contains("row 2 is not valid JSON");
        failure("{\"a\": 1}", file -> TextTable.jsonLines(file, "text", "a")).contains("no column \"text\"", "\"a\"");
    }

    @Test
    void unknown_headers_are_shown_with_what_to_do() throws IOException {
        failure("ham\tGo until jurong point\nspam\tFree", TextTable::tsv)
                .contains("\"ham\", \"Go until jurong point\"", "text|sentence|content", "positions");
        failure("a,b\n1,2", file -> TextTable.csv(file, "text", "b")).contains("no column \"text\"", "\"a\", \"b\"");
        failure("text;label\na;b", TextTable::csv).contains("separated by ';'", "TextTable.delimited");
        failure("text\tlabel\na\tb", TextTable::csv).contains("TextTable.tsv");
        failure("a,a,b\n1,2,3", file -> TextTable.csv(file, "a", "b")).contains("two columns \"a\"");
    }

    @Test
    void positions_beyond_the_row_and_forgotten_headers_are_refused() throws IOException {
        failure("a,b\n", file -> TextTable.csv(file, 0, 2)).contains("0 and 2", "first row has 2");
        failure("text,category\na,b\n", file -> TextTable.csv(file, 0, 1)).contains("header row", "\"category\"");
    }

    @Test
    void rows_that_do_not_fit_are_named_together() throws IOException {
        failure("text,label\na,b\nc\nd,e,f\ng, \n", TextTable::csv)
                .contains(
                        "3 rows",
                        "row 3 has 1 columns where the first row has 2",
                        "row 4 has 3 columns",
                        "row 5 has no label");
        failure("text,label\n" + "x\n".repeat(100), TextTable::csv).contains("100 rows", "and 95 more");
    }

    @Test
    void broken_quotes_say_where() throws IOException {
        failure("text,label\n\"a,b\nc,d\n", TextTable::csv).contains("line 2");
        failure("text,label\n\"a\"x,b\n", TextTable::csv).contains("line");
    }

    @Test
    void files_in_other_encodings_say_the_line_and_the_kind() throws IOException {
        Path latin = file("text,label\n" + "a,b\n".repeat(5000) + "Grüße,b\n", StandardCharsets.ISO_8859_1);
        assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> TextTable.csv(latin))
                .withMessageContaining("not UTF-8 at line 5002")
                .withMessageContaining("iconv");
        Path wide = Files.write(folder.resolve("wide.csv"), "\uFEFFtext,label\n".getBytes(StandardCharsets.UTF_16LE));
        assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> TextTable.jsonLines(wide))
                .withMessageContaining("UTF-16");
    }

    @Test
    void missing_and_empty_files_are_refused() throws IOException {
        assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> TextTable.csv(folder.resolve("none.csv")))
                .withMessageContaining("does not exist");
        assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> TextTable.csv(folder))
                .withMessageContaining("Not a file");
        failure("", TextTable::csv).contains("no rows");
        failure("text,label\n", TextTable::csv).contains("no rows");
    }
}
