package dev.tailor.transfer;

import ai.djl.modality.cv.Image;
import dev.tailor.Task;
import dev.tailor.task.Segmentation;
import dev.tailor.task.SegmentationMap;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.SegmentationFolder;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;

/** Fits a segmentation and saves it with one answer, for segmentation_roundtrip.py. */
final class SegmentationFolders {
    private SegmentationFolders() {}

    /** Takes a model's folder, one with {@code images} and {@code masks} of two labels, and one to write to. */
    public static void main(String[] args) throws IOException {
        Path data = Path.of(args[1]);
        Path out = Path.of(args[2]);
        Dataset<Image, SegmentationMap> train =
                SegmentationFolder.of(data.resolve("images"), data.resolve("masks"), List.of("ground", "disc"));
        try (var tuned = FineTuning.of(Path.of(args[0]), Task.SEMANTIC_SEGMENTATION)
                .strategy(Strategy.fullFineTuning())
                .epochs(12)
                .batchSize(4)
                .learningRate(5e-3)
                .fit(train)) {
            tuned.save(out);
            Image image = train.get(0).input();
            ImageIO.write(
                    (BufferedImage) image.getWrappedImage(),
                    "png",
                    out.resolve("picture.png").toFile());
            Segmentation answer = tuned.predict(image);
            BufferedImage mask = new BufferedImage(answer.width(), answer.height(), BufferedImage.TYPE_BYTE_GRAY);
            mask.getRaster().setSamples(0, 0, answer.width(), answer.height(), 0, answer.mask());
            ImageIO.write(mask, "png", out.resolve("answer.png").toFile());
            System.out.println(tuned.evaluate(train));
        }
    }
}
