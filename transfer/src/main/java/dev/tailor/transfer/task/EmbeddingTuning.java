package dev.tailor.transfer.task;

import dev.tailor.Pipeline;
import dev.tailor.PoolingPreprocessor;
import dev.tailor.Preprocessor;
import dev.tailor.TailorException;
import dev.tailor.program.EmbeddingLosses;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Objective;
import dev.tailor.task.Embedding;
import dev.tailor.task.EmbeddingEvaluation;
import dev.tailor.task.Likeness;
import dev.tailor.task.TextEmbedder;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.train.Loop;
import java.util.List;
import java.util.TreeSet;

/** Vectors of texts, by the loss that belongs to the kind of target. */
record EmbeddingTuning(ModelConfig config, Class<? extends Likeness> kind, int examples)
        implements Tuning<String, Likeness, Embedding, EmbeddingEvaluation> {
    /** sentence-transformers' defaults. */
    private static final double SCALE = 20;

    private static final double MARGIN = 5;

    static Tuning<String, Likeness, Embedding, EmbeddingEvaluation> prepare(Request<String, Likeness> request) {
        Labels.requireExamples(request.model(), request.train());
        request.loss().requirePlain(request.model(), "an embedding");
        Class<? extends Likeness> kind = kind(request.model(), request.train());
        if (request.validation().size() > 0 && kind(request.model(), request.validation()) != kind) {
            throw new TailorException(request.model() + ": the targets of the validation data must be "
                    + kind.getSimpleName() + " as those of the training data");
        }
        ModelConfig own = request.config();
        ModelConfig config = own.withHead(request.className(), own.labels());
        return new EmbeddingTuning(config, kind, request.train().size());
    }

    private static Class<? extends Likeness> kind(String model, Dataset<String, Likeness> data) {
        Class<? extends Likeness> kind = data.target(0).getClass();
        TreeSet<String> found = new TreeSet<>();
        data.targets().forEach(t -> found.add(t.getClass().getSimpleName()));
        if (found.size() > 1) {
            throw new TailorException(model + ": all targets must be of one kind, found " + found);
        }
        return kind;
    }

    @Override
    public boolean keepsHead() {
        return true;
    }

    @Override
    public boolean hasFeatures() {
        return false;
    }

    @Override
    public List<String> labels() {
        return List.of();
    }

    @Override
    public String summary() {
        return examples + " texts, each with a " + kind.getSimpleName();
    }

    @Override
    public Objective objective() {
        EmbeddingLosses losses = new EmbeddingLosses(PoolingPreprocessor.WEIGHTS, PoolingPreprocessor.NORMALIZED);
        if (kind == Likeness.Positive.class) {
            return losses.ranking(SCALE);
        }
        return kind == Likeness.Scored.class ? losses.cosine() : losses.triplet(MARGIN);
    }

    @Override
    public Loop.Source source(Dataset<String, Likeness> data, Preprocessor<String> preprocessor) {
        if (preprocessor instanceof PoolingPreprocessor pooling) {
            return new LikenessSource(data, pooling);
        }
        throw new TailorException(
                "this task's preprocessor does not tell how vectors are made; its factory must give a "
                        + PoolingPreprocessor.class.getName());
    }

    /** Only the loss is known of single batches: how texts rank depends on all of them. */
    @Override
    public Loop.Score score() {
        return new LossOnly();
    }

    @Override
    public EmbeddingEvaluation evaluate(Pipeline<String, Embedding> pipeline, Dataset<String, Likeness> data) {
        return LikenessMeasure.of((TextEmbedder) pipeline, data);
    }
}
