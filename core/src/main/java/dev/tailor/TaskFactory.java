package dev.tailor;

import dev.tailor.hub.Snapshot;
import dev.tailor.program.Head;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import java.util.Optional;

/**
 * Makes the pipelines of one task. Found through {@link TaskProvider}.
 *
 * @param <I> the input
 * @param <P> the pipeline
 */
public interface TaskFactory<I, P extends Pipeline<I, ?>> {

    /** The task. */
    Task<P> task();

    /** The head that the network needs. */
    Head head();

    /** The pipeline of a repository that holds no network, such as a table of vectors; empty for all others. */
    default Optional<P> openWithoutNetwork(Snapshot snapshot) {
        return Optional.empty();
    }

    /** Whether the pipeline reads the network's features instead of the head's outputs. */
    default boolean readsFeatures() {
        return false;
    }

    /** Whether the pipeline reads the network's intermediate states, too; a family that does not tell them is refused. */
    default boolean readsHiddenStates() {
        return false;
    }

    /** What turns inputs into arrays, made from the repository's own files. */
    Preprocessor<I> preprocessor(Snapshot snapshot, ModelConfig config, Program program);

    /** The pipeline; it owns the model. */
    P create(PretrainedModel model);
}
