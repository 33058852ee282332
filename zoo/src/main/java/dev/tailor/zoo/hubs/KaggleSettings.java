package dev.tailor.zoo.hubs;

import com.google.gson.JsonObject;
import dev.tailor.hub.Credentials;
import dev.tailor.hub.Environment;
import dev.tailor.hub.HubException;
import dev.tailor.hub.NoAccessException;
import dev.tailor.json.Json;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The variables and files of kagglehub, in its order.
 *
 * @param endpoint the site, without a slash at the end
 * @param credentials a token or a pair of user name and key, or null
 * @param rpcCredentials the same for the host of the RPC interface, or null
 * @param source where they came from, or null
 */
record KaggleSettings(
        URI endpoint,
        @Nullable Credentials credentials,
        @Nullable Credentials rpcCredentials,
        @Nullable String source) {
    private static final String STANDARD = "https://www.kaggle.com";
    private static final String STANDARD_RPC = "https://api.kaggle.com/v1/";

    static Path cache(Environment environment, @Nullable Path given) {
        String cache = environment.first("KAGGLEHUB_CACHE");
        // As in kagglehub, XDG_CACHE_HOME does not count.
        Path folder = cache != null
                ? environment.path(cache)
                : environment.home().resolve(".cache").resolve("kagglehub");
        return (given != null ? given : folder).toAbsolutePath().normalize();
    }

    static KaggleSettings read(Environment environment) {
        URI endpoint = HubText.endpoint(environment, "KAGGLE_API_ENDPOINT", standardEndpoint(environment));
        Path home = environment.home().resolve(".kaggle");

        String notebook = environment.first("KAGGLE_API_V1_TOKEN");
        Path given = notebook == null ? null : file(environment, notebook);
        if (given != null) {
            return bearer(endpoint, line(given), "the file of KAGGLE_API_V1_TOKEN");
        }
        String token = environment.first("KAGGLE_API_TOKEN");
        if (token != null) {
            Path file = file(environment, token);
            return bearer(endpoint, file != null ? line(file) : token, "the variable KAGGLE_API_TOKEN");
        }
        for (String name : List.of("access_token", "access_token.txt")) {
            if (Files.isRegularFile(home.resolve(name))) {
                return bearer(endpoint, line(home.resolve(name)), "the file " + home.resolve(name));
            }
        }
        String user = environment.first("KAGGLE_USERNAME");
        String key = environment.first("KAGGLE_KEY");
        if (user != null && key != null) {
            return basic(endpoint, user, key, "the variables KAGGLE_USERNAME and KAGGLE_KEY");
        }
        String config = environment.first("KAGGLE_CONFIG_DIR");
        Path file = (config != null ? environment.path(config) : home).resolve("kaggle.json");
        return Files.isRegularFile(file) ? pair(endpoint, file) : new KaggleSettings(endpoint, null, null, null);
    }

    /** An address below the API; the path must be encoded already. */
    URI api(String encodedPath) {
        return URI.create(endpoint + "/api/v1/" + encodedPath);
    }

    /** A method of the RPC interface, such as {@code models.ModelApiService/GetModelInstance}. */
    URI rpc(String method) {
        return rpc(endpoint).resolve(method);
    }

    /** On its own host for the real site only. */
    private static URI rpc(URI endpoint) {
        return URI.create(endpoint.toString().equals(STANDARD) ? STANDARD_RPC : endpoint + "/api/v1/");
    }

    private static String standardEndpoint(Environment environment) {
        String name = environment.first("KAGGLE_API_ENVIRONMENT");
        return switch (name == null ? "PROD" : name) {
            case "PROD" -> STANDARD;
            case "LOCALHOST" -> "http://localhost";
            case "TEST" -> "http://localhost:7777";
            default ->
                throw HubException.of(
                        "Kaggle",
                        "KAGGLE_API_ENVIRONMENT is \"" + name
                                + "\"; known are PROD, LOCALHOST and TEST. Give the address of another one in KAGGLE_API_ENDPOINT.");
        };
    }

    private static KaggleSettings bearer(URI endpoint, String token, String source) {
        if (token.isEmpty()) {
            throw new NoAccessException(
                    NoAccessException.Reason.CREDENTIALS,
                    source + " holds no token. Write one into it, or remove it.",
                    "Kaggle",
                    null,
                    0);
        }
        return authorized(endpoint, "Bearer " + token, source);
    }

    private static KaggleSettings basic(URI endpoint, String user, String key, String source) {
        String pair = Base64.getEncoder().encodeToString((user + ":" + key).getBytes(StandardCharsets.UTF_8));
        return authorized(endpoint, "Basic " + pair, source);
    }

    private static KaggleSettings authorized(URI endpoint, String value, String source) {
        return new KaggleSettings(
                endpoint,
                Credentials.header(endpoint, "Authorization", value, source),
                Credentials.header(rpc(endpoint), "Authorization", value, source),
                source);
    }

    private static KaggleSettings pair(URI endpoint, Path file) {
        JsonObject json = Json.readObject(file);
        String user = HubListing.text(json, "username");
        String key = HubListing.text(json, "key");
        if (user == null || key == null || user.isBlank() || key.isBlank()) {
            throw new NoAccessException(
                    NoAccessException.Reason.CREDENTIALS,
                    "The file " + file
                            + " must hold texts \"username\" and \"key\". Download it anew from Kaggle's settings.",
                    "Kaggle",
                    null,
                    0);
        }
        return basic(endpoint, user.strip(), key.strip(), "the file " + file);
    }

    /** The file that a text names, or null if it names none. */
    private static @Nullable Path file(Environment environment, String text) {
        try {
            Path file = environment.path(text);
            return Files.isRegularFile(file) ? file : null;
        } catch (InvalidPathException e) {
            return null;
        }
    }

    private static String line(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new HubException("Cannot read the Kaggle token in " + file + ": " + e, "Kaggle", null, 0, false, e);
        }
    }
}
