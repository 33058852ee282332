package dev.tailor.zoo.preprocess;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import dev.tailor.TailorException;
import dev.tailor.engine.NativeLoading;
import dev.tailor.hub.Snapshot;
import dev.tailor.zoo.tokenizers.TokenizerFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Text to token ids, as the repository's tokenizer files say, cut to a length. Safe for many threads at once; closing
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
        return open(snapshot, "longest_first", maxLength);
    }

    /** Opens a repository's tokenizer; it never cuts. */
    static TextTokenizer openWhole(Snapshot snapshot) {
        return open(snapshot, "do_not_truncate", Integer.MAX_VALUE);
    }

    private static TextTokenizer open(Snapshot snapshot, String truncation, int maxLength) {
        byte[] json = TokenizerFiles.json(snapshot);
        String length = Integer.toString(maxLength);
        Map<String, String> options = Map.of(
                "addSpecialTokens", "true",
                "truncation", truncation,
                "padding", "do_not_pad",
                "maxLength", length,
                "modelMaxLength", length);
        return open(json, options, snapshot);
    }

    /**
     * Opens the text of a {@code tokenizer.json} that puts no special tokens around a text and cuts nothing off.
     *
     * @throws TailorException if it is damaged
     */
    public static TextTokenizer openPlain(byte[] json, Snapshot snapshot) {
        Map<String, String> options =
                Map.of("addSpecialTokens", "false", "truncation", "do_not_truncate", "padding", "do_not_pad");
        return open(json, options, snapshot);
    }

    private static TextTokenizer open(byte[] json, Map<String, String> options, Snapshot snapshot) {
        return new TextTokenizer(NativeLoading.quietly(() -> create(json, options, snapshot)), snapshot.id());
    }

    private static HuggingFaceTokenizer create(byte[] json, Map<String, String> options, Snapshot snapshot) {
        try {
            return HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), options);
        } catch (IOException | RuntimeException e) {
            String source = snapshot.file("tokenizer.json")
                    .map(file -> file + " is not a tokenizer")
                    .orElse(snapshot.id() + " has no tokenizer.json, and its other files do not make a tokenizer");
            throw new TailorException(source + " that can be read: " + e.getMessage(), e);
        }
    }

    /** The tokens of a text, or of a pair where {@code pair} is given. */
    public Tokens encode(String text, @Nullable String pair) {
        return tokens(encoded(text, pair));
    }

    /** The same with where the tokens come from; all of them if the tokenizer was opened whole. */
    TokenizedText trace(String text, @Nullable String pair) {
        return TokenizedText.of(encoded(text, pair), text, pair);
    }

    private Encoding encoded(String text, @Nullable String pair) {
        return whileOpen(() -> pair == null
                ? tokenizer.encode(wellFormed(text))
                : tokenizer.encode(wellFormed(text), wellFormed(pair)));
    }

    /** The text of tokens, as the repository's own decoder writes it. */
    String decode(long[] ids, boolean skipSpecial) {
        return whileOpen(() -> tokenizer.decode(ids, skipSpecial));
    }

    private <T> T whileOpen(Supplier<T> call) {
        lock.readLock().lock();
        try {
            requireOpen();
            return call.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** The tokens of many texts, on all cores. */
    public List<Tokens> encode(List<String> texts) {
        String[] all = texts.stream().map(TextTokenizer::wellFormed).toArray(String[]::new);
        return whileOpen(() -> Arrays.stream(tokenizer.batchEncode(all))
                .map(TextTokenizer::tokens)
                .toList());
    }

    private static Tokens tokens(Encoding encoding) {
        return new Tokens(encoding.getIds(), encoding.getTypeIds(), encoding.exceedMaxLength());
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the tokenizer of " + model + " has been closed");
        }
    }

    /** The id of a token that a text can name, such as {@code [PAD]}; empty if there is none. */
    OptionalLong id(String token) {
        long[] ids = tokenizer.encode(token, false, false).getIds();
        return ids.length == 1 ? OptionalLong.of(ids[0]) : OptionalLong.empty();
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
