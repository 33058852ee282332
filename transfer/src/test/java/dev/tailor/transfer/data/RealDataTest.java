package dev.tailor.transfer.data;

import static dev.tailor.transfer.testing.Assets.asset;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import ai.djl.modality.cv.Image;
import dev.tailor.TailorException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** Reads published data sets as they are. They lie beside the project and are not part of it. */
class RealDataTest {
    @Test
    void flowers() {
        Path root = asset("data-flowers-cc-by");
        assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> ImageFolder.of(root))
                .withMessageContaining(root.resolve("train").toString());
        ImageFolder flowers = ImageFolder.of(root.resolve("train"));
        assertThat(flowers.classes()).containsExactly("daisy", "dandelion", "roses", "sunflowers", "tulips");
        assertThat(flowers.counts().values()).containsOnly(100);
        assertThat(flowers.get(0).source()).isEqualTo("daisy/100080576_f52e8ee070_n.jpg");
        for (Example<Image, String> flower : flowers.subset(0, 100, 250, 499)) {
            assertThat(flower.input().getWidth()).isBetween(100, 2000);
        }
    }

    @Test
    void banking77_with_header_quotes_and_line_breaks() {
        TextTable banking = TextTable.csv(asset("data-banking77").resolve("train.csv"));
        assertThat(banking.size()).isEqualTo(10003);
        assertThat(banking.classes()).hasSize(77);
        assertThat(banking.get(0)).isEqualTo(new Example<>("I am still waiting on my card?", "card_arrival", "row 2"));
        assertThat(banking.get(4).input()).isEqualTo("How do I know if I will get my card, or if it is lost?");
        Split<String, String> split = banking.split(0.9, 42);
        assertThat(split.validation().counts()).hasSize(77);
        assertThat(split.train().size()).isEqualTo(9003);
    }

    @Test
    void sst2_without_header() {
        TextTable reviews = TextTable.tsv(asset("data-sst2").resolve("train.tsv"), 0, 1);
        assertThat(reviews.size()).isEqualTo(6920);
        assertThat(reviews.classes()).containsExactly("0", "1");
    }

    @Test
    void sms_spam_with_the_label_first_and_stray_quotes() {
        Path file = asset("data-sms-spam").resolve("sms.tsv");
        TextTable messages = TextTable.tsv(file, 1, 0);
        assertThat(messages.size()).isEqualTo(5574);
        assertThat(messages.counts()).containsEntry("ham", 4827).containsEntry("spam", 747);
        assertThat(messages.get(588).input()).isEqualTo("\"Pete can you please ring meive hardly gotany credit\"");
        assertThatExceptionOfType(TailorException.class)
                .isThrownBy(() -> TextTable.tsv(file))
                .withMessageContaining("positions");
    }
}
