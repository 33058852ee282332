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
import dev.tailor.program.TracedModel;
import dev.tailor.task.Embedding;
import dev.tailor.task.ImageEmbedder;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.RgbImage;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;

/** {@link Task#IMAGE_EMBEDDING}: what the network's classifier would read, pooled over the picture. */
public final class ImageEmbedding implements TaskFactory<Image, ImageEmbedder> {

    @Override
    public Task<ImageEmbedder> task() {
        return Task.IMAGE_EMBEDDING;
    }

    @Override
    public Head head() {
        return Head.BASE;
    }

    @Override
    public boolean readsFeatures() {
        return true;
    }

    @Override
    public Preprocessor<Image> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return ImagePreprocessor.open(snapshot);
    }

    @Override
    public ImageEmbedder create(PretrainedModel model) {
        return new Embedder(ImageRunner.of(model, TracedModel.FEATURES));
    }

    private record Embedder(ImageRunner runner) implements ImageEmbedder {
        @Override
        public Embedding predict(Image image) {
            return embed(ImageDecoder.of(image));
        }

        @Override
        public Embedding embed(Path file) {
            return embed(ImageDecoder.standard().decode(file));
        }

        @Override
        public Embedding embed(InputStream file) {
            return embed(ImageDecoder.standard().decode(file));
        }

        @Override
        public Embedding embed(BufferedImage image) {
            return embed(ImageDecoder.of(image));
        }

        private Embedding embed(RgbImage image) {
            return runner.run(image, Embedder::read);
        }

        @Override
        public List<Embedding> predict(List<Image> images) {
            return runner.run(images, Embedder::read);
        }

        private static Embedding read(ImageRunner.Answer answer) {
            return new Embedding(answer.values(TracedModel.FEATURES), false);
        }

        @Override
        public PretrainedModel model() {
            return runner.model();
        }
    }
}
