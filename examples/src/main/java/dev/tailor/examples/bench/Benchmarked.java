package dev.tailor.examples.bench;

import java.util.Locale;
import java.util.Optional;

/** The networks that are measured, by the names of the command line. */
enum Benchmarked {
    MINILM(new BertShape(6, 384, 12, 1536, 30522, 512)),
    BERT(new BertShape(12, 768, 12, 3072, 30522, 512)),
    DISTILBERT("{\"architectures\": [\"DistilBertModel\"], \"model_type\": \"distilbert\"}", true),
    RESNET50("{\"model_type\": \"torchvision/resnet50\"}", false),
    MOBILENET_V2("{\"model_type\": \"torchvision/mobilenet_v2\"}", false),
    VIT("{\"model_type\": \"torchvision/vit_b_16\"}", false);

    private final String config;
    private final boolean text;
    private final Optional<BertShape> bert;

    Benchmarked(BertShape shape) {
        this.config = shape.config();
        this.text = true;
        this.bert = Optional.of(shape);
    }

    Benchmarked(String config, boolean text) {
        this.config = config;
        this.text = text;
        this.bert = Optional.empty();
    }

    /** The {@code config.json}. */
    String config() {
        return config;
    }

    /** Whether it reads tokens; else pictures of 224 x 224. */
    boolean readsText() {
        return text;
    }

    /** The sizes, if {@link PlainBert} can run it too. */
    Optional<BertShape> bert() {
        return bert;
    }

    /** The output that is compared. */
    String output() {
        return text ? "last_hidden_state" : "logits";
    }

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
