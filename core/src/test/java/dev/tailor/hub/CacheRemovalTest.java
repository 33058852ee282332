package dev.tailor.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tailor.TailorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CacheRemovalTest {
    @TempDir
    Path temporary;

    private Path cache = Path.of("");
    private Path outside = Path.of("");

    @BeforeEach
    void a_cache_and_something_beside_it() throws IOException {
        cache = Files.createDirectories(temporary.resolve("cache"));
        outside = Files.createDirectories(temporary.resolve("outside"));
        Files.writeString(outside.resolve("precious"), "x");
        Files.createDirectories(cache.resolve("model/sub"));
        Files.writeString(cache.resolve("model/sub/file"), "y");
        Files.createSymbolicLink(cache.resolve("model/link"), outside);
    }

    @Test
    void takes_a_folder_away_at_once_and_its_links_without_their_targets() throws IOException {
        Path trash = cache.resolve("trash");
        try (CacheRemoval removal = CacheRemoval.begin(cache, "model")) {
            Path retired = removal.retire(cache.resolve("model"), trash);
            assertThat(cache.resolve("model")).doesNotExist();
            assertThat(retired.resolve("sub/file")).exists();
        }
        try (CacheRemoval later = CacheRemoval.begin(cache, "other")) {
            assertThat(later.retired(trash)).hasSize(1);
            later.removeRetired(trash);
            later.removeEmpty(trash);
        }
        assertThat(cache).isEmptyDirectory();
        assertThat(outside.resolve("precious")).exists();
    }

    @Test
    void refuses_what_links_lead_out_of_the_cache() throws IOException {
        try (CacheRemoval removal = CacheRemoval.begin(cache, "model")) {
            Path path = cache.resolve("model/link/precious");
            assertThatThrownBy(() -> removal.remove(path))
                    .isInstanceOf(TailorException.class)
                    .hasMessageContaining("model: links lead from " + path + " out of the cache");
            assertThatThrownBy(() -> removal.remove(outside)).isInstanceOf(TailorException.class);
            assertThatThrownBy(() -> removal.remove(cache.resolve("../outside/precious")))
                    .isInstanceOf(TailorException.class);
            assertThatThrownBy(() -> removal.retire(path, cache)).isInstanceOf(TailorException.class);
            assertThatThrownBy(() -> removal.lock(path)).isInstanceOf(TailorException.class);
        }
        assertThat(outside.resolve("precious")).hasContent("x");
    }

    @Test
    void one_holds_a_lock_at_a_time() throws IOException {
        Path lock = cache.resolve("locks/a.lock");
        try (CacheRemoval second = CacheRemoval.begin(cache, "second")) {
            try (CacheRemoval first = CacheRemoval.begin(cache, "first")) {
                first.lock(lock);
                first.lock(lock);
                assertThat(second.tryLock(lock)).isFalse();
                assertThatThrownBy(() -> second.lockAll(lock.getParent()))
                        .isInstanceOfSatisfying(
                                UnavailableException.class,
                                e -> assertThat(e.reason()).isEqualTo(UnavailableException.Reason.BUSY))
                        .hasMessageContaining("second: another thread or process is downloading it");
            }
            second.lockAll(lock.getParent());
        }
        assertThat(lock).exists();
    }
}
