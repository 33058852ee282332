package dev.tailor.program;

import java.util.List;
import java.util.Optional;

/** Brings model families; found by {@link java.util.ServiceLoader}. */
public interface ArchitectureProvider {

    /** The families, in the order in which they are listed to users. */
    List<Architecture> architectures();

    /** The family that answers to a {@code model_type}; a provider of many need not bring up the others for it. */
    default Optional<Architecture> architecture(String modelType) {
        return architectures().stream().filter(a -> a.answersTo(modelType)).findFirst();
    }
}
