package dev.tailor.task;

/**
 * Two texts that belong together.
 *
 * @param first such as a premise, or a query
 * @param second such as a hypothesis, or a document
 */
public record TextPair(String first, String second) {}
