package dev.tailor.transfer.data;

import java.util.List;

/** Lists in messages: the first few and how many more. */
final class Shown {
    private static final int MOST = 8;

    private Shown() {}

    static String some(List<String> names) {
        if (names.isEmpty()) {
            return "nothing";
        }
        String first = String.join(", ", names.subList(0, Math.min(MOST, names.size())));
        return names.size() > MOST ? first + " and " + (names.size() - MOST) + " more" : first;
    }

    /** A cell of a table, cut to a length that a message can bear. */
    static String cell(String text) {
        return '"' + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + '"';
    }
}
