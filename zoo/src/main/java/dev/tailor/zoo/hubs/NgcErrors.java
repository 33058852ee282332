package dev.tailor.zoo.hubs;

import dev.tailor.hub.HubException;
import dev.tailor.hub.HubResponse;
import org.jspecify.annotations.Nullable;

/**
 * What an error of NGC means.
 *
 * @param id what was asked for
 */
record NgcErrors(NgcSettings settings, NgcId id) {
    HubException explain(HubResponse response, @Nullable String file) {
        return explain(response, response.status(), HubText.said(response), file);
    }

    /** The same for a status that stands in the body. */
    HubException explain(HubResponse response, int status, String said, @Nullable String file) {
        String meaning = switch (status) {
            case 401 ->
                settings.key() == null
                        ? name() + " is not open to guests. " + how()
                        : name() + ": NGC does not accept the key from " + settings.source()
                                + " for the organisation " + id.org()
                                + "; it may be mistyped, expired, revoked, or of another organisation.";
            case 403 ->
                settings.key() == null
                        ? name() + " is not open to guests. " + how()
                        : name() + ": the owner of the key from " + settings.source()
                                + " may not read it: the model is private, or its terms must be accepted first on "
                                + page() + ".";
            case 404 ->
                file != null
                        ? name() + " has no file " + file + "."
                        : name() + " was not found: NGC has no such organisation, team, model or version, or shows it"
                                + " to nobody but its owner." + (settings.key() == null ? " " + how() : "");
            case 429 -> name() + ": too many requests to NGC." + HubText.wait(response);
            case 500, 502, 503, 504 -> name() + ": NGC is not available at the moment. Try again later.";
            default -> name() + ": unexpected answer of NGC.";
        };
        Refusal refusal = status == 403 && settings.key() == null
                ? Refusal.CREDENTIALS
                : Refusal.of(status, file == null ? Refusal.NO_REPOSITORY : Refusal.NO_FILE);
        return HubText.refused(refusal, id.toString(), meaning, said, response, status);
    }

    /** A legacy key that gives no token. */
    HubException noToken(HubResponse response) {
        return HubText.refused(
                Refusal.CREDENTIALS,
                id.toString(),
                name() + ": NGC gives no token for the key from " + settings.source()
                        + "; it may be mistyped, expired or revoked. Create a personal key (nvapi-...) and put it into NGC_API_KEY.",
                HubText.said(response),
                response,
                response.status());
    }

    private String name() {
        return "ngc://" + id;
    }

    private static String how() {
        return "For a private model create a personal key (nvapi-...) and put it into NGC_API_KEY.";
    }

    private String page() {
        return "https://catalog.ngc.nvidia.com/orgs/" + id.org() + (id.team().isEmpty() ? "" : "/teams/" + id.team())
                + "/" + id.kind() + "/" + id.name();
    }
}
