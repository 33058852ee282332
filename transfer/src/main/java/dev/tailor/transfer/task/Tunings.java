package dev.tailor.transfer.task;

import ai.djl.modality.cv.Image;
import dev.tailor.Pipeline;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Answer;
import dev.tailor.task.AnswerEvaluation;
import dev.tailor.task.Classification;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.task.Embedding;
import dev.tailor.task.EmbeddingEvaluation;
import dev.tailor.task.Entity;
import dev.tailor.task.Evaluation;
import dev.tailor.task.KnownAnswer;
import dev.tailor.task.Likeness;
import dev.tailor.task.MultiLabelEvaluation;
import dev.tailor.task.Question;
import dev.tailor.task.RegressionEvaluation;
import dev.tailor.task.Segmentation;
import dev.tailor.task.SegmentationEvaluation;
import dev.tailor.task.SegmentationMap;
import dev.tailor.task.TaggingEvaluation;
import dev.tailor.task.TextPair;
import dev.tailor.task.Trainable;
import dev.tailor.task.WordTags;
import java.util.List;
import java.util.Set;

/** The tasks that can be fitted, one line each. */
public final class Tunings {
    private record Entry<I, T, O, E extends Evaluation>(Task<?> task, Tuning.Factory<I, T, O, E> factory) {}

    private static final List<Entry<?, ?, ?, ?>> ALL = List.of(
            new Entry<String, String, Classification, ClassificationEvaluation>(
                    Task.TEXT_CLASSIFICATION, ClassificationTuning::prepare),
            new Entry<Image, String, Classification, ClassificationEvaluation>(
                    Task.IMAGE_CLASSIFICATION, ClassificationTuning::prepare),
            new Entry<TextPair, String, Classification, ClassificationEvaluation>(
                    Task.TEXT_PAIR_CLASSIFICATION, ClassificationTuning::prepare),
            new Entry<String, Set<String>, Classification, MultiLabelEvaluation>(
                    Task.MULTI_LABEL_CLASSIFICATION, MultiLabelTuning::prepare),
            new Entry<String, Double, Double, RegressionEvaluation>(Task.TEXT_REGRESSION, RegressionTuning::prepare),
            new Entry<TextPair, Double, Double, RegressionEvaluation>(
                    Task.TEXT_PAIR_REGRESSION, RegressionTuning::prepare),
            new Entry<Question, List<KnownAnswer>, List<Answer>, AnswerEvaluation>(
                    Task.QUESTION_ANSWERING, AnswerTuning::prepare),
            new Entry<String, Likeness, Embedding, EmbeddingEvaluation>(Task.TEXT_EMBEDDING, EmbeddingTuning::prepare),
            new Entry<String, WordTags, List<Entity>, TaggingEvaluation>(
                    Task.TOKEN_CLASSIFICATION, TaggingTuning::prepare),
            new Entry<Image, SegmentationMap, Segmentation, SegmentationEvaluation>(
                    Task.SEMANTIC_SEGMENTATION, SegmentationTuning::prepare));

    private Tunings() {}

    /**
     * How a task is fitted.
     *
     * @throws TailorException if it cannot be
     */
    // The task's pipeline names all four types.
    @SuppressWarnings("unchecked")
    public static <I, T, O, E extends Evaluation, P extends Pipeline<I, O> & Trainable<T, E>>
            Tuning.Factory<I, T, O, E> of(Task<P> task) {
        return (Tuning.Factory<I, T, O, E>) ALL.stream()
                .filter(e -> e.task().equals(task))
                .findFirst()
                .orElseThrow(() -> new TailorException("The task " + task + " cannot be fitted; these can: "
                        + ALL.stream().map(Entry::task).toList()))
                .factory();
    }
}
