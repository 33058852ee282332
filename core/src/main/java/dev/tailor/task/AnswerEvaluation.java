package dev.tailor.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How well answers match the known ones, by the rules of SQuAD's evaluation script: case, punctuation and English articles do not
 * count, and of several known answers the best match does. An empty answer is right where there is none.
 *
 * @param exactMatch the share of questions whose answer is a known one, 0 to 1
 * @param f1 the mean of the words' harmonic mean of precision and recall, 0 to 1
 * @param size how many questions
 */
public record AnswerEvaluation(double exactMatch, double f1, int size) implements Evaluation {
    private static final Pattern PUNCTUATION = Pattern.compile("[!-/:-@\\[-`{-~]");
    private static final Pattern ARTICLES = Pattern.compile("\\b(a|an|the)\\b", Pattern.UNICODE_CHARACTER_CLASS);
    private static final Pattern SPACES = Pattern.compile("\\s+", Pattern.UNICODE_CHARACTER_CLASS);

    /**
     * Compares.
     *
     * @param truth for each question its known answers, none where there is no answer
     * @param answers for each question the answer, empty for none
     * @throws IllegalArgumentException if there are no questions or the lengths differ
     */
    public static AnswerEvaluation of(List<List<String>> truth, List<String> answers) {
        if (truth.isEmpty() || truth.size() != answers.size()) {
            throw new IllegalArgumentException("Each question needs its known answers and its answer; found "
                    + truth.size() + " and " + answers.size());
        }
        double exact = 0;
        double f1 = 0;
        for (int i = 0; i < answers.size(); i++) {
            List<String> known = new ArrayList<>(truth.get(i).stream()
                    .map(AnswerEvaluation::normalized)
                    .filter(t -> !t.isEmpty())
                    .toList());
            if (known.isEmpty()) {
                known.add("");
            }
            String answer = normalized(answers.get(i));
            exact += known.contains(answer) ? 1 : 0;
            f1 += known.stream().mapToDouble(k -> overlap(k, answer)).max().orElse(0);
        }
        return new AnswerEvaluation(exact / answers.size(), f1 / answers.size(), answers.size());
    }

    static String normalized(String text) {
        String bare = PUNCTUATION.matcher(text.toLowerCase(Locale.ROOT)).replaceAll("");
        return SPACES.matcher(ARTICLES.matcher(bare).replaceAll(" "))
                .replaceAll(" ")
                .strip();
    }

    private static double overlap(String known, String answer) {
        if (known.isEmpty() || answer.isEmpty()) {
            return known.equals(answer) ? 1 : 0;
        }
        List<String> left = new ArrayList<>(Arrays.asList(known.split(" ")));
        int all = left.size();
        int found = 0;
        String[] words = answer.split(" ", -1);
        for (String word : words) {
            found += left.remove(word) ? 1 : 0;
        }
        return 2.0 * found / (all + words.length);
    }

    /** F1. */
    @Override
    public double score() {
        return f1;
    }

    @Override
    public Map<String, Double> metrics() {
        Map<String, Double> all = new LinkedHashMap<>();
        all.put("f1", f1);
        all.put("exact_match", exactMatch);
        return all;
    }

    /** For people, in one line. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "F1 %.4f, exact match %.4f (%d questions)", f1, exactMatch, size);
    }
}
