package dev.tailor.zoo.pipelines;

import ai.djl.modality.cv.Image;
import dev.tailor.PretrainedModel;
import dev.tailor.task.Box;
import dev.tailor.task.Detection;
import dev.tailor.task.Detections;
import dev.tailor.zoo.preprocess.RgbImage;
import java.util.ArrayList;
import java.util.List;

/**
 * Networks that predict a set of boxes at once, such as DETR and YOLOS: each query has a softmax over the labels and "no object",
 * and a box by its centre and its sides in parts of the picture. After transformers' {@code post_process_object_detection}.
 */
record SetPrediction(ImageRunner runner, List<String> labels) implements ObjectDetection.BoxNetwork {

    static SetPrediction of(PretrainedModel model) {
        return new SetPrediction(
                ImageRunner.of(model, "logits", "pred_boxes"), model.config().labels());
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
        float[] logits = answer.values("logits");
        float[] boxes = answer.values("pred_boxes");
        // The last label is that there is no object.
        int width = labels.size() + 1;
        List<Detection> objects = new ArrayList<>();
        for (int query = 0; query < boxes.length / 4; query++) {
            int best = 0;
            int at = query * width;
            for (int i = 1; i < labels.size(); i++) {
                best = logits[at + i] > logits[at + best] ? i : best;
            }
            double score = probability(logits, at, width, best);
            if (score > threshold) {
                Box box = box(boxes, 4 * query, answer.width(), answer.height());
                objects.add(new Detection(labels.get(best), best, score, box));
            }
        }
        return new Detections(answer.width(), answer.height(), objects);
    }

    private static double probability(float[] logits, int from, int width, int of) {
        double sum = 0;
        for (int i = 0; i < width; i++) {
            sum += Math.exp((double) logits[from + i] - logits[from + of]);
        }
        return 1 / sum;
    }

    private static Box box(float[] boxes, int at, int width, int height) {
        double x = boxes[at];
        double y = boxes[at + 1];
        double halfWidth = boxes[at + 2] / 2.0;
        double halfHeight = boxes[at + 3] / 2.0;
        return new Box(
                (x - halfWidth) * width, (y - halfHeight) * height, (x + halfWidth) * width, (y + halfHeight) * height);
    }
}
