package dev.tailor.task;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * How well the labels of pixels match the true ones, counted over all pictures together. The numbers are those of {@code mean_iou}
 * in Hugging Face's library {@code evaluate}, and of mmsegmentation; labels that no pixel has, in truth or in the answers, do not
 * count in the means. Immutable; {@link #toString} prints the table.
 *
 * @param labels one row for each label, by id
 * @param meanIou the mean of the labels' intersection over union, 0 to 1
 * @param meanAccuracy the mean of the labels' accuracies, 0 to 1
 * @param pixelAccuracy the share of pixels with the right label, 0 to 1
 * @param pictures how many pictures
 * @param pixels how many pixels have a label
 */
public record SegmentationEvaluation(
        List<LabelOverlap> labels, double meanIou, double meanAccuracy, double pixelAccuracy, int pictures, long pixels)
        implements Evaluation {

    /** Copies the labels. */
    public SegmentationEvaluation {
        labels = List.copyOf(labels);
    }

    /** Counts pixels picture by picture. Not safe for many threads. */
    public static final class Counter {
        private final List<String> labels;
        private final long[] truth;
        private final long[] found;
        private final long[] both;
        private int pictures;

        /** Starts at nothing. */
        public Counter(List<String> labels) {
            this.labels = List.copyOf(labels);
            truth = new long[labels.size()];
            found = new long[labels.size()];
            both = new long[labels.size()];
        }

        /**
         * Takes a picture.
         *
         * @param real true ids; negative for pixels that do not count
         * @param predicted the answer's ids
         * @throws IllegalArgumentException if the lengths differ
         */
        public void add(int[] real, int[] predicted) {
            if (real.length != predicted.length) {
                throw new IllegalArgumentException("Each pixel needs its true and its predicted label, found "
                        + real.length + " and " + predicted.length);
            }
            for (int i = 0; i < real.length; i++) {
                if (real[i] >= 0) {
                    truth[real[i]]++;
                    found[predicted[i]]++;
                    both[real[i]] += real[i] == predicted[i] ? 1 : 0;
                }
            }
            pictures++;
        }

        /**
         * The numbers so far.
         *
         * @throws IllegalArgumentException if no pixel has a label
         */
        public SegmentationEvaluation evaluation() {
            List<LabelOverlap> rows = new ArrayList<>();
            long all = 0;
            long right = 0;
            for (int i = 0; i < truth.length; i++) {
                double union = truth[i] + (double) found[i] - both[i];
                rows.add(new LabelOverlap(labels.get(i), both[i] / union, (double) both[i] / truth[i], truth[i]));
                all += truth[i];
                right += both[i];
            }
            if (all == 0) {
                throw new IllegalArgumentException("Nothing to evaluate: no pixel has a label");
            }
            return new SegmentationEvaluation(
                    rows,
                    mean(rows, LabelOverlap::iou),
                    mean(rows, LabelOverlap::accuracy),
                    (double) right / all,
                    pictures,
                    all);
        }

        private static double mean(List<LabelOverlap> rows, ToDoubleFunction<LabelOverlap> value) {
            return rows.stream()
                    .mapToDouble(value)
                    .filter(v -> !Double.isNaN(v))
                    .average()
                    .orElse(Double.NaN);
        }
    }

    /** The mean intersection over union. */
    @Override
    public double score() {
        return meanIou;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("mean_iou", meanIou);
        all.put("mean_accuracy", meanAccuracy);
        all.put("pixel_accuracy", pixelAccuracy);
        return all;
    }

    /** A row for each label, then the means. */
    @Override
    public String toString() {
        int width = labels.stream().mapToInt(l -> l.label().length()).max().orElse(0);
        width = Math.max(width, "label".length());
        StringBuilder out = new StringBuilder();
        out.append(String.format(Locale.ROOT, "%" + width + "s        iou   accuracy       pixels%n", "label"));
        for (LabelOverlap row : labels) {
            out.append(String.format(
                    Locale.ROOT,
                    "%" + width + "s%11s%11s%13d%n",
                    row.label(),
                    share(row.iou()),
                    share(row.accuracy()),
                    row.pixels()));
        }
        return out.append(String.format(
                        Locale.ROOT,
                        "mean IoU %.4f, mean accuracy %.4f, pixel accuracy %.4f (%d pictures, %d pixels)%n",
                        meanIou,
                        meanAccuracy,
                        pixelAccuracy,
                        pictures,
                        pixels))
                .toString();
    }

    private static String share(double value) {
        return Double.isNaN(value) ? "-" : String.format(Locale.ROOT, "%.3f", value);
    }
}
