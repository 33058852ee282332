package dev.tailor.transfer.data;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.RgbImage;
import java.awt.image.BufferedImage;
import java.nio.file.Path;

/** The one place where image files become images. */
final class ImageFiles {
    private ImageFiles() {}

    static Image read(Path file) {
        RgbImage decoded = ImageDecoder.standard().decode(file);
        BufferedImage image = new BufferedImage(decoded.width(), decoded.height(), BufferedImage.TYPE_INT_RGB);
        int[] row = new int[decoded.width()];
        byte[] rgb = decoded.data();
        for (int y = 0; y < decoded.height(); y++) {
            for (int x = 0; x < row.length; x++) {
                int at = 3 * (y * row.length + x);
                row[x] = (rgb[at] & 0xFF) << 16 | (rgb[at + 1] & 0xFF) << 8 | (rgb[at + 2] & 0xFF);
            }
            image.setRGB(0, y, row.length, 1, row, 0, row.length);
        }
        // DJL's heap image by name: ImageFactory.getInstance() would pick OpenCV where that is on the class path.
        return new BufferedImageFactory().fromImage(image);
    }
}
