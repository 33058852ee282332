package dev.tailor.task;

import java.util.Map;

/** How well a model does on examples whose answers are known. {@code toString} prints it for a person. */
public interface Evaluation {

    /** The number by which models of the task are compared, larger is better, such as the accuracy. */
    double score();

    /** All numbers by name, the score first. */
    Map<String, Double> metrics();
}
