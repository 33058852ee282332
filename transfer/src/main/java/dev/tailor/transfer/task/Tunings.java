package dev.tailor.transfer.task;

import ai.djl.modality.cv.Image;
import dev.tailor.Pipeline;
import dev.tailor.TailorException;
import dev.tailor.Task;
import dev.tailor.task.Classification;
import dev.tailor.task.ClassificationEvaluation;
import dev.tailor.task.Evaluation;
import dev.tailor.task.Trainable;
import java.util.List;

/** The tasks that can be fitted, one line each. */
public final class Tunings {
    private record Entry<I, T, O, E extends Evaluation>(Task<?> task, Tuning.Factory<I, T, O, E> factory) {}

    private static final List<Entry<?, ?, ?, ?>> ALL = List.of(
            new Entry<String, String, Classification, ClassificationEvaluation>(
                    Task.TEXT_CLASSIFICATION, ClassificationTuning::prepare),
            new Entry<Image, String, Classification, ClassificationEvaluation>(
                    Task.IMAGE_CLASSIFICATION, ClassificationTuning::prepare));

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
