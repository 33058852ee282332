package dev.tailor.transfer.task;

import ai.djl.modality.cv.Image;
import dev.tailor.Pipeline;
import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
import dev.tailor.program.Losses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.task.PixelLabels;
import dev.tailor.task.Segmentation;
import dev.tailor.task.SegmentationEvaluation;
import dev.tailor.task.SegmentationMap;
import dev.tailor.transfer.augment.Augmentation;
import dev.tailor.transfer.augment.Labelled;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.train.Loop;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * A label for each pixel, by cross entropy at the size of the processed picture, after transformers' {@code
 * ...ForSemanticSegmentation}.
 *
 * @param ids the model's id of each of the data's
 * @param ignored an id of the data that does not count, beside {@link SegmentationMap#IGNORED}
 */
record SegmentationTuning(
        ModelConfig config,
        Labels known,
        List<Integer> ids,
        int ignored,
        String summary,
        List<Double> classWeights,
        LossOptions loss)
        implements Tuning<Image, SegmentationMap, Segmentation, SegmentationEvaluation> {
    /** Pictures have many pixels. */
    private static final int EVALUATION_BATCH = 8;

    static Tuning<Image, SegmentationMap, Segmentation, SegmentationEvaluation> prepare(
            Request<Image, SegmentationMap> request) {
        String model = request.model();
        Labels.requireExamples(model, request.train());
        List<String> names = request.train().target(0).labels();
        requireSame(model, names, request.train());
        requireSame(model, names, request.validation());
        if (names.size() < 2 || new HashSet<>(names).size() < names.size()) {
            throw new TailorException(
                    model + ": a segmentation needs at least two labels of different names, found " + names);
        }
        if (request.loss().balanced()) {
            throw new TailorException(model + ": balanced classes would need every mask to be read before the training;"
                    + " give weights instead: FineTuning.classWeights");
        }
        ModelConfig own = request.config();
        boolean keeps = own.head().filter(request.head()::equals).isPresent()
                && new HashSet<>(own.labels()).equals(new HashSet<>(names))
                && own.labels().size() == names.size();
        Labels labels = new Labels(keeps ? own.labels() : names, keeps);
        Map<String, Integer> counts = new HashMap<>();
        names.forEach(name -> counts.put(name, 1));
        return new SegmentationTuning(
                own.withHead(request.className(), labels.names()),
                labels,
                names.stream().map(labels::id).toList(),
                (int) own.integer("semantic_loss_ignore_index", SegmentationMap.IGNORED),
                request.train().size() + " pictures with masks of " + names.size() + " labels",
                ClassWeights.of(model, request.loss(), labels, counts),
                request.loss());
    }

    private static void requireSame(String model, List<String> names, Dataset<Image, SegmentationMap> data) {
        for (int i = 0; i < data.size(); i++) {
            List<String> found = data.target(i).labels();
            if (!found.equals(names)) {
                throw new TailorException(model + ": all masks must have the same labels in the same order; " + names
                        + " in the first one of the training data, " + found + " in example " + i);
            }
        }
    }

    @Override
    public boolean keepsHead() {
        return known.known();
    }

    @Override
    public boolean hasFeatures() {
        return false;
    }

    @Override
    public List<String> labels() {
        return known.names();
    }

    @Override
    public Objective objective() {
        return Losses.pixelCrossEntropy(loss.smoothing(), classWeights, loss.gamma());
    }

    @Override
    public Example<Image, SegmentationMap> changed(
            Example<Image, SegmentationMap> example, Augmentation<Image> change, SplittableRandom random) {
        PixelLabels pixels = SegmentationRows.of(example);
        Labelled<Image> changed = change.apply(new Labelled<>(example.input(), pixels), random);
        SegmentationMap map =
                new SegmentationMap.Given(changed.labels(), example.target().labels());
        return new Example<>(changed.input(), map, example.source());
    }

    @Override
    public Loop.Source source(Dataset<Image, SegmentationMap> data, Preprocessor<Image> preprocessor) {
        if (preprocessor instanceof ImagePreprocessor images) {
            boolean reduces = images.processor().settings().reduceLabels();
            return new SegmentationRows(data, images.processor(), new PixelIds(ids, reduces, ignored, Losses.IGNORED));
        }
        throw new TailorException("this task's preprocessor does not tell where pixels go; its factory must give an "
                + ImagePreprocessor.class.getName());
    }

    @Override
    public Loop.Score score() {
        return new SegmentationScore(known.names());
    }

    /** Measures at the pictures' own sizes. */
    @Override
    public SegmentationEvaluation evaluate(
            Pipeline<Image, Segmentation> pipeline, Dataset<Image, SegmentationMap> data) {
        boolean reduces = ImagePreprocessor.open(pipeline.model().snapshot())
                .processor()
                .settings()
                .reduceLabels();
        PixelIds mapping = new PixelIds(ids, reduces, ignored, -1);
        SegmentationEvaluation.Counter counter = new SegmentationEvaluation.Counter(known.names());
        for (int from = 0; from < data.size(); from += EVALUATION_BATCH) {
            List<Example<Image, SegmentationMap>> examples = new ArrayList<>();
            for (int i = from; i < Math.min(from + EVALUATION_BATCH, data.size()); i++) {
                examples.add(data.get(i));
            }
            List<Segmentation> answers =
                    pipeline.predict(examples.stream().map(Example::input).toList());
            for (int i = 0; i < answers.size(); i++) {
                PixelLabels truth = SegmentationRows.of(examples.get(i));
                counter.add(
                        mapping.of(truth, examples.get(i).source()).ids(),
                        answers.get(i).mask());
            }
        }
        return counter.evaluation();
    }
}
