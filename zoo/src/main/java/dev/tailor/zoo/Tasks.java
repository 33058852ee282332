package dev.tailor.zoo;

import dev.tailor.TaskFactory;
import dev.tailor.TaskProvider;
import dev.tailor.zoo.pipelines.FillMask;
import dev.tailor.zoo.pipelines.ImageClassification;
import dev.tailor.zoo.pipelines.ImageEmbedding;
import dev.tailor.zoo.pipelines.ImageFeatureMaps;
import dev.tailor.zoo.pipelines.MultiLabelClassification;
import dev.tailor.zoo.pipelines.ObjectDetection;
import dev.tailor.zoo.pipelines.QuestionAnswering;
import dev.tailor.zoo.pipelines.Reranking;
import dev.tailor.zoo.pipelines.SemanticSegmentation;
import dev.tailor.zoo.pipelines.TextClassification;
import dev.tailor.zoo.pipelines.TextEmbedding;
import dev.tailor.zoo.pipelines.TextPairClassification;
import dev.tailor.zoo.pipelines.TextPairRegression;
import dev.tailor.zoo.pipelines.TextRegression;
import dev.tailor.zoo.pipelines.TokenClassification;
import dev.tailor.zoo.pipelines.ZeroShotClassification;
import java.util.List;

/** The tasks of this module, one line each. */
public final class Tasks implements TaskProvider {
    private static final List<TaskFactory<?, ?>> ALL = List.of(
            new TextClassification(),
            new MultiLabelClassification(),
            new TextPairClassification(),
            new TextRegression(),
            new TextPairRegression(),
            new TokenClassification(),
            new QuestionAnswering(),
            new FillMask(),
            new ZeroShotClassification(),
            new TextEmbedding(),
            new Reranking(),
            new ImageClassification(),
            new ImageEmbedding(),
            new ImageFeatureMaps(),
            new ObjectDetection(),
            new SemanticSegmentation());

    /** For {@link java.util.ServiceLoader}. */
    public Tasks() {}

    @Override
    public List<TaskFactory<?, ?>> factories() {
        return ALL;
    }
}
