package dev.tailor.transfer.data;

import ai.djl.modality.cv.Image;
import java.awt.image.BufferedImage;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** Tells inputs apart by what they hold. */
final class ContentDigest {
    private ContentDigest() {}

    /** The SHA-256 of an image's size and pixels, or of anything else's text. */
    static String of(Object input) {
        MessageDigest digest = sha256();
        if (input instanceof Image image && image.getWrappedImage() instanceof BufferedImage pixels) {
            addPixels(digest, pixels);
        } else if (input instanceof BufferedImage pixels) {
            addPixels(digest, pixels);
        } else {
            digest.update(input.toString().getBytes(StandardCharsets.UTF_8));
        }
        return Base64.getEncoder().encodeToString(digest.digest());
    }

    private static void addPixels(MessageDigest digest, BufferedImage image) {
        int[] row = new int[image.getWidth()];
        ByteBuffer bytes = ByteBuffer.allocate(Integer.BYTES * Math.max(2, row.length));
        digest.update(bytes.putInt(image.getWidth()).putInt(image.getHeight()).flip());
        for (int y = 0; y < image.getHeight(); y++) {
            image.getRGB(0, y, row.length, 1, row, 0, row.length);
            bytes.clear();
            bytes.asIntBuffer().put(row);
            digest.update(bytes.limit(Integer.BYTES * row.length));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
