package dev.tailor.zoo.tokenizers;

import dev.tailor.TailorException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What a sentencepiece file holds, as far as encoding needs it; see {@code sentencepiece_model.proto}.
 *
 * @param pieces by id
 * @param unigram whether pieces are chosen by their scores' sum, else by merging (BPE)
 * @param byteFallback whether what no piece covers becomes bytes
 * @param charsMap the compiled rules of the normalization, empty for none
 * @param dummyPrefix whether a text begins with a space
 * @param removeExtraSpaces whether spaces at the ends go and inner ones become one
 */
record SentencePieceModel(
        List<Piece> pieces,
        boolean unigram,
        boolean byteFallback,
        byte[] charsMap,
        boolean dummyPrefix,
        boolean removeExtraSpaces) {
    /** What stands for a space in a piece. */
    static final String SPACE = "\u2581";

    private static final long UNIGRAM = 1;
    private static final long BPE = 2;

    /** One entry of the vocabulary. */
    record Piece(String text, float score, Type type) {}

    /** The proto's numbers are the ordinals and one. */
    enum Type {
        NORMAL,
        UNKNOWN,
        CONTROL,
        USER_DEFINED,
        UNUSED,
        BYTE
    }

    /**
     * Reads and checks a model.
     *
     * @throws TailorException if it is damaged, or of a kind that cannot be run
     */
    static SentencePieceModel read(Path file) {
        return new Reader(file.toString()).read(TokenizerText.bytes(file));
    }

    /** The id of the unknown piece. */
    int unknown() {
        return IntStream.range(0, pieces.size())
                .filter(i -> pieces.get(i).type() == Type.UNKNOWN)
                .findFirst()
                .orElseThrow();
    }

    /** Whether no piece reaches over the beginning of a word, so that words can be taken one by one. */
    boolean splitsAtSpaces() {
        return pieces.stream()
                .noneMatch(p -> p.type() != Type.CONTROL && p.text().indexOf(SPACE, 1) > 0);
    }

    private static final class Reader {
        private final String source;
        private final List<Piece> pieces = new ArrayList<>();
        private long modelType = UNIGRAM;
        private boolean byteFallback;
        private byte[] charsMap = {};
        private boolean dummyPrefix = true;
        private boolean removeExtraSpaces = true;
        private boolean escapeSpaces = true;
        private boolean spaceAsSuffix;

        Reader(String source) {
            this.source = source;
        }

        SentencePieceModel read(byte[] bytes) {
            ProtoReader model = new ProtoReader(ByteBuffer.wrap(bytes), source);
            for (int field = model.next(); field != 0; field = model.next()) {
                switch (field) {
                    case 1 -> pieces.add(piece(model.message()));
                    case 2 -> trainer(model.message());
                    case 3 -> normalizer(model.message());
                    default -> model.skip();
                }
            }
            List<String> problems = problems();
            if (!problems.isEmpty()) {
                throw new TailorException(source + " cannot be used as a tokenizer: " + String.join("; ", problems));
            }
            return new SentencePieceModel(
                    List.copyOf(pieces), modelType == UNIGRAM, byteFallback, charsMap, dummyPrefix, removeExtraSpaces);
        }

        private Piece piece(ProtoReader in) {
            String text = "";
            float score = 0;
            long type = 1;
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 1 -> text = in.text();
                    case 2 -> score = in.number();
                    case 3 -> type = in.integer();
                    default -> in.skip();
                }
            }
            if (type < 1 || type > Type.values().length || !Float.isFinite(score)) {
                throw new TailorException(source + " is damaged: the piece " + pieces.size() + " has the type " + type
                        + " and the score " + score);
            }
            return new Piece(text, score, List.of(Type.values()).get((int) type - 1));
        }

        private void trainer(ProtoReader in) {
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 3 -> modelType = in.integer();
                    case 24 -> spaceAsSuffix = in.flag();
                    case 35 -> byteFallback = in.flag();
                    default -> in.skip();
                }
            }
        }

        private void normalizer(ProtoReader in) {
            for (int field = in.next(); field != 0; field = in.next()) {
                switch (field) {
                    case 2 -> {
                        ByteBuffer map = in.bytes();
                        charsMap = new byte[map.remaining()];
                        map.get(charsMap);
                    }
                    case 3 -> dummyPrefix = in.flag();
                    case 4 -> removeExtraSpaces = in.flag();
                    case 5 -> escapeSpaces = in.flag();
                    default -> in.skip();
                }
            }
        }

        private List<String> problems() {
            List<String> problems = new ArrayList<>();
            if (modelType != UNIGRAM && modelType != BPE) {
                problems.add("its model type is " + modelType + ", supported are 1 (unigram) and 2 (BPE)");
            }
            if (spaceAsSuffix || !escapeSpaces) {
                problems.add("spaces as suffixes and spaces that are not escaped are not supported");
            }
            long unknown = pieces.stream().filter(p -> p.type() == Type.UNKNOWN).count();
            if (unknown != 1) {
                problems.add("it has " + unknown + " unknown pieces among " + pieces.size() + ", expected one");
            }
            Set<String> seen = new HashSet<>();
            pieces.stream()
                    .filter(p -> p.text().isEmpty() || !seen.add(p.text()))
                    .findFirst()
                    .ifPresent(p -> problems.add("the piece \"" + p.text() + "\" is empty or comes twice"));
            CharsMap.problem(charsMap).ifPresent(problems::add);
            return problems;
        }
    }
}
