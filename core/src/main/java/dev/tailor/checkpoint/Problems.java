package dev.tailor.checkpoint;

import java.util.ArrayList;
import java.util.List;

/** Collects what is wrong, so that one message tells all of it; a hostile file cannot make that message endless. */
final class Problems {
    private static final int SHOWN = 20;

    private final List<String> shown = new ArrayList<>();
    private int count;

    void add(String problem) {
        if (count++ < SHOWN) {
            shown.add(problem);
        }
    }

    boolean any() {
        return count > 0;
    }

    /** One problem in the line, several as a list below it. */
    @Override
    public String toString() {
        if (count == 1) {
            return " " + shown.get(0);
        }
        StringBuilder text = new StringBuilder();
        shown.forEach(problem -> text.append("\n  - ").append(problem));
        if (count > SHOWN) {
            text.append("\n  - and ").append(count - SHOWN).append(" more");
        }
        return text.toString();
    }

    /** Cuts a name from a file to a length fit for a message. */
    static String shorten(String name) {
        return name.length() <= 200 ? name : name.substring(0, 200) + "...";
    }
}
