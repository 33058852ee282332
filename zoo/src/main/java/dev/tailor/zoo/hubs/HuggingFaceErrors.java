package dev.tailor.zoo.hubs;

import com.google.gson.JsonElement;
import dev.tailor.TailorException;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubResponse;
import dev.tailor.json.Json;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an error of the hub means, by {@code X-Error-Code} first and by status then.
 *
 * @param settings the hub and its token
 * @param repository {@code org/name}
 * @param revision what was asked for
 */
record HuggingFaceErrors(HuggingFaceSettings settings, String repository, String revision) {

    /** The exception for an answer that is no success. */
    HubException explain(HubResponse response, @Nullable String file) {
        String code = Objects.requireNonNullElse(response.header("X-Error-Code"), "");
        String said = said(response);
        Refusal refusal = switch (code) {
            case "EntryNotFound" -> Refusal.NO_FILE;
            case "RevisionNotFound" -> Refusal.NO_REVISION;
            case "GatedRepo" -> Refusal.CONDITIONS;
            case "RepoNotFound" -> Refusal.NO_REPOSITORY;
            default -> byStatus(response.status(), said, file);
        };
        String meaning = switch (refusal) {
            case NO_FILE -> entry(file);
            case NO_REVISION -> noRevision();
            case CONDITIONS -> gated();
            case NO_REPOSITORY -> noRepository();
            case CREDENTIALS -> badToken();
            case REFUSED -> refused(said);
            case RATE_LIMIT -> busy(response);
            case BUSY -> name() + ": the hub is not available at the moment. Try again later.";
            case OTHER -> name() + ": unexpected answer of the hub.";
        };
        String id = Objects.requireNonNullElse(
                response.header("x-request-id"), Objects.requireNonNullElse(response.header("X-Amzn-Trace-Id"), ""));
        String text = meaning + " [" + response.uri().getHost() + " answered " + response.status()
                + (said.isEmpty() ? "" : ": " + said)
                + (id.isEmpty() ? "" : "; request " + clean(id))
                + "]";
        return refusal.exception(text, repository, response, response.status());
    }

    /** A 401 without a code is a bad token where one was sent, but also hides what does not exist or is private. */
    private Refusal byStatus(int status, String said, @Nullable String file) {
        String lower = said.toLowerCase(Locale.ROOT);
        boolean badToken = lower.contains("invalid credentials")
                || (settings.tokenSource() != null && !lower.contains("username"));
        return status == 401 && !badToken
                ? Refusal.NO_REPOSITORY
                : Refusal.of(status, file == null ? Refusal.NO_REPOSITORY : Refusal.NO_FILE);
    }

    private String refused(String said) {
        return said.toLowerCase(Locale.ROOT).contains("disabled")
                ? name() + " is disabled on the hub, so its files cannot be downloaded."
                : name() + ": the hub refuses access" + withToken() + ".";
    }

    private String name() {
        return "hf://" + repository;
    }

    private String entry(@Nullable String file) {
        return name() + " has no " + (file == null ? "such folder" : "file " + file) + " at revision \"" + revision
                + "\".";
    }

    private String noRevision() {
        return name() + " has no revision \"" + revision
                + "\". Give a branch, a tag or a commit that exists, or none for the main branch.";
    }

    private String noRepository() {
        return name() + " was not found, or is private. Check the spelling"
                + (settings.tokenSource() == null
                        ? "; for a private model set HF_TOKEN to a token that may read it."
                        : ", and that the token from " + settings.tokenSource() + " may read it.");
    }

    private String gated() {
        String page = settings.endpoint() + "/" + repository;
        return settings.tokenSource() == null
                ? name() + " is gated: it needs an account whose owner accepted its conditions on " + page
                        + ". Then set HF_TOKEN to a token of that account."
                : name() + " is gated, and the account of the token from " + settings.tokenSource()
                        + " has no access yet. Ask for it on " + page + ".";
    }

    private String badToken() {
        return name() + ": the hub does not accept the token from "
                + Objects.requireNonNullElse(settings.tokenSource(), "this request")
                + "; it may be mistyped, expired or revoked. Replace it, or remove it: public models need none.";
    }

    private String busy(HubResponse response) {
        Duration wait = response.retryAfter();
        return name() + ": too many requests to the hub."
                + (wait == null ? " Wait some minutes" : " Wait " + wait.toSeconds() + " s")
                + (settings.tokenSource() == null ? ", or set HF_TOKEN, which raises the limit." : ".");
    }

    private String withToken() {
        return settings.tokenSource() == null ? " without a token" : " with the token from " + settings.tokenSource();
    }

    /** The hub's own words: a header, or an error object, or a short text. */
    private static String said(HubResponse response) {
        String header = response.header("X-Error-Message");
        if (header != null) {
            return clean(header);
        }
        String body = response.text();
        if (body.startsWith("{")) {
            try {
                JsonElement error = Json.parseObject(response.body(), "the hub's error", false)
                        .get("error");
                return error == null ? "" : clean(error.isJsonPrimitive() ? error.getAsString() : error.toString());
            } catch (TailorException e) {
                return "";
            }
        }
        return body.startsWith("<") ? "" : clean(body);
    }

    static String clean(String text) {
        String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
        return line.length() > 300 ? line.substring(0, 300) + "..." : line;
    }
}
