package dev.tailor;

import java.util.List;

/** Brings tasks; found by {@link java.util.ServiceLoader}. */
public interface TaskProvider {

    /** The factories. */
    List<TaskFactory<?, ?>> factories();
}
