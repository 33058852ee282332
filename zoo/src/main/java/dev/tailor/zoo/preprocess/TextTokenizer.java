package dev.tailor.zoo.preprocess;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.tailor.TailorException;
import dev.tailor.engine.NativeLoading;
import dev.tailor.hub.Snapshot;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids, as the repository's {@code tokenizer.json} says, cut to a length. Safe for many threads at once; closing
 * waits for calls that run.
 */
public final class TextTokenizer implements AutoCloseable {
    private final HuggingFaceTokenizer tokenizer;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final String model;
    private boolean closed;

    private TextTokenizer(HuggingFaceTokenizer tokenizer, String model) {
        this.tokenizer = tokenizer;
        this.model = model;
    }

    /**
     * Opens a repository's tokenizer.
     *
     * @param maxLength most tokens of one input, special tokens included
     * @throws TailorException if there is no tokenizer or it is damaged
     */
    public static TextTokenizer open(Snapshot snapshot, int maxLength) {
        Path file = snapshot.require("tokenizer.json");
        String length = Integer.toString(maxLength);
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", "longest_first",
                "padding", "do_not_pad",
                "maxLength", length,
                "modelMaxLength", length);
        try {
            byte[] json = Files.readAllBytes(file);
            return new TextTokenizer(NativeLoading.quietly(() -> create(json, options, file)), snapshot.id());
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
    }

    private static HuggingFaceTokenizer create(byte[] json, Map<String, String> options, Path file) {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (IOException | RuntimeException e) {
            throw new TailorException(file + " is not a tokenizer that can be read: " + e.getMessage(), e);
        }
    }

    /** The tokens of a text, or of a pair where {@code pair} is given. */
    public Tokens encode(String text, @Nullable String pair) {
        lock.readLock().lock();
        try {
            if (closed) {
                throw new IllegalStateException("the tokenizer of " + model + " has been closed");
            }
            Encoding encoding = pair == null
                    ? tokenizer.encode(wellFormed(text))
                    : tokenizer.encode(wellFormed(text), wellFormed(pair));
            return new Tokens(encoding.getIds(), encoding.getTypeIds(), encoding.exceedMaxLength());
        } finally {
            lock.readLock().unlock();
        }
    }

    /** Half of a surrogate pair is no character and cannot be written as UTF-8; it becomes the replacement character. */
    private static String wellFormed(String text) {
        StringBuilder fixed = null;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c)
                    && i + 1 < text.length()
                    && Character.isLowSurrogate(text.charAt(i + 1));
            if (pair) {
                i++;
            } else if (Character.isSurrogate(c)) {
                fixed = fixed == null ? new StringBuilder(text) : fixed;
                fixed.setCharAt(i, '\uFFFD');
            }
        }
        return fixed == null ? text : fixed.toString();
    }

    @Override
    public void close() {
        lock.writeLock().lock();
        try {
            if (!closed) {
                closed = true;
                tokenizer.close();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
