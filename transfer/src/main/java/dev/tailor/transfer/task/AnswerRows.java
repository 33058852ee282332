package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import dev.tailor.TailorException;
import dev.tailor.TokenPreprocessor;
import dev.tailor.TokenRow;
import dev.tailor.program.Losses;
import dev.tailor.task.KnownAnswer;
import dev.tailor.task.Question;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Windows of questions and contexts, each an example of its own.
 *
 * @param spans for each row the first and the last token of the answer; the one that stands for nowhere where the window lacks it
 */
record AnswerRows(TokenPreprocessor<Question> preprocessor, List<TokenRow> rows, List<int[]> spans)
        implements Loop.Source {

    static AnswerRows of(Dataset<Question, List<KnownAnswer>> data, TokenPreprocessor<Question> preprocessor) {
        List<TokenRow> rows = new ArrayList<>();
        List<int[]> spans = new ArrayList<>();
        for (Example<Question, List<KnownAnswer>> example : data) {
            example.target().forEach(answer -> check(example, answer));
            for (TokenRow row : preprocessor.rows(example.input())) {
                rows.add(row);
                spans.add(
                        example.target().isEmpty()
                                ? new int[] {row.nowhere(), row.nowhere()}
                                : span(row, example.target().get(0)));
            }
        }
        return new AnswerRows(preprocessor, List.copyOf(rows), List.copyOf(spans));
    }

    private static void check(Example<Question, List<KnownAnswer>> example, KnownAnswer answer) {
        if (!example.input().context().startsWith(answer.text(), answer.start())) {
            throw new TailorException("The answer \"" + answer.text() + "\" does not stand at " + answer.start()
                    + " of its context" + (example.source().isEmpty() ? "" : " (" + example.source() + ")")
                    + "; the question is: " + example.input().question());
        }
    }

    private static int[] span(TokenRow row, KnownAnswer answer) {
        int first = -1;
        int last = -1;
        int least = Integer.MAX_VALUE;
        int most = -1;
        for (int i = 0; i < row.length(); i++) {
            if (row.starts()[i] >= 0) {
                least = Math.min(least, row.starts()[i]);
                most = Math.max(most, row.ends()[i]);
                first = row.starts()[i] <= answer.start() ? i : first;
                last = last < 0 && row.ends()[i] >= answer.end() ? i : last;
            }
        }
        boolean inside = least <= answer.start() && most >= answer.end();
        return inside ? new int[] {first, last} : new int[] {row.nowhere(), row.nowhere()};
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        List<TokenRow> chosen = Arrays.stream(indices).mapToObj(rows::get).toList();
        int length = chosen.stream().mapToInt(TokenRow::length).max().orElseThrow();
        long[] starts = new long[indices.length];
        long[] ends = new long[indices.length];
        long[] both = new long[2 * indices.length];
        for (int i = 0; i < indices.length; i++) {
            int offset = preprocessor.offset(chosen.get(i), length);
            starts[i] = (long) spans.get(indices[i])[0] + offset;
            ends[i] = (long) spans.get(indices[i])[1] + offset;
            both[2 * i] = starts[i];
            both[2 * i + 1] = ends[i];
        }
        return new Batch(
                manager -> {
                    Map<String, NDArray> arrays = new LinkedHashMap<>(preprocessor.arrays(chosen, manager));
                    arrays.put(Losses.STARTS, manager.create(starts));
                    arrays.put(Losses.ENDS, manager.create(ends));
                    return arrays;
                },
                both,
                new float[0]);
    }
}
