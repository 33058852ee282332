package dev.tailor.transfer.task;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.tailor.PoolingPreprocessor;
import dev.tailor.program.EmbeddingLosses;
import dev.tailor.program.Losses;
import dev.tailor.task.Likeness;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Examples of two or three texts; a batch holds all first ones, then all that are like them, then all that are not. */
record LikenessSource(Dataset<String, Likeness> data, PoolingPreprocessor preprocessor) implements Loop.Source {
    @Override
    public int size() {
        return data.size();
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        int count = indices.length;
        List<String> first = new ArrayList<>();
        List<String> like = new ArrayList<>();
        List<String> unlike = new ArrayList<>();
        float[] scores = new float[count];
        for (int i = 0; i < count; i++) {
            first.add(data.get(indices[i]).input());
            Likeness target = data.target(indices[i]);
            if (target instanceof Likeness.Positive positive) {
                like.add(positive.text());
            } else if (target instanceof Likeness.Scored scored) {
                like.add(scored.text());
                scores[i] = (float) scored.score();
            } else if (target instanceof Likeness.Triplet triplet) {
                like.add(triplet.positive());
                unlike.add(triplet.negative());
            }
        }
        boolean ranked = data.target(indices[0]) instanceof Likeness.Positive;
        boolean scored = data.target(indices[0]) instanceof Likeness.Scored;
        List<String> texts = new ArrayList<>(first);
        texts.addAll(like);
        texts.addAll(unlike);
        return new Batch(
                manager -> {
                    Map<String, NDArray> arrays = new LinkedHashMap<>(preprocessor.pooled(texts, manager));
                    arrays.put(EmbeddingLosses.ANCHORS, picks(count, texts.size(), 0, manager));
                    arrays.put(EmbeddingLosses.POSITIVES, picks(count, texts.size(), count, manager));
                    if (!unlike.isEmpty()) {
                        arrays.put(EmbeddingLosses.NEGATIVES, picks(count, texts.size(), 2 * count, manager));
                    }
                    if (ranked) {
                        arrays.put(Losses.LABELS, manager.create(places(count)));
                    } else if (scored) {
                        arrays.put(Losses.LABELS, manager.create(scores, new Shape(count, 1)));
                    }
                    return arrays;
                },
                new long[0],
                scores);
    }

    private static long[] places(int count) {
        long[] places = new long[count];
        for (int i = 0; i < count; i++) {
            places[i] = i;
        }
        return places;
    }

    private static NDArray picks(int count, int rows, int from, NDManager manager) {
        float[] ones = new float[count * rows];
        for (int i = 0; i < count; i++) {
            ones[i * rows + from + i] = 1;
        }
        return manager.create(ones, new Shape(count, rows));
    }
}
