package dev.tailor.zoo.pipelines;

import ai.djl.modality.cv.Image;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.PretrainedModel;
import dev.tailor.program.ModelConfig;
import dev.tailor.task.Box;
import dev.tailor.task.Detection;
import dev.tailor.task.Detections;
import dev.tailor.zoo.pipelines.NonMaximumSuppression.Candidate;
import dev.tailor.zoo.preprocess.DetectionTransform;
import dev.tailor.zoo.preprocess.ImageDecoder;
import dev.tailor.zoo.preprocess.ImagePreprocessor;
import dev.tailor.zoo.preprocess.Resize;
import dev.tailor.zoo.preprocess.RgbImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Networks of two stages, such as Faster R-CNN: the first proposes boxes on several maps, the best of which are chosen here; the
 * second gives each its labels. After torchvision's {@code RegionProposalNetwork} and {@code RoIHeads}.
 */
record RegionBoxes(PretrainedModel model, DetectionTransform transform, Settings settings, List<String> labels)
        implements ObjectDetection.BoxNetwork {
    private static final int MANY = 100_000;
    /** Regions in one call of the second stage; each takes a megabyte. */
    private static final int REGIONS = 64;

    private static final double SMALLEST_PROPOSAL = 1e-3;
    private static final double SMALLEST_BOX = 1e-2;

    /** The reference's arguments. */
    record Settings(
            int proposalsBefore,
            int proposalsAfter,
            double proposalOverlap,
            double proposalScore,
            double score,
            double overlap,
            int most) {}

    static RegionBoxes of(PretrainedModel model) {
        ModelConfig config = model.architecture().complete(model.config());
        Settings settings = new Settings(
                (int) config.count("rpn_pre_nms_top_n_test", 1000, MANY),
                (int) config.count("rpn_post_nms_top_n_test", 1000, MANY),
                config.number("rpn_nms_thresh", 0.7),
                config.number("rpn_score_thresh", 0),
                config.number("box_score_thresh", 0.05),
                config.number("box_nms_thresh", 0.5),
                (int) config.count("box_detections_per_img", 100, MANY));
        return new RegionBoxes(model, DetectionInput.transform(config), settings, config.labels());
    }

    @Override
    public List<Detections> detect(List<Image> images, double threshold) {
        // One after another: each picture has regions of its own.
        return images.stream()
                .map(image -> detect(ImageDecoder.of(image), threshold))
                .toList();
    }

    @Override
    public Detections detect(RgbImage image, double threshold) {
        Resize.Size seen = transform.target(image.width(), image.height());
        int width = (int) seen.width();
        int height = (int) seen.height();
        try (NDManager manager = model.newManager()) {
            Map<String, NDArray> first =
                    model.forward(ImagePreprocessor.batch(manager, List.of(transform.apply(image))));
            List<Candidate> proposals = proposals(first, width, height);
            List<Candidate> candidates = new ArrayList<>();
            for (int from = 0; from < proposals.size(); from += REGIONS) {
                List<Candidate> part = proposals.subList(from, Math.min(from + REGIONS, proposals.size()));
                candidates.addAll(look(manager, first, part, width, height, Math.max(threshold, settings.score())));
            }
            double across = (double) image.width() / width;
            double down = (double) image.height() / height;
            List<Detection> objects =
                    NonMaximumSuppression.best(candidates, settings.overlap(), settings.most()).stream()
                            .map(c -> new Detection(
                                    labels.get(c.group()), c.group(), c.score(), scaled(c.box(), across, down)))
                            .toList();
            return new Detections(image.width(), image.height(), objects);
        }
    }

    private static Box scaled(Box box, double across, double down) {
        return new Box(box.left() * across, box.top() * down, box.right() * across, box.bottom() * down);
    }

    /** The best boxes of each map, those of one map in competition. */
    private List<Candidate> proposals(Map<String, NDArray> first, int width, int height) {
        List<Candidate> all = new ArrayList<>();
        for (int level = 0; first.containsKey("objectness_" + level); level++) {
            float[] logits = array(first, "objectness_" + level).toFloatArray();
            float[] boxes = array(first, "proposals_" + level).toFloatArray();
            List<Integer> order = new ArrayList<>();
            for (int i = 0; i < logits.length; i++) {
                order.add(i);
            }
            order.sort(Comparator.comparingDouble(i -> -logits[i]));
            for (int i : order.subList(0, Math.min(settings.proposalsBefore(), order.size()))) {
                Box box = box(boxes, 4 * i).within(width, height);
                double score = 1 / (1 + Math.exp(-logits[i]));
                if (box.width() >= SMALLEST_PROPOSAL
                        && box.height() >= SMALLEST_PROPOSAL
                        && score >= settings.proposalScore()) {
                    all.add(new Candidate(box, score, level));
                }
            }
        }
        return NonMaximumSuppression.best(all, settings.proposalOverlap(), settings.proposalsAfter());
    }

    private List<Candidate> look(
            NDManager manager,
            Map<String, NDArray> first,
            List<Candidate> regions,
            int width,
            int height,
            double least) {
        float[] corners = new float[4 * regions.size()];
        for (int i = 0; i < regions.size(); i++) {
            Box box = regions.get(i).box();
            corners[4 * i] = (float) box.left();
            corners[4 * i + 1] = (float) box.top();
            corners[4 * i + 2] = (float) box.right();
            corners[4 * i + 3] = (float) box.bottom();
        }
        Map<String, NDArray> inputs = new LinkedHashMap<>();
        first.forEach((name, array) -> {
            if (name.startsWith("features_")) {
                inputs.put(name, array);
            }
        });
        List<Candidate> found = new ArrayList<>();
        try (NDArray boxes = manager.create(corners, new Shape(regions.size(), 4))) {
            inputs.put("proposals", boxes);
            Map<String, NDArray> second = model.forward(inputs);
            try {
                float[] scores = array(second, "scores").toFloatArray();
                float[] refined = array(second, "boxes").toFloatArray();
                for (int i = 0; i < scores.length; i++) {
                    int label = i % labels.size();
                    if (label > 0 && scores[i] > least) {
                        Box box = box(refined, 4 * i).within(width, height);
                        if (box.width() >= SMALLEST_BOX && box.height() >= SMALLEST_BOX) {
                            found.add(new Candidate(box, scores[i], label));
                        }
                    }
                }
            } finally {
                second.values().forEach(NDArray::close);
            }
        }
        return found;
    }

    private static NDArray array(Map<String, NDArray> outputs, String name) {
        return Objects.requireNonNull(outputs.get(name), name);
    }

    private static Box box(float[] boxes, int at) {
        return new Box(boxes[at], boxes[at + 1], boxes[at + 2], boxes[at + 3]);
    }
}
