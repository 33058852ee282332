package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.AtomicFiles;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubProvider;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;

/** A hub that a third party could bring: one class, and its name in {@code META-INF/services/dev.tailor.hub.HubProvider}. */
public final class TestHub implements HubProvider {
    @Override
    public String scheme() {
        return "test";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        if (!id.path().equals("tiny")) {
            throw HubException.of(id.path(), id + " does not exist; there is only test://tiny");
        }
        Path folder = Objects.requireNonNull(request.cache()).resolve("test").resolve(id.path());
        try {
            AtomicFiles.write(
                    folder.resolve("config.json"), "{\"model_type\":\"test\"}".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        request.listener().finished("config.json", 21);
        return new Snapshot(id.toString(), folder, "1");
    }
}
