package dev.tailor.zoo.hubs;

import dev.tailor.hub.HubException;
import dev.tailor.hub.HubResponse;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an error of Kaggle means.
 *
 * @param what what was asked for: a handle, or the search
 */
record KaggleErrors(KaggleSettings settings, String what) {
    private static final Pattern TERMS = Pattern.compile("consent|licen[cs]e|gated|terms|accept");

    HubException explain(HubResponse response, @Nullable String file) {
        return explain(response, response.status(), HubText.said(response), file);
    }

    /** The same for a status that stands in the body. */
    HubException explain(HubResponse response, int status, String said, @Nullable String file) {
        String meaning = switch (status) {
            case 401 -> unauthenticated();
            case 403 -> forbidden(said);
            case 404 -> absent(file);
            case 429 -> name() + ": too many requests to Kaggle." + HubText.wait(response);
            case 500, 502, 503, 504 -> name() + ": Kaggle is not available at the moment. Try again later.";
            default -> name() + ": unexpected answer of Kaggle.";
        };
        Refusal refusal = status == 403 && isGated(said)
                ? Refusal.CONDITIONS
                : Refusal.of(status, file == null ? Refusal.NO_REPOSITORY : Refusal.NO_FILE);
        return HubText.refused(refusal, what, meaning, said, response, status);
    }

    /** A page where bytes should be: the hub sends the caller to sign in. */
    HubException page(HubResponse response, String file) {
        return HubText.refused(
                Refusal.CONDITIONS,
                what,
                name() + ": Kaggle gives a web page in place of " + file + ". " + terms(),
                "",
                response,
                response.status());
    }

    private String name() {
        return what.contains("/") ? "kaggle://" + what : what;
    }

    private String unauthenticated() {
        return settings.source() == null
                ? name() + ": Kaggle wants to know who asks. " + how()
                : name() + ": Kaggle does not accept the credentials from " + settings.source()
                        + "; they may be mistyped, expired or revoked. Replace them, or remove them: public models need none.";
    }

    private String forbidden(String said) {
        return name()
                + (isGated(said)
                        ? " is given only to those who accepted its terms. "
                        : " is private, or given only to those who accepted its terms. ")
                + terms();
    }

    private static boolean isGated(String said) {
        return TERMS.matcher(said.toLowerCase(Locale.ROOT)).find();
    }

    private String terms() {
        String accept = "Accept them on " + settings.endpoint() + "/models"
                + (what.contains("/") ? "/" + what.replaceAll("^([^/]*/[^/]*)/.*", "$1") : "");
        return settings.source() == null
                ? accept + ", signed in. " + how()
                : accept + " with the account of the credentials from " + settings.source() + ".";
    }

    private static String how() {
        return "Create a token in Kaggle's settings and put it into KAGGLE_API_TOKEN.";
    }

    private String absent(@Nullable String file) {
        if (file != null) {
            return name() + " has no file " + file + ".";
        }
        return name() + " was not found: Kaggle has no such owner, model, framework, variation or version,"
                + " or shows it to nobody but its owner. Check the spelling, that of the framework too.";
    }
}
