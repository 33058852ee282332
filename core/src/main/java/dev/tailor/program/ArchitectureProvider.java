package dev.tailor.program;

import java.util.List;

/** Brings model families; found by {@link java.util.ServiceLoader}. */
public interface ArchitectureProvider {

    /** The families, in the order in which they are listed to users. */
    List<Architecture> architectures();
}
