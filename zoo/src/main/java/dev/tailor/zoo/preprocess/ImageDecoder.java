package dev.tailor.zoo.preprocess;

import ai.djl.modality.cv.Image;
import dev.tailor.task.PixelLabels;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;

/**
 * Decodes PNG, JPEG, GIF (first frame) and BMP to 8-bit RGB, as Pillow's {@code Image.open(file).convert("RGB")} does. Other
 * formats, such as WebP and TIFF, are read by whatever readers for {@code ImageIO} the application has on its class path, such as
 * TwelveMonkeys' {@code imageio-webp}.
 *
 * <p>That means the stored values: transparency is dropped, colour profiles and gamma are not applied, nor is the EXIF
 * orientation. The declared size is checked before a pixel is decoded. Immutable and safe for many threads at once.
 */
public final class ImageDecoder {
    /** The system property for the most pixels that an image's header may declare. */
    public static final String MAX_PIXELS = "tailor.image.maxPixels";

    /** The system property for the most bytes of an image file. */
    public static final String MAX_BYTES = "tailor.image.maxBytes";

    private static final long DEFAULT_MAX_PIXELS = 100_000_000;
    private static final int DEFAULT_MAX_BYTES = 256 << 20;
    /** The longest array of a common JVM, three bytes a pixel. */
    private static final long MOST_PIXELS = (Integer.MAX_VALUE - 8) / 3;

    private static final int MOST_BYTES = Integer.MAX_VALUE - 8;

    private final long maxPixels;
    private final int maxBytes;

    private ImageDecoder(long maxPixels, int maxBytes) {
        this.maxPixels = maxPixels;
        this.maxBytes = maxBytes;
    }

    /**
     * A decoder of images of up to 100 million pixels, from files of up to 256 MiB: the one of all pipelines. The system
     * properties {@value #MAX_PIXELS} and {@value #MAX_BYTES}, read at each call, set other limits.
     *
     * @throws IllegalArgumentException if such a property is no number or out of the bounds of {@link #maxPixels} and {@link
     *     #maxBytes}
     */
    public static ImageDecoder standard() {
        return new ImageDecoder(DEFAULT_MAX_PIXELS, DEFAULT_MAX_BYTES)
                .maxPixels(setting(MAX_PIXELS, DEFAULT_MAX_PIXELS))
                .maxBytes((int) Math.max(Math.min(setting(MAX_BYTES, DEFAULT_MAX_BYTES), MOST_BYTES), 0));
    }

    private static long setting(String property, long absent) {
        String value = System.getProperty(property);
        try {
            return value == null ? absent : Long.parseLong(value.strip());
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(
                    "The system property " + property + " must be a whole number, found \"" + value + "\".", e);
        }
    }

    /**
     * Returns a decoder that refuses images whose header declares more than {@code n} pixels.
     *
     * @throws IllegalArgumentException if {@code n} is below 1 or above what one array can hold (715,827,879)
     */
    public ImageDecoder maxPixels(long n) {
        if (n < 1 || n > MOST_PIXELS) {
            throw new IllegalArgumentException("maxPixels must be from 1 to " + MOST_PIXELS + ", got " + n + ".");
        }
        return new ImageDecoder(n, maxBytes);
    }

    /**
     * Returns a decoder that refuses files and streams longer than {@code n} bytes.
     *
     * @throws IllegalArgumentException if {@code n} is below 1
     */
    public ImageDecoder maxBytes(int n) {
        if (n < 1) {
            throw new IllegalArgumentException("maxBytes must be at least 1, got " + n + ".");
        }
        return new ImageDecoder(maxPixels, n);
    }

