package dev.tailor.transfer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import dev.tailor.task.Likeness;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Pairs of few labelled texts. */
class ContrastivePairsTest {
    private static final Dataset<String, String> TEXTS = Dataset.of(
            List.of("red", "dark red", "blue", "light blue", "navy", "green"),
            t -> t.contains("red") ? "warm" : t.equals("green") ? "green" : "cold");

    @Test
    void each_text_gets_as_many_alike_as_unlike_ones() {
        Dataset<String, Likeness> pairs = ContrastivePairs.of(TEXTS, 20, 1);
        assertThat(pairs.size()).isEqualTo(2 * 20 * 6);
        Set<String> seen = new HashSet<>();
        int alike = 0;
        for (Example<String, Likeness> pair : pairs) {
            Likeness.Scored other = (Likeness.Scored) pair.target();
            boolean same = label(pair.input()).equals(label(other.text()));
            assertThat(other.score()).isEqualTo(same ? 1 : 0);
            assertThat(pair.input().equals(other.text()))
                    .isEqualTo(same && pair.input().equals("green"));
            alike += same ? 1 : 0;
            seen.add(pair.input() + " / " + other.text());
        }
        assertThat(alike).isEqualTo(20 * 6);
        // All ordered pairs of two labels, those of one label, and the lonely text with itself.
        assertThat(seen).hasSize(22 + 8 + 1);
    }

    @Test
    void a_seed_repeats_them() {
        assertThat(ContrastivePairs.of(TEXTS, 3, 7)).containsExactlyElementsOf(ContrastivePairs.of(TEXTS, 3, 7));
        assertThat(ContrastivePairs.of(TEXTS, 3, 7).targets())
                .isNotEqualTo(ContrastivePairs.of(TEXTS, 3, 8).targets());
    }

    @Test
    void one_label_makes_no_contrast() {
        assertThatThrownBy(() -> ContrastivePairs.of(TEXTS.subset(0, 1), 3, 7))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("[warm]");
        assertThatThrownBy(() -> ContrastivePairs.of(TEXTS, 0, 7)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void a_few_of_each_label_are_drawn() {
        Dataset<String, String> few = TEXTS.fewOfEach(2, 3);
        assertThat(few.counts()).containsOnly(Map.entry("warm", 2), Map.entry("cold", 2), Map.entry("green", 1));
        assertThat(few.inputs()).isSubsetOf(TEXTS.inputs());
        assertThat(few.inputs()).isEqualTo(TEXTS.fewOfEach(2, 3).inputs());
        assertThatThrownBy(() -> TEXTS.fewOfEach(0, 3)).isInstanceOf(IllegalArgumentException.class);
    }

    private static String label(String text) {
        return TEXTS.target(TEXTS.inputs().indexOf(text));
    }
}
