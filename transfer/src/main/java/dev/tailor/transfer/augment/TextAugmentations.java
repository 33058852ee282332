package dev.tailor.transfer.augment;

import java.util.ArrayList;
import java.util.List;

/** Random changes of texts. */
public final class TextAugmentations {
    private TextAugmentations() {}

    /**
     * Leaves out each word with a probability, but never all of them; words stand between blanks, and those that stay have one
     * blank between them.
     *
     * @param probability in {@code [0, 1]}
     */
    public static Augmentation<String> wordDropout(double probability) {
        return wordDropout(probability, "");
    }

    /**
     * Puts a word in the place of each word with a probability, such as the tokenizer's {@code [MASK]}.
     *
     * @param probability in {@code [0, 1]}
     * @param instead nothing if empty
     */
    public static Augmentation<String> wordDropout(double probability, String instead) {
        Ranges.share("probability", probability);
        return (text, random) -> {
            if (text.isBlank()) {
                return text;
            }
            String[] words = text.strip().split("\\s+", -1);
            int kept = random.nextInt(words.length);
            List<String> left = new ArrayList<>();
            for (int i = 0; i < words.length; i++) {
                // The draw comes first, so that the word that is kept does not change the fate of the others.
                boolean dropped = random.nextDouble() < probability && i != kept;
                if (!dropped) {
                    left.add(words[i]);
                } else if (!instead.isEmpty()) {
                    left.add(instead);
                }
            }
            return String.join(" ", left);
        };
    }
}
