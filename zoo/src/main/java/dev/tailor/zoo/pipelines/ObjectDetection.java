package dev.tailor.zoo.pipelines;

import ai.djl.modality.cv.Image;
import dev.tailor.Preprocessor;
import dev.tailor.PretrainedModel;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.TaskFactory;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.Detections;
import dev.tailor.task.ObjectDetector;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.RgbImage;
import java.awt.image.BufferedImage;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** {@link Task#OBJECT_DETECTION}. */
public final class ObjectDetection implements TaskFactory<Image, ObjectDetector> {
    private static final double THRESHOLD = 0.5;

    @Override
    public Task<ObjectDetector> task() {
        return Task.OBJECT_DETECTION;
    }

    @Override
    public Head head() {
        return Head.OBJECT_DETECTION;
    }

    @Override
    public Preprocessor<Image> preprocessor(Snapshot snapshot, ModelConfig config, Program program) {
        return ImagePreprocessor.open(snapshot);
    }

    @Override
    public ObjectDetector create(PretrainedModel model) {
        return new Detector(model, network(model), THRESHOLD);
    }

    /** A network tells by its outputs in which way it speaks of boxes. */
    private static BoxNetwork network(PretrainedModel model) {
        Set<String> outputs = model.program().main().outputs().keySet();
        if (outputs.contains("pred_boxes")) {
            return SetPrediction.of(model);
        }
        if (outputs.contains("proposals_0")) {
            return RegionBoxes.of(model);
        }
        if (outputs.contains("scores") && outputs.contains("boxes")) {
            return DenseBoxes.of(model);
        }
        throw new TailorException(model + " gives " + outputs + ", in which no boxes can be found");
    }

    /** Finds the objects in pictures whose score is above a threshold. */
    interface BoxNetwork {
        Detections detect(RgbImage image, double threshold);

        List<Detections> detect(List<Image> images, double threshold);

        List<String> labels();
    }

    private record Detector(PretrainedModel model, BoxNetwork network, double threshold) implements ObjectDetector {
        @Override
        public Detections predict(Image image) {
            return network.detect(ImageDecoder.of(image), threshold);
        }

        @Override
        public Detections detect(Path file) {
            return network.detect(ImageDecoder.standard().decode(file), threshold);
        }

        @Override
        public Detections detect(InputStream file) {
            return network.detect(ImageDecoder.standard().decode(file), threshold);
        }

        @Override
        public Detections detect(BufferedImage image) {
            return network.detect(ImageDecoder.of(image), threshold);
        }

        @Override
        public List<Detections> predict(List<Image> images) {
            return network.detect(images, threshold);
        }

        @Override
        public ObjectDetector threshold(double value) {
            if (!(value >= 0 && value <= 1)) {
                throw new IllegalArgumentException("a threshold must lie within 0 and 1, found " + value);
            }
            return new Detector(model, network, value);
        }

        @Override
        public List<String> labels() {
            return network.labels();
        }
    }
}
