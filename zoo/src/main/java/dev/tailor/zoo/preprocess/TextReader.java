package dev.tailor.zoo.preprocess;

import dev.tailor.hub.Snapshot;
import dev.tailor.program.ModelConfig;
import dev.tailor.program.Program;
import dev.tailor.task.TextPair;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Texts for tasks that answer with places in them: all tokens with where they come from, and windows of as many as the network
 * reads. Safe for many threads at once.
 */
public final class TextReader implements AutoCloseable {
    private final TextPreprocessor preprocessor;
    private final TokenizerFacts facts;

    private TextReader(TextPreprocessor preprocessor, TokenizerFacts facts) {
        this.preprocessor = preprocessor;
        this.facts = facts;
    }

    /**
     * Reads the repository's tokenizer and its settings.
     *
     * @throws dev.tailor.TailorException if the network takes no text, or there is no tokenizer, or it is damaged
     */
    public static TextReader open(Snapshot snapshot, ModelConfig config, Program program) {
        return open(snapshot, program, TextSettings.read(snapshot, config, program));
    }

    /** The same for pairs of a question and a context, whose segments more tokenizers tell the network. */
    public static TextReader openForQuestions(Snapshot snapshot, ModelConfig config, Program program) {
        return open(snapshot, program, TextSettings.readForQuestions(snapshot, config, program));
    }

    private static TextReader open(Snapshot snapshot, Program program, TextSettings settings) {
        TextPreprocessor preprocessor = TextPreprocessor.openWhole(snapshot, program, settings);
        try {
            return new TextReader(preprocessor, TokenizerFacts.read(snapshot));
        } catch (RuntimeException e) {
            preprocessor.close();
            throw e;
        }
    }

    /** What brings windows into arrays. */
    public TextPreprocessor preprocessor() {
        return preprocessor;
    }

    /** Special tokens and the like. */
    public TokenizerFacts facts() {
        return facts;
    }

    /** The most tokens that the network reads at once. */
    public int length() {
        return preprocessor.settings().length();
    }

    /** Whether rows are padded at the left. */
    public boolean padsLeft() {
        return preprocessor.settings().padLeft();
    }

    /** All tokens of a text, or of a pair where {@code pair} is given. */
    public TokenizedText tokenize(String text, @Nullable String pair) {
        return preprocessor.tokenizer().trace(text, pair);
    }

    /** All tokens of many texts. */
    public List<TokenizedText> tokenize(List<String> texts) {
        return preprocessor.tokenizer().trace(texts);
    }

    /** All tokens of many pairs of texts. */
    public List<TokenizedText> tokenizePairs(List<TextPair> pairs) {
        return preprocessor.tokenizer().tracePairs(pairs);
    }

    /**
     * As much of a text as fits.
     *
     * @param sequence which text of a pair is cut
     */
    public TextWindow cut(TokenizedText text, int sequence) {
        return TextWindow.cut(text, length(), sequence, facts.cutsLeft());
    }

    /**
     * All of a text in windows.
     *
     * @param length the most tokens of a window
     * @param stride how many of the cut text's tokens two windows share
     * @param sequence which text of a pair is cut
     */
    public List<TextWindow> windows(TokenizedText text, int length, int stride, int sequence) {
        return TextWindow.all(text, length, stride, sequence, facts.cutsLeft());
    }

    /** The text of tokens, tidied up as the repository wants it. */
    public String decode(long[] ids, boolean skipSpecial) {
        String text = preprocessor.tokenizer().decode(ids, skipSpecial);
        return facts.tidies() ? TokenDecoder.tidy(text) : text;
    }

    @Override
    public void close() {
        preprocessor.close();
    }
}
