package dev.tailor.transfer.task;

import dev.tailor.TokenPreprocessor;
import dev.tailor.TokenRow;
import dev.tailor.program.Losses;
import dev.tailor.task.WordTags;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import dev.tailor.transfer.train.Batch;
import dev.tailor.transfer.train.Loop;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Rows of tokens with the tags' ids as targets; a text that is longer than the network reads has several.
 *
 * @param labels for each row the id at a word's first token, {@link Losses#IGNORED} at all others
 */
record TaggedRows(TokenPreprocessor<String> preprocessor, List<TokenRow> rows, List<int[]> labels)
        implements Loop.Source {

    static TaggedRows of(Dataset<String, WordTags> data, TokenPreprocessor<String> preprocessor, Labels known) {
        List<TokenRow> rows = new ArrayList<>();
        List<int[]> labels = new ArrayList<>();
        for (Example<String, WordTags> example : data) {
            WordTags words = example.target();
            List<TokenRow> own = preprocessor.rows(example.input());
            int[] firsts = WordPlaces.firsts(words, own);
            for (TokenRow row : own) {
                rows.add(row);
                labels.add(ids(words, row, firsts, known));
            }
        }
        return new TaggedRows(preprocessor, List.copyOf(rows), List.copyOf(labels));
    }

    private static int[] ids(WordTags words, TokenRow row, int[] firsts, Labels known) {
        int[] owners = WordPlaces.words(words, row.starts(), row.ends());
        int[] ids = new int[owners.length];
        Arrays.fill(ids, Losses.IGNORED);
        for (int i = 0; i < ids.length; i++) {
            // Several tokens can stand for one character and begin at the same place.
            boolean first = owners[i] >= 0 && row.starts()[i] == firsts[owners[i]];
            if (first && (i == 0 || owners[i - 1] != owners[i])) {
                ids[i] = known.id(words.words().get(owners[i]).tag());
            }
        }
        return ids;
    }

    @Override
    public int size() {
        return rows.size();
    }

    @Override
    public Batch batch(int[] indices, long seed) {
        List<TokenRow> chosen = Arrays.stream(indices).mapToObj(rows::get).toList();
        int length = chosen.stream().mapToInt(TokenRow::length).max().orElseThrow();
        long[] ids = new long[indices.length * length];
        Arrays.fill(ids, Losses.IGNORED);
        for (int i = 0; i < indices.length; i++) {
            int[] own = labels.get(indices[i]);
            int at = i * length + preprocessor.offset(chosen.get(i), length);
            for (int id : own) {
                ids[at++] = id;
            }
        }
        return Batch.classified(manager -> preprocessor.arrays(chosen, manager), ids, indices.length, length);
    }
}
