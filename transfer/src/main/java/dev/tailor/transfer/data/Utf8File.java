package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text files that must be UTF-8. */
final class Utf8File {
    private Utf8File() {}

    /** Opens a file; the reader throws {@link CharacterCodingException} at bytes that are not UTF-8. */
    static BufferedReader open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new TailorException(
                    (Files.exists(file) ? "Not a file: " : "The file does not exist: ") + file.toAbsolutePath());
        }
        long size = Files.size(file);
        long memory = Runtime.getRuntime().maxMemory();
        if (size > memory / 2) {
            throw new TailorException(
                    file + " has " + size + " bytes and a table is read into memory, but the heap has only " + memory
                            + " bytes. Give the JVM more (-Xmx) or cut the file.");
        }
        BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8);
        try {
            reader.mark(1);
            if (reader.read() != '\uFEFF') {
                reader.reset();
            }
            return reader;
        } catch (IOException | RuntimeException e) {
            reader.close();
            throw e;
        }
    }

    /** Says where a file stops being UTF-8. Reads it again: the decoder itself does not tell, and failures are rare. */
    static TailorException malformed(Path file, IOException cause) {
        String where = "";
        String kind = "";
        try (InputStream start = Files.newInputStream(file);
                BufferedReader bytes = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            kind = FileKind.of(start.readNBytes(FileKind.HEAD));
            int line = 1;
            for (String text = bytes.readLine(); text != null && isUtf8(text); text = bytes.readLine()) {
                line++;
            }
            where = " at line " + line;
        } catch (IOException e) {
            cause.addSuppressed(e);
        }
        return new TailorException(
                file + " is not UTF-8" + where + (kind.isEmpty() ? "" : "; it begins as " + kind)
                        + ". Save or convert it as UTF-8 (for example iconv -f windows-1252 -t utf-8).",
                cause);
    }

    /** No byte of a longer UTF-8 sequence is a line break, so every line can be judged alone. */
    private static boolean isUtf8(String bytesAsLatin1) {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytesAsLatin1.getBytes(StandardCharsets.ISO_8859_1)));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
