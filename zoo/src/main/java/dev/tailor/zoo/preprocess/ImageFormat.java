package dev.tailor.zoo.preprocess;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** The file formats, told apart by their first bytes, never by a name. */
enum ImageFormat {
    PNG {
        @Override
        RgbImage decode(byte[] bytes, ImageDecoder.SizeCheck check) throws IOException {
            PngFile file = PngFile.parse(bytes);
            check.accept(file.width(), file.height());
            file.requirePlausibleData();
            return Rasters.rgb(JdkReader.read("png", file.essential()));
        }
    },
    JPEG {
        @Override
        RgbImage decode(byte[] bytes, ImageDecoder.SizeCheck check) throws IOException {
            JpegFile file = JpegFile.parse(bytes);
            check.accept(file.width(), file.height());
            file.requireComplete();
            return JpegColors.rgb(JdkReader.readRaster("jpeg", bytes), file.colors());
        }
    },
    GIF {
        @Override
        RgbImage decode(byte[] bytes, ImageDecoder.SizeCheck check) throws IOException {
            GifFile file = GifFile.parse(bytes);
            check.accept(file.canvasWidth(), file.canvasHeight());
            check.accept(file.width(), file.height());
            return file.decode();
        }
    },
    BMP {
        @Override
        RgbImage decode(byte[] bytes, ImageDecoder.SizeCheck check) throws IOException {
            BmpFile file = BmpFile.parse(bytes);
            check.accept(file.width(), file.height());
            file.requireComplete(bytes.length);
            return Rasters.rgb(JdkReader.read("bmp", bytes));
        }
    };

    private static final byte[] PNG_MAGIC = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};
    private static final byte[] JPEG_MAGIC = {(byte) 0xff, (byte) 0xd8, (byte) 0xff};

    /** Decodes after telling {@code check} the declared size. */
    abstract RgbImage decode(byte[] bytes, ImageDecoder.SizeCheck check) throws IOException;

    static @Nullable ImageFormat of(byte[] bytes) {
        if (starts(bytes, 0, PNG_MAGIC)) {
            return PNG;
        }
        if (starts(bytes, 0, JPEG_MAGIC)) {
            return JPEG;
        }
        if (starts(bytes, 0, "GIF87a") || starts(bytes, 0, "GIF89a")) {
            return GIF;
        }
        return starts(bytes, 0, "BM") ? BMP : null;
    }

    /** Says what bytes of no supported format are. */
    static String describe(byte[] bytes) {
        if (bytes.length == 0) {
            return "it is empty";
        }
        String start = new String(bytes, 0, Math.min(bytes.length, 16), StandardCharsets.ISO_8859_1);
        String kind = "no image that is known";
        if (starts(bytes, 0, "RIFF") && starts(bytes, 8, "WEBP")) {
            kind = "a WebP image";
        } else if (tiff(bytes)) {
            kind = "a TIFF image";
        } else if (starts(bytes, 4, "ftyp")) {
            kind = "an AVIF, HEIC or MP4 file";
        } else if (starts(bytes, 0, "version https://git-lfs")) {
            kind = "a Git LFS pointer, not the file itself";
        } else if (start.stripLeading().startsWith("<")) {
            kind = "XML, SVG or HTML text";
        }
        boolean text = start.chars().allMatch(c -> (c >= 0x20 && c < 0x7f) || c == '\n' || c == '\r' || c == '\t');
        String shown = text
                ? "\"" + start.replaceAll("\\s", " ") + "\""
                : HexFormat.ofDelimiter(" ").formatHex(bytes, 0, Math.min(bytes.length, 16));
        return "it is " + kind + " (" + bytes.length + " bytes, starting with " + shown + ")";
    }

    /** What to add to the class path for bytes of a format that is known but not read here; empty where nothing helps. */
    static String plugin(byte[] bytes) {
        if (starts(bytes, 0, "RIFF") && starts(bytes, 8, "WEBP")) {
            return "com.twelvemonkeys.imageio:imageio-webp";
        }
        return tiff(bytes) ? "com.twelvemonkeys.imageio:imageio-tiff" : "";
    }

    private static boolean tiff(byte[] bytes) {
        return starts(bytes, 0, "II*\0") || starts(bytes, 0, "MM\0*");
    }

    private static boolean starts(byte[] bytes, int at, String ascii) {
        return starts(bytes, at, ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static boolean starts(byte[] bytes, int at, byte[] magic) {
        return bytes.length >= at + magic.length && Arrays.equals(bytes, at, at + magic.length, magic, 0, magic.length);
    }
}
