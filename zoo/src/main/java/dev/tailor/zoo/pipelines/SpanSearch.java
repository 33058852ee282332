package dev.tailor.zoo.pipelines;

import dev.tailor.task.Answer;
import dev.tailor.zoo.preprocess.TextWindow;
import dev.tailor.zoo.preprocess.TokenizedText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalInt;
import java.util.PriorityQueue;

/**
 * The best spans of a context, over all its windows, as transformers' {@code QuestionAnsweringPipeline} finds and scores them:
 * start and end are judged together, only the context's tokens may be chosen, and what no span can reach has no share in the
 * probabilities. For one call, on one thread.
 */
final class SpanSearch {
    private final String context;
    private final int sequence;
    private final OptionalInt classId;
    private final AnswerOptions options;
    private final Map<String, Answer> found = new LinkedHashMap<>();
    private double nothing = 1_000_000;

    /** What the network says of each token of a window. */
    @SuppressWarnings("ArrayRecordComponent")
    record Logits(float[] starts, float[] ends) {}

    private record Span(int start, int end, double score) {}

    /**
     * Begins a search.
     *
     * @param sequence which text of the pair is the context
     * @param classId the token at the beginning, where models point that find no answer
     */
    SpanSearch(String context, int sequence, OptionalInt classId, AnswerOptions options) {
        this.context = context;
        this.sequence = sequence;
        this.classId = classId;
        this.options = options;
    }

    /** Searches a window. */
    void add(TextWindow window, Logits logits) {
        boolean[] open = new boolean[window.length()];
        for (int i = 0; i < open.length; i++) {
            int place = window.places()[i];
            open[i] = window.text().sequences()[place] == sequence
                    || (classId.isPresent() && window.text().ids()[place] == classId.getAsInt());
        }
        double[] starts = probabilities(logits.starts(), open);
        double[] ends = probabilities(logits.ends(), open);
        nothing = Math.min(nothing, starts[0] * ends[0]);
        starts[0] = 0;
        ends[0] = 0;
        // Widening to words lets spans fall together, so that more of them are looked at than are wanted.
        int wanted = options.wholeWords() ? 2 * Math.min(options.topK(), Integer.MAX_VALUE / 4) + 10 : options.topK();
        for (Span span : best(starts, ends, wanted)) {
            add(window, span);
        }
    }

    /** Softmax over the tokens that may be chosen. */
    private static double[] probabilities(float[] logits, boolean[] open) {
        float[] masked = new float[logits.length];
        boolean any = false;
        for (int i = 0; i < masked.length; i++) {
            masked[i] = open[i] ? logits[i] : Float.NEGATIVE_INFINITY;
            any |= open[i];
        }
        return any ? Softmax.of(masked, 0, masked.length) : new double[logits.length];
    }

    private List<Span> best(double[] starts, double[] ends, int count) {
        PriorityQueue<Span> worstFirst = new PriorityQueue<>(Comparator.comparingDouble(Span::score));
        for (int s = 0; s < starts.length; s++) {
            for (int e = s; e < ends.length && e - s < options.maxAnswerLength(); e++) {
                double score = starts[s] * ends[e];
                boolean full = worstFirst.size() == count;
                if (score > 0 && (!full || score > worstFirst.element().score())) {
                    if (full) {
                        worstFirst.remove();
                    }
                    worstFirst.add(new Span(s, e, score));
                }
            }
        }
        List<Span> spans = new ArrayList<>(worstFirst);
        spans.sort(Comparator.comparingDouble(Span::score).reversed());
        return spans;
    }

    private void add(TextWindow window, Span span) {
        TokenizedText text = window.text();
        int first = window.places()[span.start()];
        int last = window.places()[span.end()];
        int start = text.starts()[first];
        int end = text.ends()[last];
        if (options.wholeWords() && text.words()[first] >= 0 && text.words()[last] >= 0) {
            start = text.starts()[window.places()[edge(window, span.start(), -1)]];
            end = text.ends()[window.places()[edge(window, span.end(), 1)]];
        }
        Answer answer = new Answer(context.substring(start, end), span.score(), start, end);
        found.merge(
                answer.text().toLowerCase(Locale.ROOT),
                answer,
                (old, same) -> new Answer(old.text(), old.score() + same.score(), old.start(), old.end()));
    }

    /** The first or last token of a word in this window. */
    private int edge(TextWindow window, int at, int step) {
        TokenizedText text = window.text();
        int word = text.words()[window.places()[at]];
        int edge = at;
        while (edge + step >= 0 && edge + step < window.length()) {
            int next = window.places()[edge + step];
            if (text.sequences()[next] != sequence || text.words()[next] != word) {
                break;
            }
            edge += step;
        }
        return edge;
    }

    /** The best answers, best first; at least one, be it an empty one. */
    List<Answer> answers() {
        List<Answer> answers = new ArrayList<>(found.values());
        if (options.impossible()) {
            answers.add(Answer.none(nothing));
        }
        answers.sort(Comparator.comparingDouble(Answer::score).reversed());
        if (answers.isEmpty()) {
            answers.add(Answer.none(0));
        }
        return List.copyOf(answers.subList(0, Math.min(options.topK(), answers.size())));
    }
}
