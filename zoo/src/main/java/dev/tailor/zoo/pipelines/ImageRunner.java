package dev.tailor.zoo.pipelines;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.PretrainedModel;
import dev.tailor.serving.MicroBatcher;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.PixelValues;
import dev.tailor.zoo.preprocess.RgbImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;

/**
 * Pictures in, what is read from the network's outputs out. Pictures of one size, once prepared, share a call, so that none is
 * padded and a picture's answer does not depend on the others; single calls may share one, too.
 */
final class ImageRunner {
    /** Pictures on the heap at once. */
    private static final int DECODED = 16;
    /** Pixels that the network sees in one call, unless a single picture has more. */
    private static final long PIXELS = 4L << 20;

    private final PretrainedModel model;
    private final Function<RgbImage, PixelValues> preparation;
    private final List<String> outputs;
    private final Optional<MicroBatcher<PixelValues, Map<String, Output>>> batcher;

    /**
     * Runs a model.
     *
     * @param preparation makes a network's input of a picture
     * @param outputs the outputs to read
     */
    ImageRunner(PretrainedModel model, Function<RgbImage, PixelValues> preparation, List<String> outputs) {
        this.model = model;
        this.preparation = preparation;
        this.outputs = List.copyOf(outputs);
        this.batcher = model.serving().batcher(p -> 31 * p.height() + p.width(), this::forward);
    }

    static ImageRunner of(PretrainedModel model, String... outputs) {
        ImagePreprocessor preprocessor = ImagePreprocessor.open(model.snapshot());
        return new ImageRunner(model, preprocessor::apply, List.of(outputs));
    }

    PretrainedModel model() {
        return model;
    }

    /**
     * What a network said about one picture.
     *
     * @param width the picture's own columns
     * @param height the picture's own rows
     * @param pixels what the network saw
     * @param outputs by name
     */
    record Answer(int width, int height, PixelValues pixels, Map<String, Output> outputs) {
        Output output(String name) {
            return Objects.requireNonNull(outputs.get(name), name);
        }

        float[] values(String name) {
            return output(name).values();
        }
    }

    /** One picture's part of an output, its shape without the batch axis. */
    @SuppressWarnings("ArrayRecordComponent")
    record Output(float[] values, long[] shape) {}

    <R> R run(RgbImage image, Function<Answer, R> read) {
        int queued = batcher.map(MicroBatcher::queued).orElse(0);
        return model.serving().call(1, 0, queued, () -> {
            // Each caller prepares its own picture, so that this part runs on many threads.
            PixelValues pixels = preparation.apply(image);
            Map<String, Output> found = batcher.isPresent()
                    ? batcher.get().call(pixels)
                    : forward(List.of(pixels)).get(0);
            return read.apply(new Answer(image.width(), image.height(), pixels, found));
        });
    }

    <R> List<R> run(List<Image> images, Function<Answer, R> read) {
        // Decoding happens batch by batch: a long list of large pictures never lies on the heap at once.
        return model.serving()
                .call(
                        images.size(),
                        0,
                        0,
                        () -> Batches.run(
                                images,
                                DECODED,
                                i -> 0,
                                batch -> runAll(
                                        batch.stream().map(ImageDecoder::of).toList(), read)));
    }

    private <R> List<R> runAll(List<RgbImage> images, Function<Answer, R> read) {
        List<PixelValues> prepared = images.stream().map(preparation).toList();
        Map<List<Integer>, List<Integer>> bySize = new LinkedHashMap<>();
        for (int i = 0; i < prepared.size(); i++) {
            List<Integer> size =
                    List.of(prepared.get(i).height(), prepared.get(i).width());
            bySize.computeIfAbsent(size, s -> new ArrayList<>()).add(i);
        }
        List<R> results = new ArrayList<>(Collections.nCopies(images.size(), null));
        bySize.forEach((size, members) -> {
            int most = (int) Math.max(PIXELS / ((long) size.get(0) * size.get(1)), 1);
            for (int from = 0; from < members.size(); from += most) {
                call(members.subList(from, Math.min(from + most, members.size())), images, prepared, read, results);
            }
        });
        return results;
    }

    private <R> void call(
            List<Integer> members,
            List<RgbImage> images,
            List<PixelValues> prepared,
            Function<Answer, R> read,
            List<R> results) {
        List<Map<String, Output>> outputs =
                forward(members.stream().map(prepared::get).toList());
        for (int i = 0; i < members.size(); i++) {
            int at = members.get(i);
            RgbImage image = images.get(at);
            results.set(at, read.apply(new Answer(image.width(), image.height(), prepared.get(at), outputs.get(i))));
        }
    }

    private List<Map<String, Output>> forward(List<PixelValues> pictures) {
        return model.serving().batch(pictures.size(), 0, () -> {
            try (NDManager manager = model.newManager()) {
                Map<String, NDArray> results = model.forward(ImagePreprocessor.batch(manager, pictures));
                List<Map<String, Output>> parts = new ArrayList<>();
                pictures.forEach(p -> parts.add(new LinkedHashMap<>()));
                for (String name : outputs) {
                    NDArray array = Objects.requireNonNull(results.get(name), name);
                    float[] values = array.toFloatArray();
                    long[] shape = array.getShape().slice(1).getShape();
                    int width = values.length / pictures.size();
                    for (int i = 0; i < pictures.size(); i++) {
                        float[] part = Arrays.copyOfRange(values, i * width, (i + 1) * width);
                        parts.get(i).put(name, new Output(part, shape));
                    }
                }
                return parts;
            }
        });
    }
}
