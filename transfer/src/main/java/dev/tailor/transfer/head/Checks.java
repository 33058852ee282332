package dev.tailor.transfer.head;

/** What all heads ask of their examples. */
final class Checks {
    private Checks() {}

    static void examples(Rows rows, int[] labels, int classes) {
        if (rows.size() == 0 || rows.size() != labels.length) {
            throw new IllegalArgumentException(rows.size() + " vectors and " + labels.length
                    + " labels; there must be one label for each, and one at least");
        }
        if (classes < 2) {
            throw new IllegalArgumentException("a classifier needs at least 2 classes, found " + classes);
        }
        for (int label : labels) {
            if (label < 0 || label >= classes) {
                throw new IllegalArgumentException("the class " + label + " is not in [0, " + classes + ")");
            }
        }
    }
}
