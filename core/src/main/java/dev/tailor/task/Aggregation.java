package dev.tailor.task;

/** How the labels of tokens become entities; the strategies of transformers' token classification pipeline. */
public enum Aggregation {
    /** Every token by itself. */
    NONE,
    /** Neighbouring tokens of one label are one entity; a {@code B-} label begins a new one. */
    SIMPLE,
    /** As {@link #SIMPLE}, over words; a word has the label of its first token. */
    FIRST,
    /** As {@link #SIMPLE}, over words; a word has the best label of its tokens' mean scores. */
    AVERAGE,
    /** As {@link #SIMPLE}, over words; a word has the label of its surest token. */
    MAX
}
