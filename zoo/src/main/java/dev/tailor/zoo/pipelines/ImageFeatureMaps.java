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
import dev.tailor.task.FeatureMap;
import dev.tailor.task.FeatureMapper;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.RgbImage;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** {@link Task#IMAGE_FEATURE_MAPS}: a network's intermediate states. */
public final class ImageFeatureMaps implements TaskFactory<Image, FeatureMapper> {

    @Override
    public Task<FeatureMapper> task() {
        return Task.IMAGE_FEATURE_MAPS;
    }

    @Override
    public Head head() {
        return Head.BASE;
    }

    @Override
    public boolean readsHiddenStates() {
        return true;
    }

    @Override
    public Preprocessor<Image> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return ImagePreprocessor.open(snapshot);
    }

    @Override
    public FeatureMapper create(PretrainedModel model) {
        // A program keeps its outputs in the order in which they were traced.
        List<String> states = model.program().main().outputs().keySet().stream()
                .filter(name -> name.startsWith(TracedModel.HIDDEN_STATES + "."))
                .toList();
        return new Mapper(ImageRunner.of(model, states.toArray(String[]::new)), states);
    }

    private record Mapper(ImageRunner runner, List<String> states) implements FeatureMapper {
        @Override
        public List<FeatureMap> predict(Image image) {
            return maps(ImageDecoder.of(image));
        }

        @Override
        public List<FeatureMap> maps(Path file) {
            return maps(ImageDecoder.standard().decode(file));
        }

        @Override
        public List<FeatureMap> maps(InputStream file) {
            return maps(ImageDecoder.standard().decode(file));
        }

        @Override
        public List<FeatureMap> maps(BufferedImage image) {
            return maps(ImageDecoder.of(image));
        }

        private List<FeatureMap> maps(RgbImage image) {
            return runner.run(image, this::read);
        }

        @Override
        public List<List<FeatureMap>> predict(List<Image> images) {
            return runner.run(images, this::read);
        }

        private List<FeatureMap> read(ImageRunner.Answer answer) {
            return states.stream()
                    .map(answer::output)
                    .map(state ->
                            new FeatureMap(Arrays.stream(state.shape()).boxed().toList(), state.values()))
                    .toList();
        }

        @Override
        public PretrainedModel model() {
            return runner.model();
        }
    }
}
