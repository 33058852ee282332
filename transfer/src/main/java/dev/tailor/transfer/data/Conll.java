package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import dev.tailor.task.WordTags;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Sentences whose words carry tags, in columns: one word a line, a blank line after each sentence (Tjong Kim Sang and De
 * Meulder 2003, CoNLL-2003).
 *
 * <pre>
 * EU NNP B-NP B-ORG
 * rejects VBZ B-VP O
 * </pre>
 *
 * <p>Columns are separated by tabs if the first line with a word has one (WNUT), else by any blanks. Unless told otherwise
 * the word stands in the first column and the tag in the last. Lines whose word is {@code -DOCSTART-} are passed over, as are
 * sentences without words. Tags are kept as they are written, whichever scheme (IOB1, IOB2, IOBES) they follow. The source of
 * an example is its first line.
 *
 * <p>A file must be UTF-8 and is read into memory at once. Immutable and safe for many threads.
 */
public final class Conll implements Dataset<List<String>, List<String>> {
    private final Path file;
    private final List<Example<List<String>, List<String>>> sentences;

    Conll(Path file, List<Example<List<String>, List<String>>> sentences) {
        this.file = file;
        this.sentences = List.copyOf(sentences);
    }

    /**
     * Reads a file with the word in the first column and the tag in the last.
     *
     * @throws TailorException if the file does not exist, is not UTF-8, has no sentences, or has lines that do not fit; the
     *     message lists them
     */
    public static Conll of(Path file) {
        return of(file, 0, -1);
    }

    /**
     * Reads a file with given columns.
     *
     * @param word position of the word, from 0; from -1 backwards, -1 being the last
     * @param tag position of the tag, counted likewise
     * @throws IllegalArgumentException if both are the same
     * @throws TailorException as {@link #of(Path)}
     */
    public static Conll of(Path file, int word, int tag) {
        if (word == tag) {
            throw new IllegalArgumentException("The word and the tag need two columns; both are " + word);
        }
        ConllReader reader = new ConllReader(file, word, tag);
        try (BufferedReader lines = Utf8File.open(file)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                reader.line(line);
            }
        } catch (CharacterCodingException e) {
            throw Utf8File.malformed(file, e);
        } catch (IOException e) {
            throw new TailorException("Cannot read " + file + ": " + e, e);
        }
        return reader.build();
    }

    /**
     * The same sentences as token classifiers take them: texts with a space between words, and the words' places in them with
     * their tags.
     */
    public Dataset<String, WordTags> asTexts() {
        return TaggedWords.asTexts(this);
    }

    /** Returns the distinct tags, sorted. */
    public List<String> tags() {
        return sentences.stream()
                .flatMap(s -> s.target().stream())
                .distinct()
                .sorted()
                .toList();
    }

    @Override
    public int size() {
        return sentences.size();
    }

    @Override
    public Example<List<String>, List<String>> get(int index) {
        return sentences.get(Objects.checkIndex(index, sentences.size()));
    }

    @Override
    public List<String> target(int index) {
        return get(index).target();
    }

    @Override
    public String toString() {
        return size() + " sentences with " + tags().size() + " tags in " + file;
    }
}
