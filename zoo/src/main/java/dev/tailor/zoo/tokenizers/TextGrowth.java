package dev.tailor.zoo.tokenizers;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** How much longer a tokenizer's replacements can make a text; found by trying them on what they look for. */
final class TextGrowth {
    private static final int MOST = 64;
    private static final int COPIES = 16;

    private record Replacement(String text, String by) {}

    private final List<Replacement> replacements = new ArrayList<>();
    private double ofPatterns = 1;

    /** Adds the replacement of a text by another, behind those before it. */
    void replacing(String text, String by) {
        replacements.add(new Replacement(text, by));
    }

    /** Adds the replacement of what a pattern finds, at least {@code least} characters. */
    void replacing(long least, String by) throws IOException {
        ofPatterns *= Math.max(1, (double) by.length() / least);
        require(ofPatterns);
    }

    /** The factor. */
    double most() throws IOException {
        double most = 1;
        for (Replacement first : replacements) {
            String grown = first.text().repeat(COPIES);
            double before = grown.length();
            for (Replacement replacement : replacements) {
                grown = grown.replace(replacement.text(), replacement.by());
                require(grown.length() / before);
            }
            most = Math.max(most, grown.length() / before);
        }
        require(most * ofPatterns);
        return most * ofPatterns;
    }

    private static void require(double growth) throws IOException {
        if (growth > MOST) {
            throw new IOException("its normalizers can make a text more than " + MOST + " times as long");
        }
    }
}
