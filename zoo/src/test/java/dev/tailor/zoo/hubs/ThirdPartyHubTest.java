package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.Pretrained;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.Hubs;
import dev.tailor.hub.Snapshot;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThirdPartyHubTest {
    @TempDir
    Path temporary;

    @Test
    void serves_its_scheme_beside_the_hubs_of_tailor() {
        List<String> finished = new ArrayList<>();
        Snapshot snapshot = Pretrained.from("test://tiny")
                .cache(temporary)
                .listener(new DownloadListener() {
                    @Override
                    public void finished(String file, long total) {
                        finished.add(file + " " + total);
                    }
                })
                .download();
        assertThat(snapshot.id()).isEqualTo("test://tiny");
        assertThat(snapshot.revision()).isEqualTo("1");
        assertThat(snapshot.require("config.json")).hasContent("{\"model_type\":\"test\"}");
        assertThat(finished).containsExactly("config.json 21");
        FetchRequest request = FetchRequest.defaults().withCache(temporary);
        assertThat(Hubs.fetch(ModelId.parse("bundled:tiny"), request).files()).contains("config.json");
    }

    @Test
    void tells_its_errors_and_appears_among_the_known_schemes() {
        assertThatThrownBy(
                        () -> Pretrained.from("test://other").cache(temporary).download())
                .isInstanceOf(HubException.class)
                .hasMessageContaining("there is only test://tiny");
        assertThatThrownBy(() -> Pretrained.from("nohub://x").download())
                .hasMessageContaining("Known schemes: ")
                .hasMessageContaining("test")
                .hasMessageContaining("kaggle, keras, ngc")
                .hasMessageContaining("tfhub");
    }
}
