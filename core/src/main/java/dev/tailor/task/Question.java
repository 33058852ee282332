package dev.tailor.task;

/**
 * A question and the text that may hold its answer.
 *
 * @param question the question
 * @param context the text; not empty
 */
public record Question(String question, String context) {}
