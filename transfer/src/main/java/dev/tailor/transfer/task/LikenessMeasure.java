package dev.tailor.transfer.task;

import dev.tailor.TailorException;
import dev.tailor.task.Embedding;
import dev.tailor.task.EmbeddingEvaluation;
import dev.tailor.task.Likeness;
import dev.tailor.task.TextEmbedder;
import dev.tailor.transfer.data.Dataset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** Measures an embedder by its own similarity. */
final class LikenessMeasure {
    private LikenessMeasure() {}

    static EmbeddingEvaluation of(TextEmbedder embedder, Dataset<String, Likeness> data) {
        List<String> texts = new ArrayList<>();
        data.forEach(e -> texts.add(e.input()));
        List<Embedding> first = embedder.embed(texts);
        if (data.target(0) instanceof Likeness.Scored) {
            List<Embedding> second = embed(embedder, data, Likeness.Scored.class, Likeness.Scored::text);
            double[] truth = data.targets().stream()
                    .mapToDouble(t -> ((Likeness.Scored) t).score())
                    .toArray();
            return EmbeddingEvaluation.ofScores(truth, similarities(embedder, first, second));
        } else if (data.target(0) instanceof Likeness.Triplet) {
            return EmbeddingEvaluation.ofTriplets(
                    similarities(
                            embedder, first, embed(embedder, data, Likeness.Triplet.class, Likeness.Triplet::positive)),
                    similarities(
                            embedder,
                            first,
                            embed(embedder, data, Likeness.Triplet.class, Likeness.Triplet::negative)));
        }
        return ranks(embedder, first, embed(embedder, data, Likeness.Positive.class, Likeness.Positive::text), data);
    }

    private static <L extends Likeness> List<Embedding> embed(
            TextEmbedder embedder, Dataset<String, Likeness> data, Class<L> kind, Function<L, String> text) {
        List<String> texts = new ArrayList<>();
        for (Likeness target : data.targets()) {
            if (!kind.isInstance(target)) {
                throw new TailorException("All targets must be of one kind, found " + kind.getSimpleName() + " and "
                        + target.getClass().getSimpleName());
            }
            texts.add(text.apply(kind.cast(target)));
        }
        return embedder.embed(texts);
    }

    private static double[] similarities(TextEmbedder embedder, List<Embedding> first, List<Embedding> second) {
        double[] result = new double[first.size()];
        for (int i = 0; i < result.length; i++) {
            result[i] = embedder.similarity().between(first.get(i), second.get(i));
        }
        return result;
    }

    /** The same positive may belong to several texts; each occurrence is right for all of them. */
    private static EmbeddingEvaluation ranks(
            TextEmbedder embedder, List<Embedding> first, List<Embedding> positives, Dataset<String, Likeness> data) {
        List<Integer> ranks = new ArrayList<>();
        for (int i = 0; i < first.size(); i++) {
            double own = embedder.similarity().between(first.get(i), positives.get(i));
            int rank = 1;
            for (int k = 0; k < positives.size(); k++) {
                boolean other = !data.target(k).equals(data.target(i));
                rank += other && embedder.similarity().between(first.get(i), positives.get(k)) >= own ? 1 : 0;
            }
            ranks.add(rank);
        }
        return EmbeddingEvaluation.ofRanks(ranks);
    }
}
