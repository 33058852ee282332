package dev.tailor.transfer.data;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;

/** Says in words what a file is, from its first bytes, for messages about files that are not what they should be. */
final class FileKind {
    /** How many bytes {@link #of} wants to see. */
    static final int HEAD = 64;

    private record Magic(int offset, String bytes, String kind) {}

    private static final List<Magic> MAGIC = List.of(
            new Magic(0, "\u00FF\u00D8\u00FF", "a JPEG image"),
            new Magic(0, "\u0089PNG\r\n\u001A\n", "a PNG image"),
            new Magic(0, "GIF8", "a GIF image"),
            new Magic(8, "WEBP", "a WebP image"),
            new Magic(0, "BM", "a BMP image"),
            new Magic(0, "II*\0", "a TIFF image"),
            new Magic(0, "MM\0*", "a TIFF image"),
            new Magic(4, "ftypavif", "an AVIF image"),
            new Magic(4, "ftyphei", "an HEIC image"),
            new Magic(4, "ftypmif1", "an HEIC image"),
            new Magic(4, "ftyp", "a video or HEIC file"),
            new Magic(0, "%PDF", "a PDF document"),
            new Magic(0, "PK\u0003\u0004", "a ZIP archive (Excel workbooks are, too)"),
            new Magic(0, "PAR1", "a Parquet table"),
            new Magic(0, "\u001F\u008B", "a gzip archive"),
            new Magic(
                    0, "version https://git-lfs", "a Git LFS pointer; the real file was not downloaded (git lfs pull)"),
            new Magic(0, "\u00FF\u00FE", "UTF-16 text"),
            new Magic(0, "\u00FE\u00FF", "UTF-16 text"));

    private FileKind() {}

    static String of(byte[] start) {
        if (start.length == 0) {
            return "an empty file";
        }
        String head = new String(start, 0, Math.min(start.length, HEAD), StandardCharsets.ISO_8859_1);
        for (Magic magic : MAGIC) {
            if (head.startsWith(magic.bytes, magic.offset)) {
                return magic.kind;
            }
        }
        String lower = head.stripLeading().toLowerCase(Locale.ROOT);
        if (lower.startsWith("<!doctype html") || lower.startsWith("<html")) {
            return "an HTML page";
        }
        if (lower.startsWith("<svg") || lower.startsWith("<?xml")) {
            return "an XML or SVG file";
        }
        boolean text = head.chars().allMatch(c -> (c >= ' ' && c != 0x7F) || c == '\n' || c == '\r' || c == '\t');
        return text ? "a text file" : "a file of unknown kind";
    }
}
