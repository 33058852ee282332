package dev.tailor.zoo.tokenizers;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Checks sentencepiece's compiled normalization rules: a size, a double-array trie of 32-bit units (Darts-clone) and the
 * replacements, each ended by a zero. The native tokenizer follows the trie without looking at its bounds, and what it cannot read
 * ends the process.
 */
final class CharsMap {
    private final ByteBuffer trie;
    private final ByteBuffer replacements;
    private final int units;

    private CharsMap(ByteBuffer trie, ByteBuffer replacements) {
        this.trie = trie;
        this.replacements = replacements;
        this.units = trie.limit() / Integer.BYTES;
    }

    /** What is wrong with the rules; no rules are right. */
    static Optional<String> problem(byte[] bytes) {
        if (bytes.length == 0) {
            return Optional.empty();
        }
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        long size = bytes.length < Integer.BYTES ? -1 : Integer.toUnsignedLong(all.getInt());
        if (size < Integer.BYTES || size % Integer.BYTES != 0 || size > all.remaining()) {
            return Optional.of("its normalization rules hold " + bytes.length + " bytes and say that a trie of " + size
                    + " is in them");
        }
        ByteBuffer trie = all.slice(all.position(), (int) size).order(ByteOrder.LITTLE_ENDIAN);
        int end = all.position() + (int) size;
        CharsMap map = new CharsMap(trie, all.slice(end, bytes.length - end));
        if (!map.replacementsAreText()) {
            return Optional.of("the replacements of its normalization rules are not UTF-8");
        }
        return map.sound() ? Optional.empty() : Optional.of("the trie of its normalization rules leads out of bounds");
    }

    /** Whether sound rules make one character of a letter and the accent behind it, as NFC and NFKC do. */
    static boolean composes(byte[] bytes) {
        if (bytes.length == 0) {
            return false;
        }
        ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int end = Integer.BYTES + all.getInt();
        CharsMap map = new CharsMap(
                all.slice(Integer.BYTES, end - Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN),
                all.slice(end, bytes.length - end));
        return "\u00E9".equals(map.replacement("e\u0301"));
    }

    private @Nullable String replacement(String text) {
        int node = offset(unit(0));
        int unit = 0;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            int c = b & 0xFF;
            unit = unit(node ^ c);
            if ((unit & 0x8000_00FF) != c) {
                return null;
            }
            node = node ^ c ^ offset(unit);
        }
        if ((unit >> 8 & 1) == 0) {
            return null;
        }
        int from = unit(node) & 0x7FFF_FFFF;
        int to = from;
        while (to < replacements.limit() && replacements.get(to) != 0) {
            to++;
        }
        return StandardCharsets.UTF_8
                .decode(replacements.slice(from, to - from))
                .toString();
    }

    /** Visits every node that some text reaches. */
    private boolean sound() {
        BitSet seen = new BitSet(units);
        Deque<Integer> open = new ArrayDeque<>();
        open.add(offset(unit(0)));
        while (!open.isEmpty()) {
            int node = open.remove();
            if ((node | 0xFF) >= units) {
                return false;
            }
            if (seen.get(node)) {
                continue;
            }
            seen.set(node);
            for (int c = 1; c <= 0xFF; c++) {
                int unit = unit(node ^ c);
                if ((unit & 0x8000_00FF) != c) {
                    continue;
                }
                int next = node ^ c ^ offset(unit);
                boolean leaf = (unit >> 8 & 1) == 1;
                if (leaf && (next >= units || !startsReplacement(unit(next) & 0x7FFF_FFFF))) {
                    return false;
                }
                open.add(next);
            }
        }
        return true;
    }

    private boolean replacementsAreText() {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(replacements.duplicate());
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /** Whether a replacement begins there: at the start of a character. */
    private boolean startsReplacement(int at) {
        return at < replacements.limit() && (replacements.get(at) & 0xC0) != 0x80;
    }

    private int unit(int at) {
        return trie.getInt(at * Integer.BYTES);
    }

    private static int offset(int unit) {
        return unit >>> 10 << ((unit & 1 << 9) >> 6);
    }
}
