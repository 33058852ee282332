package dev.tailor.zoo.hubs;

import dev.tailor.hub.Credentials;
import dev.tailor.hub.Environment;
import dev.tailor.hub.HubClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The variables of huggingface_hub, with its defaults.
 *
 * @param endpoint the hub, without a slash at the end
 * @param cache the folder with {@code models--org--name} in it
 * @param credentials the token, or null
 * @param tokenSource where the token came from, or null
 * @param offline whether the environment forbids the network
 * @param symlinks whether snapshots may hold symbolic links
 */
record HuggingFaceSettings(
        URI endpoint,
        Path cache,
        @Nullable Credentials credentials,
        @Nullable String tokenSource,
        boolean offline,
        boolean symlinks) {
    private static final Logger LOG = LoggerFactory.getLogger(HuggingFaceSettings.class);
    private static final String DEFAULT_ENDPOINT = "https://huggingface.co";

    static HuggingFaceSettings read(Environment environment, @Nullable Path givenCache) {
        URI endpoint = HubText.endpoint(environment, "HF_ENDPOINT", DEFAULT_ENDPOINT);
        String home = environment.first("HF_HOME");
        Path folder =
                home != null ? environment.path(home) : environment.userCache().resolve("huggingface");
        String cache = environment.first("HF_HUB_CACHE", "HUGGINGFACE_HUB_CACHE");
        Path hub = cache != null ? environment.path(cache) : folder.resolve("hub");
        boolean offline = environment.isOn("HF_HUB_OFFLINE") || environment.isOn("TRANSFORMERS_OFFLINE");

        String source = null;
        Credentials credentials = null;
        // Offline no token is needed, and an unreadable one must not get in the way.
        if (!offline && !environment.isOn("HF_HUB_DISABLE_IMPLICIT_TOKEN")) {
            String token = environment.first("HF_TOKEN");
            source = "the variable HF_TOKEN";
            if (token == null) {
                token = environment.first("HUGGING_FACE_HUB_TOKEN");
                source = "the variable HUGGING_FACE_HUB_TOKEN";
            }
            if (token == null) {
                String path = environment.first("HF_TOKEN_PATH");
                Path file = path != null ? environment.path(path) : folder.resolve("token");
                token = readToken(file);
                source = "the file " + file;
            }
            credentials = token == null ? null : Credentials.bearer(endpoint, token, source);
        }
        return new HuggingFaceSettings(
                endpoint,
                (givenCache != null ? givenCache : hub).toAbsolutePath().normalize(),
                credentials,
                credentials == null ? null : source,
                offline,
                !environment.isOn("HF_HUB_DISABLE_SYMLINKS"));
    }

    /** An address below the endpoint; the path must be encoded already. */
    URI resolve(String encodedPath) {
        return URI.create(endpoint + encodedPath);
    }

    static HubClient.Timeouts timeouts(Environment environment) {
        return new HubClient.Timeouts(
                Duration.ofSeconds(10),
                seconds(environment, "HF_HUB_ETAG_TIMEOUT", 30),
                seconds(environment, "HF_HUB_DOWNLOAD_TIMEOUT", 30));
    }

    private static Duration seconds(Environment environment, String name, int standard) {
        String text = environment.first(name);
        if (text != null && text.matches("[0-9]{1,6}") && Integer.parseInt(text) > 0) {
            return Duration.ofSeconds(Integer.parseInt(text));
        }
        if (text != null) {
            LOG.warn("{} must be a whole number of seconds, found \"{}\"; using {}", name, text, standard);
        }
        return Duration.ofSeconds(standard);
    }

    private static @Nullable String readToken(Path file) {
        try {
            String token = Files.readString(file).strip();
            return token.isEmpty() ? null : token;
        } catch (NoSuchFileException e) {
            return null;
        } catch (IOException e) {
            LOG.warn("Cannot read the token file {}: {}; going on without a token", file, e.toString());
            return null;
        }
    }
}
