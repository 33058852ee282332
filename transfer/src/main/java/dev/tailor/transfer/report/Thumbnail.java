package dev.tailor.transfer.report;

import ai.djl.modality.cv.Image;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;

/** Small pictures within a page. */
final class Thumbnail {
    private static final int SIDE = 128;
    private static final int MOST_TEXT = 400;

    private Thumbnail() {}

    /** An example's input as HTML: a picture, or its text. */
    static String of(Object input) {
        if (input instanceof Image image) {
            return "<img alt=\"\" src=\"" + dataUri(image) + "\">";
        }
        return "<p class=\"text\">" + Html.escape(Html.shortened(String.valueOf(input), MOST_TEXT)) + "</p>";
    }

    private static String dataUri(Image image) {
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            if (image.getWrappedImage() instanceof BufferedImage picture) {
                ImageIO.write(small(picture), "jpg", bytes);
                return uri("image/jpeg", bytes);
            }
            image.save(bytes, "png");
            return uri("image/png", bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String uri(String type, ByteArrayOutputStream bytes) {
        return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static BufferedImage small(BufferedImage picture) {
        double factor = Math.min(1, (double) SIDE / Math.max(picture.getWidth(), picture.getHeight()));
        int width = Math.max(1, (int) Math.round(picture.getWidth() * factor));
        int height = Math.max(1, (int) Math.round(picture.getHeight() * factor));
        BufferedImage result = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = result.createGraphics();
        graphics.setRenderingHint(RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
        graphics.drawImage(picture, 0, 0, width, height, Color.WHITE, null);
        graphics.dispose();
        return result;
    }
}
