package dev.tailor.zoo.hubs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.Environment;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubResponse;
import dev.tailor.json.Json;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HexFormat;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Small texts that several connectors write and read: addresses, names, and the hub's own words in an error. */
final class HubText {
    private HubText() {}

    /** A path whose parts are percent-encoded, the slashes between them kept. */
    static String encode(String path) {
        return Stream.of(path.split("/", -1))
                .map(part -> URLEncoder.encode(part, StandardCharsets.UTF_8)
                        .replace("+", "%20")
                        .replace("*", "%2A"))
                .collect(Collectors.joining("/"));
    }

    /** The hub's address from a variable, without a slash at the end. */
    static URI endpoint(Environment environment, String variable, String standard) {
        String text = environment.first(variable);
        String address = text == null ? standard : text.replaceAll("/+$", "");
        try {
            URI uri = URI.create(address);
            boolean web = "http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme());
            if (web && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw notAnAddress(variable, standard, e);
        }
        throw notAnAddress(variable, standard, null);
    }

    /** A moment in a hub's answer, or null where it tells none that can be read. */
    static @Nullable Instant date(@Nullable String text) {
        try {
            return text == null ? null : Instant.parse(text);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** Up to ten names, and how many more there are. */
    static String shortened(Collection<String> names) {
        String shown = names.stream().limit(10).collect(Collectors.joining(", "));
        return names.size() <= 10 ? shown : shown + " and " + (names.size() - 10) + " more";
    }

    /** The SHA-1 of a text in UTF-8, 40 hex digits. */
    static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-1", e);
        }
    }

    /** What the hub says of an error: the message of its JSON, or a short text, or nothing. */
    static String said(HubResponse response) {
        String body = response.text();
        if (!body.startsWith("{")) {
            return body.startsWith("<") ? "" : clean(body);
        }
        try {
            return said(Json.parseObject(response.body(), "the hub's error", false));
        } catch (TailorException e) {
            // A cut error body still has its status.
            return "";
        }
    }

    /** The message in an error's JSON, in the shapes that hubs use. */
    static String said(JsonObject error) {
        for (String name : new String[] {"message", "error", "requestStatus", "statusDescription", "statusCode"}) {
            JsonElement value = error.get(name);
            if (value != null && value.isJsonObject()) {
                return said(value.getAsJsonObject());
            }
            if (value != null && value.isJsonPrimitive()) {
                return clean(value.getAsString());
            }
        }
        return "";
    }

    /** The exception for an answer: what it means, and in brackets who said what. */
    static HubException refused(
            Refusal refusal, String repository, String meaning, String said, HubResponse response, int status) {
        return refusal.exception(
                meaning + " [" + response.uri().getHost() + " answered " + status + (said.isEmpty() ? "" : ": " + said)
                        + "]",
                repository,
                response,
                status);
    }

    /** How long a busy hub asks to wait, as a sentence. */
    static String wait(HubResponse response) {
        Duration wait = response.retryAfter();
        return wait == null ? " Wait some minutes." : " Wait " + wait.toSeconds() + " s.";
    }

    private static String clean(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > 300 ? line.substring(0, 300) + "..." : line;
    }

    private static HubException notAnAddress(String variable, String standard, @Nullable Throwable cause) {
        return new HubException(
                variable + " must be an http or https address such as " + standard
                        + ", without user, password and query",
                null,
                null,
                0,
                false,
                cause);
    }
}
