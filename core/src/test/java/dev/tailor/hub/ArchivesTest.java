package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArchivesTest {
    private static final Archives.Limits LIMITS = new Archives.Limits(20, 1 << 20, 10);

    private static final String PYTHON = """
            H4sIAKtHBGsC/+3XPwrCMBQG8MyeIido86/tJHV09AqBBhWLSBOlt/EWXqAXMwREtF0cUsV8vyUZAhk+Xt6L1RfT5CQq5pVKhdV7
            Xyf2FfPHaUFmcLZOd/5KkqYsz/LVRvdroxvTxct/Ivdn5lK85s+Z4IzQHvlHJ0p60m63tOEd2HbDbbiazPVuQSABj9zrOqT+pfd/
            VP9FIQllqP/olEANpOw3+n857v8K/X8OktF2fzxgBkhUq52xLu4dH///OK8qP/+LOYaTxOsfAAAAAAAAAAAAAAD+zx3k22SQACgA
            AA==
            """;

    @TempDir
    Path temporary;

    enum Kind {
        ZIP,
        TAR,
        TAR_GZ
    }

    @AfterEach
    void leaves_nothing_beside_the_target() throws IOException {
        try (var list = Files.list(temporary)) {
            assertThat(list.map(path -> path.getFileName().toString()))
                    .allMatch(name -> name.equals("archive") || name.equals("model") || name.equals("evil"));
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void unpacks_files_and_folders(Kind kind) throws IOException {
        archive(kind, "./config.json", "{}", "variables/", "", "variables/variables.index", "index", "empty.txt", "");

        assertThat(unpack()).isTrue();
        assertThat(model("config.json")).hasContent("{}");
        assertThat(model("variables/variables.index")).hasContent("index");
        assertThat(model("empty.txt")).isEmptyFile();
        assertThat(unpack()).as("the same files are there already").isFalse();
        Files.writeString(model("empty.txt"), "x");
        assertThat(unpack()).as("other files were there").isTrue();
        assertThat(model("empty.txt")).isEmptyFile();
    }

    @Test
    void reads_long_names_of_gnu_and_posix() throws IOException {
        String name = "ordner/" + "sehr-lang-".repeat(20) + "größe.txt";
        tar(new TarBytes()
                .pax('g', "comment", "about all")
                .gnuLong(name, "gnu")
                .paxLong("posix/" + name, "posix")
                .file("next", "short again"));
        unpack();
        assertThat(model(name)).hasContent("gnu");
        assertThat(model("posix/" + name)).hasContent("posix");
        assertThat(model("next")).hasContent("short again");
    }

    @Test
    void reads_what_python_packs() throws IOException {
        // tarfile, format=PAX_FORMAT: a folder, a file in it whose name is not ASCII, and a symbolic link to it.
        Files.write(temporary.resolve("archive"), Base64.getMimeDecoder().decode(PYTHON));
        unpack();
        assertThat(model("saved/größe.txt")).hasContent("42");
        assertThat(model("latest")).hasContent("42");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../evil",
                "a/../../evil",
                "/etc/evil",
                "//evil",
                "C:evil",
                "C:/evil",
                "a\\..\\evil",
                "a/./b",
                "a//b",
                "nl\nname",
                "..",
                "/"
            })
    void refuses_names_that_lead_out(String name) throws IOException {
        for (Kind kind : Kind.values()) {
            archive(kind, "fine", "x", name, "y");
            assertThatThrownBy(this::unpack)
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("archive")
                    .hasMessageContaining("unsafe name")
                    .hasMessageContaining("Nothing was unpacked");
            assertThat(temporary.resolve("model")).doesNotExist();
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Config.json  | config.json    | differ in case only
            A/x          | a/y            | differ in case only
            gr\u00f6\u00dfe | GRO\u0308SSE | differ in case only
            a            | a/b            | both a file and a folder
            a/b          | a              | both a file and a folder
            a            | ./a            | occurs twice
            """)
    void refuses_names_that_fall_together(String first, String second, String why) throws IOException {
        for (Kind kind : Kind.values()) {
            archive(kind, first, "x", second, "y");
            assertThatThrownBy(this::unpack).hasMessageContaining(why);
        }
    }

    @Test
    void copies_what_links_inside_the_archive_lead_to() throws IOException {
        tar(new TarBytes()
                .file("v1/weights", "bytes")
                .link('2', "latest/weights", "../v1/weights")
                .link('2', "again", "latest/weights")
                .link('1', "deep/hard", "v1/weights"));
        unpack();
        for (String name : List.of("latest/weights", "again", "deep/hard")) {
            assertThat(model(name)).hasContent("bytes").isRegularFile();
            assertThat(Files.isSymbolicLink(model(name))).isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "/etc/passwd, a link out of it",
        "../../evil, a link out of it",
        "a/../../../evil, a link out of it",
        "nowhere, no file of the archive",
        "link, no file of the archive",
        "folder, no file of the archive"
    })
    void refuses_other_links(String target, String why) throws IOException {
        for (char type : new char[] {'1', '2'}) {
            tar(new TarBytes().file("folder/file", "x").link(type, "link", target));
            assertThatThrownBy(this::unpack).hasMessageContaining(why);
        }
    }

    @Test
    void never_writes_through_a_link() throws IOException {
        tar(new TarBytes().link('2', "out", "..").file("out/evil", "x"));
        assertThatThrownBy(this::unpack).hasMessageContaining("a link out of it");
        tar(new TarBytes().file("real/file", "x").link('2', "in", "real").file("in/evil", "x"));
        assertThatThrownBy(this::unpack).hasMessageContaining("both a file and a folder");
        assertThat(temporary.resolve("evil")).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource({
        "3, a device or a pipe",
        "4, a device or a pipe",
        "6, a device or a pipe",
        "S, unknown kind",
        "V, unknown kind"
    })
    void refuses_devices_and_unknown_kinds(char type, String why) throws IOException {
        tar(new TarBytes().link(type, "null", ""));
        assertThatThrownBy(this::unpack).hasMessageContaining(why);
    }

    @Test
    void refuses_headers_that_lie() throws IOException {
        tar(new TarBytes().entry('x', "pax", "", "99 path=x\n").file("a", "x"));
        assertThatThrownBy(this::unpack).hasMessageContaining("an extended header is wrong");
        tar(new TarBytes().pax('x', "size", "-1").file("a", "x"));
        assertThatThrownBy(this::unpack).hasMessageContaining("a size is");
        tar(new TarBytes().pax('x', "size", "999999").file("a", "x"));
        assertThatThrownBy(this::unpack).hasMessageContaining("damaged or cut off");
        tar(new TarBytes().pax('x', "GNU.sparse.major", "1").file("a", "x"));
        assertThatThrownBy(this::unpack).hasMessageContaining("sparse");
        tar(new TarBytes().pax('x', "path", "../evil").file("a", "x"));
        assertThatThrownBy(this::unpack).hasMessageContaining("unsafe name");
    }

    @Test
    void keeps_to_its_limits() throws IOException {
        String[] many = new String[42];
        for (int i = 0; i < many.length; i += 2) {
            many[i] = "file" + i;
            many[i + 1] = "x";
        }
        for (Kind kind : Kind.values()) {
            archive(kind, many);
            assertThatThrownBy(this::unpack).hasMessageContaining("20");
            archive(kind, "large", "x".repeat(1 << 20), "more", "x");
            assertThatThrownBy(this::unpack).hasMessageContaining("larger than the allowed 1048576 bytes");
        }
        archive(Kind.TAR_GZ, "zeros", "\0".repeat(20 << 20));
        assertThatThrownBy(() -> Archives.unpack(
                        temporary.resolve("archive"),
                        temporary.resolve("model"),
                        new Archives.Limits(20, 1L << 40, 10)))
                .hasMessageContaining("more than 10 times its size");
    }

    @Test
    void refuses_what_is_damaged_or_cut_off() throws IOException {
        String text = "some text ".repeat(500);
        for (Kind kind : Kind.values()) {
            archive(kind, "config.json", text, "second", text);
            byte[] whole = Files.readAllBytes(temporary.resolve("archive"));
            for (int length : new int[] {3, whole.length / 3, whole.length / 2}) {
                Files.write(temporary.resolve("archive"), Arrays.copyOf(whole, length));
                assertThatThrownBy(this::unpack)
                        .as("%s cut to %d", kind, length)
                        .isInstanceOf(TailorException.class);
            }
            for (int at = 0; at < whole.length; at += 41) {
                byte[] damaged = whole.clone();
                damaged[at] ^= 0x55;
                Files.write(temporary.resolve("archive"), damaged);
                try {
                    unpack();
                } catch (TailorException e) {
                    assertThat(e).hasMessageContaining("Cannot unpack");
                }
                AtomicFiles.deleteTree(temporary.resolve("model"));
            }
        }
    }

    @Test
    void verifies_the_checksum_behind_the_data() throws IOException {
        archive(Kind.TAR_GZ, "config.json", "{}");
        byte[] whole = Files.readAllBytes(temporary.resolve("archive"));
        whole[whole.length - 8] ^= 1;
        Files.write(temporary.resolve("archive"), whole);
        assertThatThrownBy(this::unpack).hasMessageContaining("damaged or cut off");
    }

    @Test
    void refuses_other_files() throws IOException {
        Files.writeString(temporary.resolve("archive"), "<html>not found</html>");
        assertThatThrownBy(this::unpack).hasMessageContaining("neither ZIP nor TAR nor TAR.GZ");
        Files.write(temporary.resolve("archive"), new byte[0]);
        assertThatThrownBy(this::unpack).hasMessageContaining("neither ZIP nor TAR nor TAR.GZ");
    }

    @Test
    void names_the_path_that_cannot_be_written() throws IOException {
        archive(Kind.ZIP, "config.json", "{}");
        Files.writeString(temporary.resolve("evil"), "a file");
        assertThatThrownBy(() -> Archives.unpack(temporary.resolve("archive"), temporary.resolve("evil/model"), LIMITS))
                .hasMessageContaining(temporary.resolve("evil").toString())
                .hasMessageContaining("a file is where a folder must be");
    }

    private boolean unpack() {
        return Archives.unpack(temporary.resolve("archive"), temporary.resolve("model"), LIMITS);
    }

    private Path model(String name) {
        return temporary.resolve("model").resolve(name);
    }

    private void archive(Kind kind, String... namesAndTexts) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (kind == Kind.ZIP) {
            try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
                for (int i = 0; i < namesAndTexts.length; i += 2) {
                    zip.putNextEntry(new ZipEntry(namesAndTexts[i]));
                    zip.write(namesAndTexts[i + 1].getBytes(StandardCharsets.UTF_8));
                }
            }
        } else {
            TarBytes tar = new TarBytes();
            for (int i = 0; i < namesAndTexts.length; i += 2) {
                tar.entry(namesAndTexts[i].endsWith("/") ? '5' : '0', namesAndTexts[i], "", namesAndTexts[i + 1]);
            }
            try (OutputStream out = kind == Kind.TAR ? bytes : new GZIPOutputStream(bytes)) {
                out.write(tar.bytes());
            }
        }
        Files.write(temporary.resolve("archive"), bytes.toByteArray());
    }

    private void tar(TarBytes tar) throws IOException {
        Files.write(temporary.resolve("archive"), tar.bytes());
    }
}