    /**
     * Decodes a file.
     *
     * @throws ImageException if it cannot be read, is no supported image, is damaged, or exceeds the limits
     */
    public RgbImage decode(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return decode(in, file.toString());
        } catch (IOException e) {
            throw new ImageException("Cannot read the image " + file + ": " + e, e);
        }
    }

    /**
     * Decodes a stream to its end, without closing it.
     *
     * @throws ImageException if it cannot be read, is no supported image, is damaged, or exceeds the limits
     */
    public RgbImage decode(InputStream in) {
        return decode(in, "the image from a stream");
    }

    /**
     * Decodes a stream to its end, without closing it.
     *
     * @param name stands for the image in messages
     * @throws ImageException if it cannot be read, is no supported image, is damaged, or exceeds the limits
     */
    public RgbImage decode(InputStream in, String name) {
        byte[] bytes;
        try {
            bytes = in.readNBytes(maxBytes);
            if (bytes.length == maxBytes && in.read() >= 0) {
                throw new ImageException("The image " + name + " is longer than the limit of " + maxBytes
                        + " bytes; raise it with ImageDecoder.maxBytes or -D" + MAX_BYTES
                        + " if the image is trusted.");
            }
        } catch (IOException e) {
            throw new ImageException("Cannot read the image " + name + ": " + e, e);
        }
        return decode(bytes, name);
    }

    /**
     * Decodes the bytes of an image file.
     *
     * @param name stands for the image in messages
     * @throws ImageException if it is no supported image, is damaged, or exceeds the limits
     */
    public RgbImage decode(byte[] bytes, String name) {
        Objects.requireNonNull(name, "name");
        if (bytes.length > maxBytes) {
            throw new ImageException("The image " + name + " has " + bytes.length + " bytes, the limit is " + maxBytes
                    + "; raise it with ImageDecoder.maxBytes or -D" + MAX_BYTES + " if the image is trusted.");
        }
        ImageFormat format = ImageFormat.of(bytes);
        SizeCheck check = (width, height) -> check(width, height, name);
        try {
            RgbImage image = format == null ? PluginReader.read(bytes, check) : format.decode(bytes, check);
            if (image != null) {
                return image;
            }
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // The JDK's readers answer hostile input with all kinds of runtime exceptions.
            String reason = e instanceof IOException && e.getMessage() != null ? e.getMessage() : e.toString();
            throw new ImageException(
                    "Cannot decode " + name + ": the " + (format == null ? "" : format + " ") + "file of "
                            + bytes.length + " bytes is damaged or unusual: " + reason + ". Get or save it again.",
                    e);
        }
        String plugin = ImageFormat.plugin(bytes);
        throw new ImageException("Cannot decode " + name + ": " + ImageFormat.describe(bytes)
                + ". Supported are PNG, JPEG, GIF and BMP, and whatever readers for ImageIO on the class path add; "
                + (plugin.isEmpty() ? "" : "add " + plugin + " to the application, ")
                + "convert it, or decode it elsewhere and pass a BufferedImage.");
    }

    /**
     * Reads the numbers in a PNG file: indices into its palette, or shades of grey as stored, up to 16 bits.
     *
     * @throws ImageException if it cannot be read, is no PNG file of one channel, is damaged, or exceeds the limits
     */
    public PixelLabels decodeLabels(Path file) {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(maxBytes);
            if (ImageFormat.of(bytes) != ImageFormat.PNG) {
                throw new ImageException(
                        "Cannot read labels of pixels from " + file + ": " + ImageFormat.describe(bytes)
                                + ", but other formats than PNG may change the numbers. Save it as PNG.");
            }
            PngFile png = PngFile.parse(bytes);
            check(png.width(), png.height(), file.toString());
            png.requirePlausibleData();
            Raster raster = JdkReader.read("png", png.essential()).getRaster();
            if (raster.getNumBands() != 1) {
                throw new ImageException(
                        "Cannot read labels of pixels from " + file + ": it has " + raster.getNumBands()
                                + " channels, while a map of numbers has one. Say which colour means which label"
                                + " instead.");
            }
            int width = raster.getWidth();
            int[] ids = new int[Math.multiplyExact(width, raster.getHeight())];
            raster.getSamples(raster.getMinX(), raster.getMinY(), width, raster.getHeight(), 0, ids);
            return new PixelLabels(width, raster.getHeight(), ids);
        } catch (ImageException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new ImageException("Cannot read labels of pixels from " + file + ": " + e, e);
        }
    }

    /** Converts a picture that is decoded already; its stored values count, as for a file. */
    public static RgbImage of(BufferedImage image) {
        return Rasters.rgb(image);
    }

    /**
     * Converts an image of DJL, whichever library it wraps.
     *
     * @throws ImageException if its library cannot hand it out
     */
    public static RgbImage of(Image image) {
        if (image.getWrappedImage() instanceof BufferedImage wrapped) {
            return of(wrapped);
        }
        var out = new ByteArrayOutputStream();
        try {
            image.save(out, "png");
        } catch (IOException e) {
            throw new ImageException(
                    "Cannot take the pixels out of a " + image.getClass().getName() + ": " + e, e);
        }
        return standard()
                .maxPixels(MOST_PIXELS)
                .maxBytes(MOST_BYTES)
                .decode(out.toByteArray(), image.getClass().getName());
    }

    private void check(long width, long height, String name) {
        if (width < 1 || height < 1) {
            throw new ImageException("Cannot decode " + name + ": its header declares " + width + " x " + height
                    + " pixels, an image without content.");
        }
        if (width * height > maxPixels) {
            throw new ImageException("Cannot decode " + name + ": its header declares " + width + " x " + height
                    + " pixels, the limit is " + maxPixels
                    + "; raise it with ImageDecoder.maxPixels or -D" + MAX_PIXELS + " if the image is trusted.");
        }
    }

    /** Told the declared size before pixels are decoded; throws where it is not acceptable. */
    interface SizeCheck {
        void accept(long width, long height);
    }
}
