package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubResponse;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What became of a handle of TensorFlow Hub that gives no archive. */
record TensorFlowHubErrors(ModelId id) {
    /** Never taken over by Kaggle, and deleted. */
    private static final List<String> DELETED = List.of("inaturalist/", "nvidia/unet/", "silero/", "svampeatlas/");

    private static final Pattern KAGGLE =
            Pattern.compile("/models/([\\w.-]+/[\\w.-]+(?:/[\\w.-]+/[\\w.-]+(?:/[0-9]+)?)?)/?");

    HubException explain(HubResponse response) {
        String meaning = switch (response.status()) {
            case 404, 410 -> gone(response);
            case 401, 403 ->
                id + ": the hub refuses the archive. Its publisher may ask for consent now: see " + address(response)
                        + ", and take the model as kaggle://owner/model/framework/variation.";
            case 429 -> id + ": too many requests to the hub." + HubText.wait(response);
            case 500, 502, 503, 504 -> id + ": the hub is not available at the moment. Try again later.";
            default -> id + ": unexpected answer of the hub.";
        };
        Refusal refusal = Refusal.of(response.status(), Refusal.NO_REPOSITORY);
        return HubText.refused(refusal, id.path(), meaning, HubText.said(response), response, response.status());
    }

    /** A page where an archive should be. */
    HubException page(HubResponse response) {
        return HubText.refused(
                Refusal.NO_REPOSITORY,
                id.path(),
                id + ": the hub gives a web page in place of an archive. " + successor(response),
                "",
                response,
                response.status());
    }

    private String gone(HubResponse response) {
        boolean deleted = DELETED.stream().anyMatch((id.path() + "/")::startsWith);
        return id
                + (deleted
                        ? " was deleted on 18 March 2024: its publisher did not move it to Kaggle when tfhub.dev closed."
                        : " does not exist, or no longer. tfhub.dev moved to Kaggle on 15 November 2023, and what its"
                                + " publishers did not move was deleted on 18 March 2024. "
                                + successor(response));
    }

    private String successor(HubResponse response) {
        Matcher kaggle = KAGGLE.matcher(response.uri().getPath());
        if (kaggle.matches()) {
            String handle = kaggle.group(1);
            return "It leads to " + address(response) + " now: try kaggle://" + handle
                    + (handle.split("/").length < 4 ? "/framework/variation" : "") + ".";
        }
        return "Look for it on " + address(response) + ", and take it as kaggle://owner/model/framework/variation.";
    }

    private String address(HubResponse response) {
        boolean kaggle = KAGGLE.matcher(response.uri().getPath()).matches();
        String publisher = id.path().replaceAll("/.*", "");
        return kaggle
                ? response.uri().getHost() + response.uri().getPath()
                : "https://www.kaggle.com/models?query=" + HubText.encode(publisher);
    }
}
