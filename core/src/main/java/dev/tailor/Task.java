package dev.tailor;

import dev.tailor.task.FeatureMapper;
import dev.tailor.task.ImageClassifier;
import dev.tailor.task.ImageEmbedder;
import dev.tailor.task.ImageSegmenter;
import dev.tailor.task.MaskFiller;
import dev.tailor.task.MultiLabelClassifier;
import dev.tailor.task.ObjectDetector;
import dev.tailor.task.QuestionAnswerer;
import dev.tailor.task.Reranker;
import dev.tailor.task.TextClassifier;
import dev.tailor.task.TextEmbedder;
import dev.tailor.task.TextPairClassifier;
import dev.tailor.task.TextPairRegressor;
import dev.tailor.task.TextRegressor;
import dev.tailor.task.TokenClassifier;
import dev.tailor.task.ZeroShotClassifier;

/**
 * Something a model can do, with the type of the pipeline that does it.
 *
 * @param <P> the pipeline
 */
public final class Task<P extends Pipeline<?, ?>> {
    /** Labels for a text. */
    public static final Task<TextClassifier> TEXT_CLASSIFICATION = of("text-classification", TextClassifier.class);

    /** Any number of labels for a text. */
    public static final Task<MultiLabelClassifier> MULTI_LABEL_CLASSIFICATION =
            of("text-classification", MultiLabelClassifier.class);

    /** A label for a pair of texts. */
    public static final Task<TextPairClassifier> TEXT_PAIR_CLASSIFICATION =
            of("text-classification", TextPairClassifier.class);

    /** A number for a text. */
    public static final Task<TextRegressor> TEXT_REGRESSION = of("text-classification", TextRegressor.class);

    /** A number for a pair of texts. */
    public static final Task<TextPairRegressor> TEXT_PAIR_REGRESSION =
            of("text-classification", TextPairRegressor.class);

    /** A vector for a text. */
    public static final Task<TextEmbedder> TEXT_EMBEDDING = of("sentence-similarity", TextEmbedder.class);

    /** Labels for the words of a text: names, places, parts of speech. */
    public static final Task<TokenClassifier> TOKEN_CLASSIFICATION = of("token-classification", TokenClassifier.class);

    /** The stretch of a text that answers a question. */
    public static final Task<QuestionAnswerer> QUESTION_ANSWERING = of("question-answering", QuestionAnswerer.class);

    /** Words for masked places of a text. */
    public static final Task<MaskFiller> FILL_MASK = of("fill-mask", MaskFiller.class);

    /** Labels of one's own choice for a text. */
    public static final Task<ZeroShotClassifier> ZERO_SHOT_CLASSIFICATION =
            of("zero-shot-classification", ZeroShotClassifier.class);

    /** Documents in the order in which they fit a query. */
    public static final Task<Reranker> RERANKING = of("text-ranking", Reranker.class);

    /** Labels for a picture. */
    public static final Task<ImageClassifier> IMAGE_CLASSIFICATION = of("image-classification", ImageClassifier.class);

    /** A vector for a picture. */
    public static final Task<ImageEmbedder> IMAGE_EMBEDDING = of("image-feature-extraction", ImageEmbedder.class);

    /** What the parts of a network make of a picture. */
    public static final Task<FeatureMapper> IMAGE_FEATURE_MAPS = of("image-feature-extraction", FeatureMapper.class);

    /** Labelled boxes in a picture. */
    public static final Task<ObjectDetector> OBJECT_DETECTION = of("object-detection", ObjectDetector.class);

    /** A label for each pixel of a picture. */
    public static final Task<ImageSegmenter> SEMANTIC_SEGMENTATION = of("image-segmentation", ImageSegmenter.class);

    private final String name;
    private final Class<P> type;

    private Task(String name, Class<P> type) {
        this.name = name;
        this.type = type;
    }

    /** A task of one's own; a {@link TaskFactory} must serve it. */
    public static <P extends Pipeline<?, ?>> Task<P> of(String name, Class<P> type) {
        return new Task<>(name, type);
    }

    /** The name, after the hub's {@code pipeline_tag}. */
    public String name() {
        return name;
    }

    /** The pipeline's type. */
    public Class<P> type() {
        return type;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Task<?> task && task.name.equals(name) && task.type == type;
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
