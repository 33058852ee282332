package dev.tailor.transfer.testing;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Small pictures that are easy to tell apart. */
public final class Drawings {
    private Drawings() {}

    /** Squares of 40 pixels, red or blue with a spot. */
    public static Dataset<Image, String> colors(int perClass, long seed) {
        Random random = new Random(seed);
        List<Example<Image, String>> examples = new ArrayList<>();
        for (int i = 0; i < 2 * perClass; i++) {
            BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
            Graphics2D graphics = image.createGraphics();
            graphics.setColor(Color.getHSBColor(i % 2 == 0 ? 0 : 0.6f, 0.8f, 0.5f + 0.4f * random.nextFloat()));
            graphics.fillRect(0, 0, 40, 40);
            graphics.setColor(Color.WHITE);
            graphics.fillOval(random.nextInt(20), random.nextInt(20), 12, 12);
            graphics.dispose();
            examples.add(Example.of(new BufferedImageFactory().fromImage(image), i % 2 == 0 ? "red" : "blue"));
        }
        return Dataset.of(examples);
    }
}
