package dev.tailor.zoo.pipelines;

import ai.djl.modality.cv.Image;
import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.ImageSegmenter;
import dev.tailor.task.Segmentation;
import dev.tailor.zoo.preprocess.BestLabels;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.RgbImage;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/**
 * {@link Task#SEMANTIC_SEGMENTATION}: the logits interpolated to the picture's own size, and the best label of each pixel, after
 * transformers' {@code post_process_semantic_segmentation}.
 */
public final class SemanticSegmentation implements TaskFactory<Image, ImageSegmenter> {

    @Override
    public Task<ImageSegmenter> task() {
        return Task.SEMANTIC_SEGMENTATION;
    }

    @Override
    public Head head() {
        return Head.SEMANTIC_SEGMENTATION;
    }

    @Override
    public Preprocessor<Image> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return ImagePreprocessor.open(snapshot);
    }

    @Override
    public ImageSegmenter create(PretrainedModel model) {
        return new Segmenter(ImageRunner.of(model, "logits"), model.config().labels());
    }

    private record Segmenter(ImageRunner runner, List<String> labels) implements ImageSegmenter {
        @Override
        public Segmentation predict(Image image) {
            return segment(ImageDecoder.of(image));
        }

        @Override
        public Segmentation segment(Path file) {
            return segment(ImageDecoder.standard().decode(file));
        }

        @Override
        public Segmentation segment(InputStream file) {
            return segment(ImageDecoder.standard().decode(file));
        }

        @Override
        public Segmentation segment(BufferedImage image) {
            return segment(ImageDecoder.of(image));
        }

        private Segmentation segment(RgbImage image) {
            return runner.run(image, this::read);
        }

        @Override
        public List<Segmentation> predict(List<Image> images) {
            return runner.run(images, this::read);
        }

        @Override
        public PretrainedModel model() {
            return runner.model();
        }

        private Segmentation read(ImageRunner.Answer answer) {
            ImageRunner.Output logits = answer.output("logits");
            int[] mask = BestLabels.of(
                    logits.values(),
                    0,
                    (int) logits.shape()[0],
                    (int) logits.shape()[1],
                    (int) logits.shape()[2],
                    answer.height(),
                    answer.width());
            return new Segmentation(answer.width(), answer.height(), mask, labels);
        }
    }
}
