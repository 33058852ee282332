package dev.tailor.examples.bench;

import picocli.CommandLine.Option;

/** The sizes of the encoder that is measured: all-MiniLM-L6-v2's, unless told. */
final class BertOptions {
    @Option(names = "--layers", description = "Layers.")
    int layers = 6;

    @Option(names = "--width", description = "Width of the hidden states.")
    int width = 384;

    @Option(names = "--heads", description = "Attention heads.")
    int heads = 12;

    @Option(names = "--inner", description = "Width within the feed-forward layers.")
    int inner = 1536;

    @Option(names = "--vocabulary", description = "Words.")
    int vocabulary = 30522;

    BertShape shape(int positions) {
        return new BertShape(layers, width, heads, inner, vocabulary, positions);
    }
}
