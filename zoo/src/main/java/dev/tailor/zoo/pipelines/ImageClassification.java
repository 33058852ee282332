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
import dev.tailor.task.Classification;
import dev.tailor.task.ImageClassifier;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.RgbImage;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** {@link Task#IMAGE_CLASSIFICATION}. */
public final class ImageClassification implements TaskFactory<Image, ImageClassifier> {

    @Override
    public Task<ImageClassifier> task() {
        return Task.IMAGE_CLASSIFICATION;
    }

    @Override
    public Head head() {
        return Head.IMAGE_CLASSIFICATION;
    }

    @Override
    public Preprocessor<Image> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return ImagePreprocessor.open(snapshot);
    }

    @Override
    public ImageClassifier create(PretrainedModel model) {
        return new Classifier(ImageRunner.of(model, "logits"), Scores.of(model.config()));
    }

    private record Classifier(ImageRunner runner, Scores scores) implements ImageClassifier {
        @Override
        public Classification predict(Image image) {
            return classify(ImageDecoder.of(image));
        }

        @Override
        public Classification classify(Path file) {
            return classify(ImageDecoder.standard().decode(file));
        }

        @Override
        public Classification classify(InputStream file) {
            return classify(ImageDecoder.standard().decode(file));
        }

        @Override
        public Classification classify(BufferedImage image) {
            return classify(ImageDecoder.of(image));
        }

        private Classification classify(RgbImage image) {
            return runner.run(image, this::read);
        }

        @Override
        public List<Classification> predict(List<Image> images) {
            return runner.run(images, this::read);
        }

        private Classification read(ImageRunner.Answer answer) {
            return scores.classification(answer.values("logits"), 0, false);
        }

        @Override
        public List<String> labels() {
            return scores.labels();
        }

        @Override
        public PretrainedModel model() {
            return runner.model();
        }
    }
}
