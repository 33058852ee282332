package dev.tailor.zoo.hubs;

import static dev.tailor.zoo.hubs.FakeHuggingFace.COMMIT;
import static dev.tailor.zoo.hubs.FakeHuggingFace.etag;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.ModelId;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HuggingFaceHubTest {
    private static final String CONFIG = "{\"model_type\":\"bert\"}";

    @TempDir
    Path temporary;

    final byte[] weights = bytes(300_000);
    final Map<String, String> variables = new HashMap<>();
    final List<Duration> sleeps = new ArrayList<>();
    FakeHuggingFace server = new FakeHuggingFace("org/name");

    @BeforeEach
    void set_up() {
        server.with("config.json", CONFIG)
                .with("model.safetensors", weights)
                .with("tokenizer.json", "{}")
                .with("README.md", "# name")
                .with(".gitattributes", "x")
                .with("modeling.py", "import os")
                .with("pytorch_model.bin", "pickle")
                .with("onnx/model.onnx", "onnx");
        variables.put("HF_ENDPOINT", server.hub().toString());
        variables.put("HF_HOME", temporary.resolve("hf").toString());
        variables.put("HF_TOKEN", "hf_secret");
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void writes_the_cache_of_huggingface_hub() throws IOException {
        Snapshot snapshot = fetch("hf://org/name");

        Path repository = temporary.resolve("hf/hub/models--org--name");
        assertThat(snapshot.root()).isEqualTo(repository.resolve("snapshots/" + COMMIT));
        assertThat(snapshot.revision()).isEqualTo(COMMIT);
        assertThat(snapshot.files()).containsExactly("README.md", "config.json", "model.safetensors", "tokenizer.json");
        assertThat(snapshot.require("model.safetensors")).hasBinaryContent(weights);
        assertThat(repository.resolve("refs/main")).hasBinaryContent(COMMIT.getBytes());
        String blob = etag("model.safetensors", weights);
        assertThat(Files.readSymbolicLink(snapshot.root().resolve("model.safetensors")))
                .hasToString("../../blobs/" + blob);
        assertThat(repository.resolve("blobs/" + blob)).isRegularFile().hasBinaryContent(weights);
        assertThat(repository.resolve("blobs/" + etag("config.json", CONFIG.getBytes())))
                .hasContent(CONFIG);
        assertThat(repository.resolve(".no_exist/" + COMMIT + "/generation_config.json"))
                .isEmptyFile();
        assertThat(repository.resolve(".no_exist/" + COMMIT + "/config.json")).doesNotExist();
        assertThat(temporary.resolve("hf/hub/CACHEDIR.TAG"))
                .content()
                .startsWith("Signature: 8a477f597d28d172789f06886806bc55\n");
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void sends_the_token_to_the_hub_only() {
        fetch("hf://org/name");

        assertThat(server.seen("hub")).isNotEmpty().allMatch(seen -> "Bearer hf_secret".equals(seen.authorization()));
        assertThat(server.seen("storage")).isNotEmpty().allMatch(seen -> seen.authorization() == null);
    }

    @Test
    void opens_no_socket_for_a_complete_commit() {
        fetch("hf://org/name");
        server.close();
        server.forget();

        assertThat(fetch("hf://org/name@" + COMMIT).require("config.json")).hasContent(CONFIG);
        assertThat(sleeps).isEmpty();
    }

    @Test
    void asks_only_for_the_commit_when_a_branch_has_not_moved() {
        fetch("hf://org/name");
        server.forget();
        fetch("hf://org/name");

        assertThat(TwoHosts.paths(server.seen())).containsExactly("GET /api/models/org/name/revision/main");
    }

    @Test
    void takes_unchanged_files_of_a_new_commit_from_the_blobs() throws IOException {
        fetch("hf://org/name");
        String next = "f".repeat(40);
        server.at(next).with("config.json", "{\"model_type\":\"gpt2\"}").forget();
        Snapshot snapshot = fetch("hf://org/name");

        assertThat(snapshot.revision()).isEqualTo(next);
        assertThat(snapshot.require("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.seen("storage")).isEmpty();
        assertThat(temporary.resolve("hf/hub/models--org--name/refs/main")).hasContent(next);
    }

    @Test
    void resumes_a_cut_download_where_it_ended() throws IOException {
        server.spoil("GET storage", TwoHosts.cut(weights, 100_000));
        Snapshot snapshot = fetch("hf://org/name");

        assertThat(server.seen("storage").stream().map(TwoHosts.Seen::range).toList())
                .containsExactly(null, "bytes=100000-");
        assertThat(snapshot.require("model.safetensors")).hasBinaryContent(weights);
    }

    @Test
    void resumes_what_a_killed_process_left() throws IOException {
        leavePartial(java.util.Arrays.copyOf(weights, 123_456));
        Snapshot snapshot = fetch("hf://org/name");

        assertThat(server.seen("storage").get(0).range()).isEqualTo("bytes=123456-");
        assertThat(snapshot.require("model.safetensors")).hasBinaryContent(weights);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void starts_over_when_the_earlier_part_is_damaged() throws IOException {
        leavePartial(new byte[1000]);
        Snapshot snapshot = fetch("hf://org/name");

        assertThat(server.seen("storage").stream().map(TwoHosts.Seen::range).toList())
                .containsExactly("bytes=1000-", null);
        assertThat(snapshot.require("model.safetensors")).hasBinaryContent(weights);
    }

    @Test
    void takes_the_whole_body_when_the_hub_ignores_the_range() throws IOException {
        leavePartial(java.util.Arrays.copyOf(weights, 1000));
        server.spoil("GET storage", exchange -> {
            TwoHosts.answer(exchange, 200, weights);
            return true;
        });
        assertThat(fetch("hf://org/name").require("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.seen("storage")).hasSize(1);
    }

    @Test
    void starts_over_when_the_range_is_refused() throws IOException {
        leavePartial(java.util.Arrays.copyOf(weights, 1000));
        server.spoil("GET storage", TwoHosts.status(416, ""));
        assertThat(fetch("hf://org/name").require("model.safetensors")).hasBinaryContent(weights);
        assertThat(server.seen("storage").stream().map(TwoHosts.Seen::range).toList())
                .containsExactly("bytes=1000-", null);
    }

    @Test
    void publishes_nothing_when_the_digest_is_wrong() throws IOException {
        byte[] other = bytes(300_000);
        other[7]++;
        server.spoil("GET storage", exchange -> {
            TwoHosts.file(exchange, other);
            return true;
        });
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("model.safetensors")
                .hasMessageContaining(etag("model.safetensors", weights))
                .hasMessageNotContaining("secret");
        Path repository = temporary.resolve("hf/hub/models--org--name");
        assertThat(repository.resolve("blobs/" + etag("model.safetensors", weights)))
                .doesNotExist();
        assertThat(repository.resolve("snapshots/" + COMMIT + "/model.safetensors"))
                .doesNotExist();
        assertThat(repository.resolve("refs/main")).doesNotExist();
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void asks_the_hub_again_when_the_signed_address_has_expired() {
        server.spoil("GET storage", TwoHosts.status(403, "<Error>Request has expired</Error>"));
        assertThat(fetch("hf://org/name").require("model.safetensors")).hasBinaryContent(weights);
        assertThat(TwoHosts.paths(server.seen("hub")))
                .contains("GET /org/name/resolve/" + COMMIT + "/model.safetensors");
    }

    @Test
    void waits_as_long_as_the_rate_limit_says() {
        server.spoil("GET hub /api/models", TwoHosts.status(429, "", "RateLimit", "\"api\";r=0;t=55"));
        server.spoil("GET hub /api/models", TwoHosts.status(503, "", "Retry-After", "7"));
        fetch("hf://org/name");

        assertThat(sleeps).containsExactly(Duration.ofSeconds(56), Duration.ofSeconds(7));
    }

    @Test
    void gives_up_at_once_when_the_hub_asks_for_an_hour() {
        server.spoil("GET hub /api/models", TwoHosts.status(429, "", "Retry-After", "3600"));
        assertThatThrownBy(() -> fetch("hf://org/name"))
                .hasMessageContaining("Wait 3600 s")
                .isInstanceOfSatisfying(
                        HubException.class, e -> assertThat(e.isRetriable()).isTrue());
        assertThat(sleeps).isEmpty();
    }

    @Test
    void keeps_what_came_when_the_thread_is_interrupted() throws IOException {
        server.with("model.safetensors", bytes(3_000_000));
        var interrupting = new dev.tailor.hub.DownloadListener() {
            @Override
            public void progress(String file, long bytesSoFar, long total) {
                if (file.equals("model.safetensors") && bytesSoFar < total) {
                    Thread.currentThread().interrupt();
                }
            }
        };
        assertThatThrownBy(() -> hub().fetch(
                                ModelId.parse("hf://org/name"),
                                FetchRequest.defaults().withListener(interrupting)))
                .isInstanceOf(HubException.class)
                .hasMessageContaining("interrupted");
        assertThat(Thread.interrupted()).isTrue();
        long kept = Files.size(partial(bytes(3_000_000)));
        assertThat(kept).isPositive();
        server.forget();
        assertThat(fetch("hf://org/name").require("model.safetensors")).hasBinaryContent(bytes(3_000_000));
        assertThat(server.seen("storage").get(0).range()).isEqualTo("bytes=" + kept + "-");
    }

    @Test
    void replaces_a_dangling_blob_link_instead_of_writing_through_it() throws IOException {
        Path shared = temporary.resolve("shared");
        Path blob = temporary.resolve("hf/hub/models--org--name/blobs/" + etag("model.safetensors", weights));
        Files.createDirectories(blob.getParent());
        Files.createSymbolicLink(blob, shared);
        assertThat(fetch("hf://org/name").require("model.safetensors")).hasBinaryContent(weights);
        assertThat(shared).doesNotExist();
        assertThat(blob).isRegularFile();
        assertThat(Files.isSymbolicLink(blob)).isFalse();
    }

    @Test
    void puts_plain_files_where_links_are_not_wanted() throws IOException {
        variables.put("HF_HUB_DISABLE_SYMLINKS", "1");
        Path file = fetch("hf://org/name").require("model.safetensors");
        assertThat(Files.isSymbolicLink(file)).isFalse();
        assertThat(file).hasBinaryContent(weights);
    }

    @Test
    void two_threads_fetch_the_same_model() throws Exception {
        List<Snapshot> found = java.util.Collections.synchronizedList(new ArrayList<>());
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            threads.add(new Thread(() -> found.add(fetch("hf://org/name"))));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(found).hasSize(6);
        assertThat(found.get(0).require("model.safetensors")).hasBinaryContent(weights);
        assertThat(leftovers()).isEmpty();
    }

    @Test
    void downloads_on_its_own_when_the_holder_of_the_lock_stands_still() throws IOException {
        Path lock =
                temporary.resolve("hf/hub/.locks/models--org--name/" + etag("model.safetensors", weights) + ".lock");
        Files.createDirectories(lock.getParent());
        try (var channel = FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                var held = channel.lock()) {
            assertThat(held.isValid()).isTrue();
            leavePartial(new byte[10]);
            assertThat(fetch("hf://org/name").require("model.safetensors")).hasBinaryContent(weights);
        }
        assertThat(partial(weights)).hasSize(10);
        assertThat(leftovers()).hasSize(1);
    }

    @Test
    void downloads_an_empty_file() throws IOException {
        server.with("vocab.txt", "");
        assertThat(fetch("hf://org/name").require("vocab.txt")).isEmptyFile();
    }

    @Test
    void nests_the_ref_of_a_pull_request() {
        assertThat(fetch("hf://org/name@refs/pr/1").revision()).isEqualTo(COMMIT);
        assertThat(TwoHosts.paths(server.seen())).contains("GET /api/models/org/name/revision/refs%2Fpr%2F1");
        assertThat(temporary.resolve("hf/hub/models--org--name/refs/refs/pr/1")).hasContent(COMMIT);
    }

    @Test
    void follows_a_renamed_repository() {
        server.spoil("HEAD hub /org/name/resolve/" + COMMIT + "/config.json", exchange -> {
            exchange.getResponseHeaders().set("Location", exchange.getRequestURI() + "?renamed");
            TwoHosts.answer(exchange, 307, new byte[0]);
            return true;
        });
        server.spoil("GET hub /api/models/org/name/revision", exchange -> {
            exchange.getResponseHeaders().set("Location", "/api/models/org/name/revision/main?renamed");
            TwoHosts.answer(exchange, 307, new byte[0]);
            return true;
        });
        assertThat(fetch("hf://org/name").require("config.json")).hasContent(CONFIG);
    }

    Snapshot fetch(String id) {
        return hub().fetch(ModelId.parse(id), FetchRequest.defaults());
    }

    HuggingFaceHub hub() {
        return new HuggingFaceHub(
                Environment.of(variables), RetryPolicy.standard().withSleeper(time -> {
                    synchronized (sleeps) {
                        sleeps.add(time);
                    }
                    Thread.yield();
                }));
    }

    private void leavePartial(byte[] part) throws IOException {
        Files.createDirectories(partial(weights).getParent());
        Files.write(partial(weights), part);
    }

    private Path partial(byte[] content) {
        return temporary.resolve(
                "hf/hub/models--org--name/blobs/" + etag("model.safetensors", content) + ".tailor.incomplete");
    }

    private List<String> leftovers() throws IOException {
        try (var walk = Files.walk(temporary)) {
            return walk.map(Path::toString)
                    .filter(name -> name.endsWith(".incomplete") || name.endsWith(".tmp"))
                    .toList();
        }
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(1).nextBytes(bytes);
        return bytes;
    }
}
