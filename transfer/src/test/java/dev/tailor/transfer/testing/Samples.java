package dev.tailor.transfer.testing;

import ai.djl.modality.cv.BufferedImageFactory;
import ai.djl.modality.cv.Image;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Tiny networks and data that they can learn in seconds. */
public final class Samples {
    /** A residual network for pictures. */
    public static final Path RESNET = Path.of("src/test/resources/golden/hf/resnet-basic");
    /** A text classifier. */
    public static final Path BERT = Path.of("src/test/resources/golden/text/text-classification");

    private Samples() {}

    /** 32 sentences, good and bad in turns of four. */
    public static Dataset<String, String> sentences() {
        List<String> good =
                List.of("funny and touching", "beautifully shot", "customers love them", "save time and data");
        List<String> bad =
                List.of("terrible and slow", "my card was declined", "the service was terrible", "slow and lazy");
        List<Example<String, String>> examples = new ArrayList<>();
        for (String start : List.of("the film was ", "she said ", "it is ", "yesterday: ")) {
            good.forEach(g -> examples.add(new Example<>(start + g, "good", "row " + examples.size())));
            bad.forEach(b -> examples.add(new Example<>(start + b, "bad", "row " + examples.size())));
        }
        return Dataset.of(examples);
    }

    /** Discs and squares in random places and colours. */
    public static Dataset<Image, String> shapes(int perClass, long seed) {
        Random random = new Random(seed);
        List<Example<Image, String>> examples = new ArrayList<>();
        for (int i = 0; i < perClass; i++) {
            examples.add(new Example<>(shape(true, random), "disc", "disc/" + i));
            examples.add(new Example<>(shape(false, random), "square", "square/" + i));
        }
        return Dataset.of(examples);
    }

    private static Image shape(boolean round, Random random) {
        BufferedImage image = new BufferedImage(48, 48, BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        graphics.setColor(Color.getHSBColor(random.nextFloat(), 0.5f, 1));
        int x = random.nextInt(20);
        int y = random.nextInt(20);
        if (round) {
            graphics.fillOval(x, y, 24, 24);
        } else {
            graphics.fillRect(x, y, 24, 24);
        }
        graphics.dispose();
        return new BufferedImageFactory().fromImage(image);
    }
}
