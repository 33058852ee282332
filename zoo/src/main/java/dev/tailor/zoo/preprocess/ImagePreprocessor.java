package dev.tailor.zoo.preprocess;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import dev.tailor.Preprocessor;
import dev.tailor.Registry;
import dev.tailor.TailorException;
import dev.tailor.hub.Snapshot;
import dev.tailor.program.ModelConfig;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Pictures to {@code pixel_values}, as {@code preprocessor_config.json} says. */
public final class ImagePreprocessor implements Preprocessor<Image> {
    private static final String FILE = "preprocessor_config.json";

    private final ImageProcessor processor;
    private final List<String> files;

    private ImagePreprocessor(ImageProcessor processor, List<String> files) {
        this.processor = processor;
        this.files = files;
    }

    /**
     * Reads the repository's image processor, or what {@code config.json} says in the ways of timm, torchvision and Keras.
     *
     * @throws TailorException if there is none or it is not supported
     */
    public static ImagePreprocessor open(Snapshot snapshot) {
        Optional<Path> config = snapshot.file(FILE).isPresent() ? Optional.empty() : snapshot.file("config.json");
        Optional<ModelConfig> named =
                config.map(ModelConfig::read).map(ImagePreprocessor::complete).filter(NamedTransforms::in);
        return named.isPresent()
                ? new ImagePreprocessor(ImageProcessor.of(NamedTransforms.read(named.get())), List.of())
                : new ImagePreprocessor(ImageProcessor.from(snapshot.require(FILE)), List.of(FILE));
    }

    /** With what the network's name stands for. */
    private static ModelConfig complete(ModelConfig config) {
        return config.modelType().contains("/") ? Registry.architecture(config).complete(config) : config;
    }

    @Override
    public Map<String, NDArray> batch(List<Image> inputs, NDManager manager) {
        return pixels(inputs.stream().map(ImageDecoder::of).toList(), manager);
    }

    /** What is done with each picture. */
    public ImageProcessor processor() {
        return processor;
    }

    /** What the network takes for one picture. */
    public PixelValues apply(RgbImage image) {
        return processor.apply(image);
    }

    /** A batch of decoded pictures, {@code [batch, channels, height, width]}. */
    public Map<String, NDArray> pixels(List<RgbImage> images, NDManager manager) {
        PixelValues first = processor.apply(images.get(0));
        List<PixelValues> all = new ArrayList<>(List.of(first));
        for (RgbImage image : images.subList(1, images.size())) {
            PixelValues next = processor.apply(image);
            if (next.height() != first.height() || next.width() != first.width()) {
                throw new TailorException("The image processor gives pictures of different sizes ("
                        + first.width() + " x " + first.height() + " and " + next.width() + " x " + next.height()
                        + "), which cannot form a batch. Pass them one at a time.");
            }
            all.add(next);
        }
        return batch(manager, all);
    }

    /** Pictures of one size as {@code pixel_values}, {@code [batch, channels, height, width]}. */
    public static Map<String, NDArray> batch(NDManager manager, List<PixelValues> images) {
        PixelValues first = images.get(0);
        long size = (long) images.size() * first.data().length;
        ByteBuffer buffer =
                ByteBuffer.allocateDirect(Math.toIntExact(size * Float.BYTES)).order(ByteOrder.nativeOrder());
        FloatBuffer floats = buffer.asFloatBuffer();
        images.forEach(image -> floats.put(image.data()));
        Shape shape = new Shape(images.size(), first.channels(), first.height(), first.width());
        return Map.of("pixel_values", manager.create(buffer, shape, DataType.FLOAT32));
    }

    @Override
    public List<String> files() {
        return files;
    }
}
