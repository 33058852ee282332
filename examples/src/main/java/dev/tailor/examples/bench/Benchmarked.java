package dev.tailor.examples.bench;

import java.util.Locale;
import java.util.Optional;

/** The networks that are measured, by the names of the command line. */
enum Benchmarked {
    MINILM,
    BERT,
    DISTILBERT,
    RESNET50,
    MOBILENET_V2,
    VIT;

    /** The {@code config.json}. */
    String config() {
        return switch (this) {
            case MINILM, BERT -> bert().orElseThrow().config();
            case DISTILBERT -> "{\"architectures\": [\"DistilBertModel\"], \"model_type\": \"distilbert\"}";
            case RESNET50 -> "{\"model_type\": \"torchvision/resnet50\"}";
            case MOBILENET_V2 -> "{\"model_type\": \"torchvision/mobilenet_v2\"}";
            case VIT -> "{\"model_type\": \"torchvision/vit_b_16\"}";
        };
    }

    /** The sizes, if {@link PlainBert} can run it too. */
    Optional<BertShape> bert() {
        return switch (this) {
            case MINILM -> Optional.of(new BertShape(6, 384, 12, 1536, 30522, 512));
            case BERT -> Optional.of(new BertShape(12, 768, 12, 3072, 30522, 512));
            default -> Optional.empty();
        };
    }

    /** Whether it reads tokens; else pictures of 224 x 224. */
    boolean readsText() {
        return this == MINILM || this == BERT || this == DISTILBERT;
    }

    /** The output that is compared. */
    String output() {
        return readsText() ? "last_hidden_state" : "logits";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
