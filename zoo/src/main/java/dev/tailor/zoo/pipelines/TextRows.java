package dev.tailor.zoo.pipelines;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.tailor.TokenPreprocessor;
import dev.tailor.TokenRow;
import dev.tailor.zoo.preprocess.TextReader;
import dev.tailor.zoo.preprocess.TextWindow;
import dev.tailor.zoo.preprocess.TokenizedText;
import dev.tailor.zoo.preprocess.Tokens;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Inputs in the windows in which a pipeline reads them.
 *
 * @param windows all windows of an input
 * @param sequence which text of a pair is the one that answers are places in
 */
record TextRows<I>(TextReader reader, Function<I, List<TextWindow>> windows, int sequence)
        implements TokenPreprocessor<I> {
    @Override
    public List<TokenRow> rows(I input) {
        return windows.apply(input).stream().map(this::row).toList();
    }

    private TokenRow row(TextWindow window) {
        TokenizedText text = window.text();
        Tokens tokens = window.tokens();
        int[] starts = new int[window.length()];
        int[] ends = new int[starts.length];
        int nowhere = 0;
        for (int i = starts.length - 1; i >= 0; i--) {
            int place = window.places()[i];
            boolean inside = text.sequences()[place] == sequence;
            starts[i] = inside ? text.starts()[place] : -1;
            ends[i] = inside ? text.ends()[place] : -1;
            nowhere = reader.facts().classId().orElse(-1) == text.ids()[place] ? i : nowhere;
        }
        return new TokenRow(tokens.ids(), tokens.types(), starts, ends, nowhere);
    }

    @Override
    public Map<String, NDArray> arrays(List<TokenRow> rows, NDManager manager) {
        return reader.preprocessor().arrays(rows.stream().map(TextRows::tokens).toList(), manager);
    }

    @Override
    public int offset(TokenRow row, int length) {
        return reader.preprocessor().firstToken(tokens(row), length);
    }

    private static Tokens tokens(TokenRow row) {
        return new Tokens(row.ids(), row.types(), false);
    }

    @Override
    public List<String> files() {
        return reader.preprocessor().files();
    }

    @Override
    public void close() {
        reader.close();
    }
}
