package dev.tailor.task;

import ai.djl.modality.cv.Image;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import javax.imageio.ImageIO;

/**
 * Draws what was found into a copy of a picture. The picture must be the one that was asked about, as it is stored: an EXIF
 * orientation is not applied, neither here nor there. Labels need a font; a Java runtime without any cannot draw them.
 */
public final class Drawing {
    private static final double OPACITY = 0.5;
    /** A smaller part of the picture has no room for its label. */
    private static final double SMALLEST_NAMED = 0.01;

    private Drawing() {}

    /** The picture with a box, a label and a score for each object, the best on top. */
    public static BufferedImage boxes(BufferedImage image, Detections result) {
        BufferedImage copy = copy(image, result.width(), result.height());
        Graphics2D graphics = graphics(copy);
        List<Detection> objects = result.objects();
        for (int i = objects.size() - 1; i >= 0; i--) {
            box(graphics, copy, objects.get(i));
        }
        graphics.dispose();
        return copy;
    }

    /** As {@link #boxes(BufferedImage, Detections)}. */
    public static BufferedImage boxes(Image image, Detections result) {
        return boxes(buffered(image), result);
    }

    /** The picture under the colours of its pixels' labels, half seen through, with the names of the larger areas. */
    public static BufferedImage mask(BufferedImage image, Segmentation result) {
        BufferedImage copy = copy(image, result.width(), result.height());
        int[] ids = result.mask();
        int[] row = new int[result.width()];
        for (int y = 0; y < result.height(); y++) {
            copy.getRGB(0, y, row.length, 1, row, 0, row.length);
            for (int x = 0; x < row.length; x++) {
                row[x] = blend(
                        row[x], Segmentation.color(ids[y * row.length + x]).getRGB());
            }
            copy.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        Graphics2D graphics = graphics(copy);
        names(graphics, copy, result);
        graphics.dispose();
        return copy;
    }

    /** As {@link #mask(BufferedImage, Segmentation)}. */
    public static BufferedImage mask(Image image, Segmentation result) {
        return mask(buffered(image), result);
    }

    /**
     * Writes a picture as PNG, over what was there.
     *
     * @throws UncheckedIOException if it cannot be written
     */
    public static void png(BufferedImage image, Path file) {
        try (OutputStream out = Files.newOutputStream(file)) {
            if (!ImageIO.write(image, "png", out)) {
                throw new IOException("this Java runtime writes no PNG");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file + ": " + e, e);
        }
    }

    private static void box(Graphics2D graphics, BufferedImage image, Detection object) {
        Color color = Segmentation.color(object.id());
        Box box = object.box().within(image.getWidth(), image.getHeight());
        float stroke = Math.max(1.5f, Math.min(image.getWidth(), image.getHeight()) / 200f);
        Rectangle2D frame = new Rectangle2D.Double(box.left(), box.top(), box.width(), box.height());
        graphics.setStroke(new BasicStroke(2 * stroke));
        graphics.setColor(contrast(color));
        graphics.draw(frame);
        graphics.setStroke(new BasicStroke(stroke));
        graphics.setColor(color);
        graphics.draw(frame);
        String text = String.format(Locale.ROOT, "%s %.2f", object.label(), object.score());
        tag(
                graphics,
                image,
                text,
                color,
                box.left(),
                box.top() - graphics.getFontMetrics().getHeight());
    }

    /** Each label at the pixel of its own that is nearest to the middle of its area. */
    private static void names(Graphics2D graphics, BufferedImage image, Segmentation result) {
        long[] counts = result.counts();
        double[] sumX = new double[counts.length];
        double[] sumY = new double[counts.length];
        int width = result.width();
        int[] ids = result.mask();
        for (int i = 0; i < ids.length; i++) {
            sumX[ids[i]] += i % width;
            sumY[ids[i]] += Math.floorDiv(i, width);
        }
        int[] nearest = new int[counts.length];
        double[] distance = new double[counts.length];
        Arrays.fill(distance, Double.POSITIVE_INFINITY);
        for (int i = 0; i < ids.length; i++) {
            int id = ids[i];
            double d =
                    square(i % width - sumX[id] / counts[id]) + square(Math.floorDiv(i, width) - sumY[id] / counts[id]);
            if (d < distance[id]) {
                distance[id] = d;
                nearest[id] = i;
            }
        }
        FontMetrics metrics = graphics.getFontMetrics();
        for (int id = 0; id < counts.length; id++) {
            if (counts[id] >= SMALLEST_NAMED * ids.length) {
                String text = result.labels().get(id);
                double x = nearest[id] % width - metrics.stringWidth(text) / 2.0;
                double y = Math.floorDiv(nearest[id], width) - metrics.getHeight() / 2.0;
                tag(graphics, image, text, Segmentation.color(id), x, y);
            }
        }
    }

    /** Text on its colour, moved into the picture where it would stick out. */
    private static void tag(
            Graphics2D graphics, BufferedImage image, String text, Color color, double left, double top) {
        FontMetrics metrics = graphics.getFontMetrics();
        int width = metrics.stringWidth(text) + 4;
        int height = metrics.getHeight();
        int x = (int) Math.max(Math.min(left, image.getWidth() - width), 0);
        int y = (int) Math.max(Math.min(top, image.getHeight() - height), 0);
        graphics.setColor(color);
        graphics.fillRect(x, y, width, height);
        graphics.setColor(contrast(color));
        graphics.drawString(text, x + 2, y + metrics.getAscent());
    }

    private static double square(double value) {
        return value * value;
    }

    private static Color contrast(Color color) {
        double brightness = 0.299 * color.getRed() + 0.587 * color.getGreen() + 0.114 * color.getBlue();
        return brightness > 140 ? Color.BLACK : Color.WHITE;
    }

    private static int blend(int below, int above) {
        int result = 0xff;
        for (int shift = 16; shift >= 0; shift -= 8) {
            double value = (1 - OPACITY) * (below >> shift & 0xff) + OPACITY * (above >> shift & 0xff);
            result = result << 8 | (int) Math.round(value);
        }
        return result;
    }

    private static Graphics2D graphics(BufferedImage image) {
        Graphics2D graphics = image.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
        int size = Math.max(10, Math.min(image.getWidth(), image.getHeight()) / 28);
        graphics.setFont(new Font(Font.SANS_SERIF, Font.BOLD, size));
        return graphics;
    }

    private static BufferedImage copy(BufferedImage image, int width, int height) {
        if (image.getWidth() != width || image.getHeight() != height) {
            throw new IllegalArgumentException("the result is of a picture of " + width + " x " + height
                    + " pixels, this one has " + image.getWidth() + " x " + image.getHeight());
        }
        BufferedImage copy = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = copy.createGraphics();
        graphics.drawImage(image, 0, 0, null);
        graphics.dispose();
        return copy;
    }

    private static BufferedImage buffered(Image image) {
        if (image.getWrappedImage() instanceof BufferedImage wrapped) {
            return wrapped;
        }
        throw new IllegalArgumentException(
                "cannot draw into a " + image.getClass().getName()
                        + "; pass a BufferedImage or an image of ai.djl.modality.cv.BufferedImageFactory");
    }
}
