package dev.tailor.task;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Tags to entities, by the rules of the CoNLL-2000 shared task's conlleval script, which seqeval's default mode follows. */
final class Chunks {
    private static final String PREFIXES = "BIES";

    private Chunks() {}

    /** An entity: its type and the words that it consists of. */
    record Chunk(String type, int sentence, int from, int to) {}

    /** Whether tags are of entities: {@code O}, or with a prefix. */
    static boolean areOfEntities(Set<String> tags) {
        Set<String> prefixed = new TreeSet<>();
        Set<String> plain = new TreeSet<>();
        for (String tag : tags) {
            if (!tag.equals(WordTags.OUTSIDE)) {
                (isPrefixed(tag) ? prefixed : plain).add(tag);
            }
        }
        if (!prefixed.isEmpty() && !plain.isEmpty()) {
            throw new IllegalArgumentException(
                    "some tags have a prefix for entities (B-, I-, E- or S-), some have none: " + prefixed + " and "
                            + plain);
        }
        return plain.isEmpty();
    }

    private static boolean isPrefixed(String tag) {
        return tag.length() > 2 && PREFIXES.indexOf(tag.charAt(0)) >= 0 && tag.charAt(1) == '-';
    }

    /** The entities of one sentence; without entities' tags every word is one. */
    static Set<Chunk> of(int sentence, List<String> tags, boolean entities) {
        Set<Chunk> chunks = new LinkedHashSet<>();
        if (!entities) {
            for (int i = 0; i < tags.size(); i++) {
                chunks.add(new Chunk(tags.get(i), sentence, i, i));
            }
            return chunks;
        }
        List<String> ended = new ArrayList<>(tags);
        ended.add(WordTags.OUTSIDE);
        char prefix = 'O';
        String type = "";
        int from = 0;
        for (int i = 0; i < ended.size(); i++) {
            char nextPrefix = ended.get(i).charAt(0);
            String nextType = nextPrefix == 'O' ? "" : ended.get(i).substring(2);
            boolean other = !nextType.equals(type);
            if (ends(prefix, nextPrefix, other)) {
                chunks.add(new Chunk(type, sentence, from, i - 1));
            }
            if (starts(prefix, nextPrefix, other)) {
                from = i;
            }
            prefix = nextPrefix;
            type = nextType;
        }
        return chunks;
    }

    private static boolean ends(char prefix, char next, boolean otherType) {
        return switch (prefix) {
            case 'E', 'S' -> true;
            case 'B', 'I' -> next == 'B' || next == 'S' || next == 'O' || otherType;
            default -> false;
        };
    }

    private static boolean starts(char prefix, char next, boolean otherType) {
        return switch (next) {
            case 'B', 'S' -> true;
            case 'E', 'I' -> prefix == 'E' || prefix == 'S' || prefix == 'O' || otherType;
            default -> false;
        };
    }
}
