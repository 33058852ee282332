package dev.tailor.zoo.hubs;

import com.google.gson.JsonObject;
import dev.tailor.hub.Environment;
import dev.tailor.hub.HubException;
import dev.tailor.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The variables and the file of NVIDIA's clients.
 *
 * @param endpoint the catalogue, without a slash at the end
 * @param auth where a legacy key is exchanged for a token
 * @param key the key, or null for a guest
 * @param source where the key came from, or null
 */
record NgcSettings(
        URI endpoint,
        URI auth,
        @Nullable String key,
        @Nullable String source) {
    private static final Pattern LINE = Pattern.compile("(?m)^\\s*apikey\\s*[=:]\\s*(\\S+)\\s*$");

    static Path cache(Environment environment, @Nullable Path given) {
        Path folder = given != null ? given : environment.userCache().resolve("ngc");
        return folder.toAbsolutePath().normalize().resolve("ngc");
    }

    static NgcSettings read(Environment environment) {
        URI endpoint = HubText.endpoint(environment, "NGC_API_ENDPOINT", "https://api.ngc.nvidia.com");
        URI auth = HubText.endpoint(environment, "NGC_AUTH_ENDPOINT", "https://authn.nvidia.com");
        for (String name : List.of("NGC_API_KEY", "NGC_CLI_API_KEY")) {
            String key = environment.first(name);
            if (key != null) {
                return new NgcSettings(endpoint, auth, key, "the variable " + name);
            }
        }
        String home = environment.first("NGC_CLI_HOME");
        Path file = (home != null ? environment.path(home) : environment.home())
                .resolve(".ngc")
                .resolve("config");
        String key = Files.isRegularFile(file) ? key(file) : null;
        return new NgcSettings(endpoint, auth, key, key == null ? null : "the file " + file);
    }

    /** Whether the key is a bearer token by itself. */
    boolean isPersonal() {
        return key != null && key.startsWith("nvapi-");
    }

    /** An address of the catalogue; the path must be encoded already. */
    URI api(String encodedPath) {
        return URI.create(endpoint + encodedPath);
    }

    @Override
    public String toString() {
        return endpoint + (key == null ? " as a guest" : " with the key from " + source);
    }

    private static @Nullable String key(Path file) {
        try {
            byte[] content = Files.readAllBytes(file);
            String text = new String(content, StandardCharsets.UTF_8);
            if (!text.stripLeading().startsWith("{")) {
                Matcher line = LINE.matcher(text);
                return line.find() ? line.group(1) : null;
            }
            JsonObject json = Json.parseObject(content, file.toString(), false);
            for (String name : List.of("apikey", "api_key", "apiKey")) {
                String key = HubListing.text(json, name);
                if (key != null && !key.isBlank()) {
                    return key.strip();
                }
            }
            return null;
        } catch (IOException e) {
            throw new HubException("Cannot read the NGC key in " + file + ": " + e, "NGC", null, 0, false, e);
        }
    }
}
