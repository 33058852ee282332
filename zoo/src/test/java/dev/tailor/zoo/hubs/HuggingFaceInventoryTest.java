package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import dev.tailor.hub.UnavailableException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceInventoryTest {
    private static final String OLD = FakeHuggingFace.COMMIT;
    private static final String NEW = "b".repeat(40);

    @TempDir
    Path temporary;

    final Map<String, String> variables = new HashMap<>();
    final FakeHuggingFace server = new FakeHuggingFace("org/name");

    @BeforeEach
    void set_up() {
        variables.put("HF_ENDPOINT", server.hub().toString());
        variables.put("HF_HUB_CACHE", temporary.resolve("hub").toString());
        server.with("config.json", "{}").with("model.safetensors", "weights");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void a_revision_takes_only_what_no_other_one_uses(boolean links) throws IOException {
        variables.put("HF_HUB_DISABLE_SYMLINKS", links ? "0" : "1");
        twoRevisions();
        List<CachedModel> cached = hub().cached(null);
        assertThat(cached)
                .extracting(CachedModel::id, CachedModel::names, CachedModel::files, CachedModel::bytes)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple("hf://org/name@" + OLD, List.of(), 2, 9L),
                        org.assertj.core.groups.Tuple.tuple("hf://org/name@" + NEW, List.of("main"), 2, 15L));
        assertThat(cached).extracting(CachedModel::freed).containsExactly(links ? 2L : 9L, links ? 8L : 15L);

        hub().delete(cached.get(0));
        assertThat(hub().cached(null)).singleElement().satisfies(left -> {
            assertThat(left.id()).isEqualTo("hf://org/name@" + NEW);
            assertThat(left.freed()).isEqualTo(15);
        });
        assertThat(offline("hf://org/name").require("model.safetensors")).hasContent("weights");
        assertThat(offline("hf://org/name").verify()).isEmpty();
        assertThatThrownBy(() -> offline("hf://org/name@" + OLD)).isInstanceOf(OfflineException.class);
        assertThat(repository().resolve("blobs/" + FakeHuggingFace.gitBlob("{}".getBytes())))
                .doesNotExist();

        hub().delete(hub().cached(null).get(0));
        assertThat(hub().cached(null)).isEmpty();
        assertThat(repository()).doesNotExist();
        assertThatThrownBy(() -> offline("hf://org/name")).isInstanceOf(OfflineException.class);
        assertThat(fetch().require("model.safetensors")).hasContent("weights");
    }

    @Test
    void a_file_that_is_downloaded_keeps_the_revision() throws IOException {
        fetch();
        CachedModel model = hub().cached(null).get(0);
        String etag = FakeHuggingFace.sha256("weights".getBytes());
        Path lock = temporary.resolve("hub/.locks/models--org--name/" + etag + ".lock");
        try (FileChannel held = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            held.lock();
            assertThatThrownBy(() -> hub().delete(model))
                    .isInstanceOf(UnavailableException.class)
                    .hasMessageContaining("hf://org/name@" + OLD)
                    .hasMessageContaining("nothing was deleted");
        }
        assertThat(offline("hf://org/name").verify()).isEmpty();
        assertThat(hub().cached(null)).singleElement().matches(model::isSameAs);
    }

    @Test
    void what_a_killed_deletion_left_is_no_snapshot_and_goes_with_the_next() throws IOException {
        twoRevisions();
        CachedModel old = hub().cached(null).get(0);
        // As far as it got: out of sight, but no byte is freed.
        Files.move(old.root(), repository().resolve(".tailor/" + OLD + ".01234567.deleted"));
        assertThatThrownBy(() -> offline("hf://org/name@" + OLD)).isInstanceOf(OfflineException.class);
        assertThat(hub().cached(null)).hasSize(1);
        Path blob = repository().resolve("blobs/" + FakeHuggingFace.gitBlob("{}".getBytes()));
        assertThat(blob).exists();
        hub().delete(hub().cached(null).get(0));
        assertThat(blob).doesNotExist();
        assertThat(repository()).doesNotExist();
    }

    @Test
    void links_are_never_followed_out_of_the_cache() throws IOException {
        Snapshot snapshot = fetch();
        Path outside = Files.createDirectories(temporary.resolve("outside/folder"));
        Files.writeString(outside.resolve("precious"), "x");
        Files.createSymbolicLink(snapshot.root().resolve("folder"), outside);
        Files.createSymbolicLink(snapshot.root().resolve("file"), outside.resolve("precious"));
        // A blob of the store that all repositories share.
        Path blob = repository().resolve("blobs/" + FakeHuggingFace.sha256("weights".getBytes()));
        Files.move(blob, temporary.resolve("outside/shared"));
        Files.createSymbolicLink(blob, temporary.resolve("outside/shared"));
        CachedModel model = hub().cached(null).get(0);
        assertThat(model.bytes()).isEqualTo(9);
        hub().delete(model);
        assertThat(outside.resolve("precious")).hasContent("x");
        assertThat(temporary.resolve("outside/shared")).hasContent("weights");
        assertThat(repository()).doesNotExist();
    }

    @Test
    void a_repository_that_lies_elsewhere_is_listed_but_not_deleted() throws IOException {
        fetch();
        Path elsewhere = temporary.resolve("elsewhere");
        Files.move(repository(), elsewhere);
        Files.createSymbolicLink(repository(), elsewhere);
        CachedModel model = hub().cached(null).get(0);
        assertThatThrownBy(() -> hub().delete(model))
                .isInstanceOf(TailorException.class)
                .hasMessageContaining("out of the cache")
                .hasMessageContaining("by hand");
        try (Stream<Path> walk = Files.walk(elsewhere)) {
            assertThat(walk.filter(path -> path.toString().contains("snapshots/" + OLD + "/")))
                    .hasSize(2);
        }
    }

    @Test
    void other_things_in_the_cache_are_no_models() throws IOException {
        Path hub = Files.createDirectories(temporary.resolve("hub"));
        Files.createDirectories(hub.resolve("datasets--org--name/snapshots/" + OLD));
        Files.createDirectories(hub.resolve("blobs/ab"));
        Files.createDirectories(hub.resolve("models--a--b--c/snapshots/" + OLD));
        Files.createDirectories(hub.resolve("models--gpt2/snapshots/main"));
        Files.createDirectories(hub.resolve("models--empty/snapshots/" + OLD));
        Files.writeString(hub.resolve("models--file"), "");
        assertThat(hub().cached(null)).isEmpty();
        Path gpt2 = Files.createDirectories(hub.resolve("models--gpt2/snapshots/" + OLD));
        Files.writeString(gpt2.resolve("config.json"), "{}");
        assertThat(hub().cached(null)).extracting(CachedModel::id).containsExactly("hf://gpt2@" + OLD);
        assertThat(hub().cached(temporary.resolve("none"))).isEmpty();
    }

    private void twoRevisions() {
        fetch();
        server.at(NEW).with("config.json", "{\"a\":1}\n");
        fetch();
    }

    private Path repository() {
        return temporary.resolve("hub/models--org--name");
    }

    private Snapshot fetch() {
        return hub().fetch(ModelId.parse("hf://org/name"), FetchRequest.defaults());
    }

    private Snapshot offline(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults().withOffline(true));
    }

    private HuggingFaceHub hub() {
        return new HuggingFaceHub(
                Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {}));
    }
}
