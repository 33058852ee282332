package dev.tailor.zoo.hubs;

import com.google.gson.JsonObject;
import dev.tailor.TailorException;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubResponse;
import dev.tailor.json.Json;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an error of GitHub means.
 *
 * @param settings the site and the token
 * @param slug {@code owner/repository}
 * @param clock tells how far away the end of a rate limit is
 */
record GitHubErrors(GitHubSettings settings, String slug, Clock clock) {
    /** GitHub asks for a minute where it says nothing more. */
    private static final Duration SECONDARY_WAIT = Duration.ofSeconds(60);

    /**
     * The exception for an answer that is no success.
     *
     * @param absent what it means when GitHub does not find it
     * @param what what was asked for, such as {@code the file x}
     */
    HubException explain(HubResponse response, Refusal absent, String what) {
        String said = said(response);
        boolean limited = isPrimary(response) || isSecondary(response, said) || demanded(response) != null;
        String meaning = limited ? limit(response) : meaning(response, said, what);
        String request = response.header("X-GitHub-Request-Id");
        Refusal refusal = limited ? Refusal.RATE_LIMIT : kind(response, absent, said);
        Duration wait = demanded(response);
        return refusal.exception(
                "github://" + slug + ": " + meaning + " [" + response.uri().getHost() + " answered " + response.status()
                        + (said.isEmpty() ? "" : ": " + said)
                        + (request == null ? "" : "; request " + clean(request))
                        + "]",
                slug,
                response.uri(),
                response.status(),
                wait == null ? null : clock.instant().plus(wait));
    }

    private static Refusal kind(HubResponse response, Refusal absent, String said) {
        return switch (response.status()) {
            case 403 -> said.toLowerCase(Locale.ROOT).contains("quota") ? Refusal.OTHER : Refusal.REFUSED;
            case 409 -> Refusal.NO_FILE;
            case 422 -> Refusal.NO_REVISION;
            case 509 -> Refusal.OTHER;
            default -> Refusal.of(response.status(), absent);
        };
    }

    /**
     * How long a rate limit asks to wait, or null if the answer is none: {@code Retry-After} first, then the moment that GitHub
     * tells in {@code X-RateLimit-Reset}, then a minute for a secondary limit.
     */
    @Nullable
    Duration demanded(HubResponse response) {
        if (response.status() != 403 && response.status() != 429) {
            return null;
        }
        Duration told = response.retryAfter();
        if (told != null) {
            return told;
        }
        Instant reset = isPrimary(response) ? reset(response) : null;
        if (reset == null) {
            return isSecondary(response, said(response)) ? SECONDARY_WAIT : null;
        }
        Duration left = Duration.between(clock.instant(), reset).plusSeconds(1);
        return left.isNegative() ? Duration.ZERO : left;
    }

    private String meaning(HubResponse response, String said, String what) {
        String token = settings.tokenSource();
        return switch (response.status()) {
            case 401 ->
                token == null
                        ? what + " needs a login. Set GITHUB_TOKEN to a token that may read the repository."
                        : "GitHub does not accept the token from " + token
                                + "; it may be mistyped, expired or revoked. Replace it, or remove it: public repositories need none.";
            case 403 -> forbidden(response, said, what);
            case 404 ->
                what + " was not found, or is private. Check the spelling"
                        + (token == null
                                ? "; for a private repository set GITHUB_TOKEN to a token that may read it."
                                : ", and that the token from " + token + " may read it.");
            case 409 -> "the repository is empty.";
            case 410 -> what + " is gone.";
            case 422 -> what + " does not exist. Give a tag, a branch or a commit of the repository.";
            case 429 -> "too many requests. Wait some minutes.";
            case 451 -> "the repository is blocked for legal reasons.";
            case 509 -> "the repository's bandwidth for Git LFS is used up; its owner must raise it.";
            case 500, 502, 503, 504 -> "GitHub is not available at the moment. Try again later.";
            default -> "unexpected answer of GitHub.";
        };
    }

    private String forbidden(HubResponse response, String said, String what) {
        if (response.header("X-GitHub-SSO") != null) {
            return "the organisation asks for single sign-on. Authorise the token from " + settings.tokenSource()
                    + " for it on " + settings.web() + "/settings/tokens.";
        }
        if (said.toLowerCase(Locale.ROOT).contains("quota")) {
            return "the repository's data quota for Git LFS is used up; its owner must raise it.";
        }
        return "GitHub refuses access to " + what
                + (settings.tokenSource() == null
                        ? " without a token."
                        : " with the token from " + settings.tokenSource() + "; it needs the right to read contents.");
    }

    private String limit(HubResponse response) {
        StringBuilder text = new StringBuilder();
        if (!isPrimary(response)) {
            Duration wait = Objects.requireNonNullElse(demanded(response), SECONDARY_WAIT);
            text.append("the secondary rate limit against bursts is reached. Wait ")
                    .append(wait.toSeconds())
                    .append(" s.");
        } else {
            String most = response.header("X-RateLimit-Limit");
            text.append("the rate limit")
                    .append(most != null && most.matches("[0-9]{1,9}") ? " of " + most + " requests an hour" : "")
                    .append(" is used up");
            Instant reset = reset(response);
            if (reset != null) {
                long seconds =
                        Math.max(0, Duration.between(clock.instant(), reset).toSeconds());
                text.append(" until ")
                        .append(reset)
                        .append(", for ")
                        .append(seconds / 60 + 1)
                        .append(" minutes");
            }
            text.append('.');
        }
        if (settings.tokenSource() == null) {
            text.append(" Set GITHUB_TOKEN, which raises the limit.");
        }
        return text.toString();
    }

    private static boolean isPrimary(HubResponse response) {
        return (response.status() == 403 || response.status() == 429)
                && "0".equals(response.header("X-RateLimit-Remaining"));
    }

    private static boolean isSecondary(HubResponse response, String said) {
        return (response.status() == 403 || response.status() == 429)
                && said.toLowerCase(Locale.ROOT).contains("secondary rate limit");
    }

    private static @Nullable Instant reset(HubResponse response) {
        String reset = response.header("X-RateLimit-Reset");
        return reset != null && reset.matches("[0-9]{1,10}") ? Instant.ofEpochSecond(Long.parseLong(reset)) : null;
    }

    /** GitHub's own words, on one line. */
    private static String said(HubResponse response) {
        String body = response.text();
        if (body.startsWith("{")) {
            try {
                JsonObject error = Json.parseObject(response.body(), "GitHub's error", false);
                String message = HuggingFaceListing.text(error, "message");
                return message == null ? "" : clean(message);
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
