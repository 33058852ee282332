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
import java.awt.image.BufferedImage;
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
        return new Embedder(new ImageRunner(model, ImagePreprocessor.open(model.snapshot()), TracedModel.FEATURES));
    }

    private record Embedder(ImageRunner runner) implements ImageEmbedder {
        @Override
        public Embedding predict(Image image) {
            return new Embedding(runner.run(ImageDecoder.of(image)), false);
        }

        @Override
        public Embedding embed(Path file) {
            return new Embedding(runner.run(ImageDecoder.standard().decode(file)), false);
        }

        @Override
        public Embedding embed(BufferedImage image) {
            return new Embedding(runner.run(ImageDecoder.of(image)), false);
        }

        @Override
        public List<Embedding> predict(List<Image> images) {
            return runner.run(images).stream().map(v -> new Embedding(v, false)).toList();
        }

        @Override
        public PretrainedModel model() {
            return runner.model();
        }
    }
}
