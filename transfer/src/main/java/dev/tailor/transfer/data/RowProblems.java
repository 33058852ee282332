package dev.tailor.transfer.data;

import dev.tailor.TailorException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the rows of a file: the first few in words, the others counted. */
final class RowProblems {
    private static final int MOST = 5;

    private final Path file;
    private final String unit;
    private final List<String> first = new ArrayList<>();
    private int count;

    RowProblems(Path file, String unit) {
        this.file = file;
        this.unit = unit;
    }

    void add(int row, String what) {
        count++;
        if (first.size() < MOST) {
            first.add(unit + " " + row + " " + what);
        }
    }

    /** Throws one exception with all of them, if there are any. */
    void refuse() {
        if (count > 0) {
            int hidden = count - first.size();
            throw new TailorException(count + " " + unit + (count == 1 ? "" : "s") + " of " + file + " cannot be used: "
                    + String.join("; ", first) + (hidden > 0 ? "; and " + hidden + " more" : "")
                    + ". Correct or delete them.");
        }
    }
}
