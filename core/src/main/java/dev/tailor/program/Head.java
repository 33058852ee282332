package dev.tailor.program;

import java.util.Optional;

/** What stands on top of a backbone; the names are those of the reference library's classes. */
public enum Head {
    /** Nothing: the backbone's own states. */
    BASE("Model"),
    /** One label for a text. */
    SEQUENCE_CLASSIFICATION("ForSequenceClassification"),
    /** One label for each token. */
    TOKEN_CLASSIFICATION("ForTokenClassification"),
    /** Start and end of an answer. */
    QUESTION_ANSWERING("ForQuestionAnswering"),
    /** Words for masked tokens. */
    MASKED_LM("ForMaskedLM"),
    /** The words of another text, from an encoder and a decoder. */
    CONDITIONAL_GENERATION("ForConditionalGeneration"),
    /** One label for a picture. */
    IMAGE_CLASSIFICATION("ForImageClassification"),
    /** One label for each position of a picture. */
    SEMANTIC_SEGMENTATION("ForSemanticSegmentation"),
    /** Labelled boxes in a picture. */
    OBJECT_DETECTION("ForObjectDetection");

    /** What a distilled classifier's class name adds; its logits are used like any other's. */
    private static final String TEACHER = "WithTeacher";

    private final String suffix;

    Head(String suffix) {
        this.suffix = suffix;
    }

    /** The end of the reference library's class name, such as {@code ForSequenceClassification}. */
    public String suffix() {
        return suffix;
    }

    /** The head of a class such as {@code BertForMaskedLM}; empty for a head that is not known. */
    public static Optional<Head> of(String className) {
        // BertLMHeadModel and GPT2DoubleHeadsModel end like a bare model and are none.
        boolean other = className.endsWith("HeadModel") || className.endsWith("HeadsModel");
        String plain =
                className.endsWith(TEACHER) ? className.substring(0, className.length() - TEACHER.length()) : className;
        for (Head head : values()) {
            if (plain.endsWith(head.suffix) && !other) {
                return Optional.of(head);
            }
        }
        return Optional.empty();
    }
}
