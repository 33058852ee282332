package dev.tailor.zoo.pipelines;

import ai.djl.modality.cv.Image;
import dev.tailor.PretrainedModel;
import dev.tailor.program.ModelConfig;
import dev.tailor.task.Box;
import dev.tailor.task.Detection;
import dev.tailor.task.Detections;
import dev.tailor.zoo.preprocess.RgbImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Networks that say something of each of many fixed boxes, such as SSD: {@code scores} of all labels, the first of which is the
 * background, and {@code boxes} in parts of the picture. Non-maximum suppression within each label leaves one for each object.
 *
 * @param smallestScore what a score must exceed, whatever the threshold
 * @param overlap more than this intersection over union means the same object
 * @param candidates the most that compete within a label
 * @param most the most objects in a picture
 */
record DenseBoxes(
        ImageRunner runner, List<String> labels, double smallestScore, double overlap, int candidates, int most)
        implements ObjectDetection.BoxNetwork {
    private static final int MANY = 100_000;

    static DenseBoxes of(PretrainedModel model) {
        ModelConfig config = model.architecture().complete(model.config());
        return new DenseBoxes(
                DetectionInput.runner(model, config, "scores", "boxes"),
                config.labels(),
                config.number("score_thresh", 0),
                config.number("nms_thresh", 0.3),
                (int) config.count("topk_candidates", 200, MANY),
                (int) config.count("detections_per_img", MANY, MANY));
    }

    @Override
    public Detections detect(RgbImage image, double threshold) {
        return runner.run(image, answer -> read(answer, threshold));
    }

    @Override
    public List<Detections> detect(List<Image> images, double threshold) {
        return runner.run(images, answer -> read(answer, threshold));
    }

    private Detections read(ImageRunner.Answer answer, double threshold) {
        float[] scores = answer.values("scores");
        float[] boxes = answer.values("boxes");
        // Nothing below the threshold could suppress what is above it.
        double least = Math.max(threshold, smallestScore);
        List<NonMaximumSuppression.Candidate> all = new ArrayList<>();
        for (int label = 1; label < labels.size(); label++) {
            List<NonMaximumSuppression.Candidate> own = new ArrayList<>();
            for (int i = 0; i < boxes.length / 4; i++) {
                double score = scores[i * labels.size() + label];
                if (score > least) {
                    own.add(new NonMaximumSuppression.Candidate(box(boxes, 4 * i, answer), score, label));
                }
            }
            own.sort(Comparator.comparingDouble(NonMaximumSuppression.Candidate::score)
                    .reversed());
            all.addAll(own.subList(0, Math.min(candidates, own.size())));
        }
        List<Detection> objects = NonMaximumSuppression.best(all, overlap, most).stream()
                .map(c -> new Detection(labels.get(c.group()), c.group(), c.score(), c.box()))
                .toList();
        return new Detections(answer.width(), answer.height(), objects);
    }

    private static Box box(float[] boxes, int at, ImageRunner.Answer answer) {
        int width = answer.width();
        int height = answer.height();
        Box box = new Box(
                boxes[at] * (double) width,
                boxes[at + 1] * (double) height,
                boxes[at + 2] * (double) width,
                boxes[at + 3] * (double) height);
        return box.within(width, height);
    }
}
