package dev.tailor.zoo.hubs;

import com.google.gson.JsonObject;
import dev.tailor.hub.Credentials;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The right to ask NGC: none for a guest, a personal key as it is, or a token of some minutes for a legacy key. Used by one thread. */
final class NgcSession {
    /** Tokens live for about 15 minutes. */
    private static final Duration RENEWAL = Duration.ofMinutes(10);

    private final HubClient client;
    private final NgcErrors errors;
    private @Nullable Credentials credentials;
    private long since;

    NgcSession(HubClient client, NgcErrors errors) {
        this.client = client;
        this.errors = errors;
    }

    boolean isGuest() {
        return errors.settings().key() == null;
    }

    /** The credentials for the catalogue, or null for a guest. */
    @Nullable
    Credentials credentials() {
        NgcSettings settings = errors.settings();
        String key = settings.key();
        if (key == null) {
            return null;
        }
        String source = String.valueOf(settings.source());
        Credentials held = credentials;
        if (held == null || (!settings.isPersonal() && System.nanoTime() - since > RENEWAL.toNanos())) {
            held = Credentials.bearer(settings.endpoint(), settings.isPersonal() ? key : exchange(key, source), source);
            credentials = held;
            since = System.nanoTime();
        }
        return held;
    }

    /** Gives up a token that NGC refused; false if a new one would be the same. */
    boolean renew() {
        credentials = null;
        return !isGuest() && !errors.settings().isPersonal();
    }

    private String exchange(String key, String source) {
        NgcSettings settings = errors.settings();
        NgcId id = errors.id();
        String basic = Base64.getEncoder().encodeToString(("$oauthtoken:" + key).getBytes(StandardCharsets.UTF_8));
        Credentials pair = Credentials.header(settings.auth(), "Authorization", "Basic " + basic, source);
        String group =
                "group/ngc:" + HubText.encode(id.org()) + (id.team().isEmpty() ? "" : "/" + HubText.encode(id.team()));
        HubResponse last = null;
        // Clients differ in the scopes that they ask for.
        for (String scope :
                List.of("&scope=" + group, "&scope=group/ngc&scope=group/ngc:" + HubText.encode(id.org()))) {
            URI uri = URI.create(settings.auth() + "/token?service=ngc" + scope);
            last = client.follow(HubRequest.get(id.toString(), uri, pair).with("Accept", "application/json"));
            if (last.isSuccess()) {
                JsonObject answer = Json.parseObject(last.body(), last.toString(), true);
                String token = HubListing.text(answer, "token");
                if (token != null && !token.isBlank()) {
                    return token;
                }
            } else if (last.isRetriable()) {
                break;
            }
        }
        throw errors.noToken(Objects.requireNonNull(last));
    }
}
