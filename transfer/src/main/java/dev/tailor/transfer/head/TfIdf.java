package dev.tailor.transfer.head;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Texts as bags of words: how often each word occurs, times how rare it is, scaled to length 1. The honest baseline for any text
 * classifier. The numbers are those of scikit-learn's {@code TfidfVectorizer}: lower case, words of two letters or digits and
 * more, {@code ln((1 + texts) / (1 + texts with the word)) + 1}. Immutable and safe for many threads.
 */
public final class TfIdf {
    private static final Pattern WORD = Pattern.compile("\\b\\w\\w+\\b", Pattern.UNICODE_CHARACTER_CLASS);

    private final Map<String, Integer> words;
    private final double[] rarity;

    private TfIdf(Map<String, Integer> words, double[] rarity) {
        this.words = words;
        this.rarity = rarity;
    }

    /** Learns the words of texts, and how rare each is. */
    public static TfIdf fit(List<String> texts) {
        Map<String, Integer> frequency = new TreeMap<>();
        for (String text : texts) {
            words(text).stream().distinct().forEach(w -> frequency.merge(w, 1, Integer::sum));
        }
        Map<String, Integer> ids = new HashMap<>();
        double[] rarity = new double[frequency.size()];
        frequency.forEach((word, count) -> {
            rarity[ids.size()] = Math.log((1.0 + texts.size()) / (1.0 + count)) + 1;
            ids.put(word, ids.size());
        });
        return new TfIdf(Map.copyOf(ids), rarity);
    }

    private static List<String> words(String text) {
        return WORD.matcher(text.toLowerCase(Locale.ROOT))
                .results()
                .map(MatchResult::group)
                .toList();
    }

    /** Returns the number of words that are known: the width of the vectors. */
    public int width() {
        return rarity.length;
    }

    /** Returns one vector for each text; words that were not in the texts of {@link #fit} do not count. */
    public Rows rows(List<String> texts) {
        List<int[]> ids = new ArrayList<>();
        List<float[]> values = new ArrayList<>();
        for (String text : texts) {
            Map<Integer, Double> weights = new TreeMap<>();
            for (String word : words(text)) {
                Integer id = words.get(word);
                if (id != null) {
                    weights.merge(id, rarity[id], Double::sum);
                }
            }
            double norm =
                    Math.sqrt(weights.values().stream().mapToDouble(w -> w * w).sum());
            int[] places = new int[weights.size()];
            float[] scaled = new float[weights.size()];
            int at = 0;
            for (Map.Entry<Integer, Double> entry : weights.entrySet()) {
                places[at] = entry.getKey();
                scaled[at++] = (float) (entry.getValue() / norm);
            }
            ids.add(places);
            values.add(scaled);
        }
        return new SparseRows(rarity.length, ids, values);
    }

    private record SparseRows(int width, List<int[]> places, List<float[]> values) implements Rows {
        @Override
        public int size() {
            return places.size();
        }

        @Override
        public double dot(int row, double[] with, int offset) {
            int[] at = places.get(row);
            float[] of = values.get(row);
            double sum = 0;
            for (int i = 0; i < at.length; i++) {
                sum += of[i] * with[offset + at[i]];
            }
            return sum;
        }

        @Override
        public void addTo(int row, double factor, double[] sums, int offset) {
            int[] at = places.get(row);
            float[] of = values.get(row);
            for (int i = 0; i < at.length; i++) {
                sums[offset + at[i]] += factor * of[i];
            }
        }
    }
}
