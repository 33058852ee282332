package dev.tailor.zoo.hubs;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import dev.tailor.ModelId;
import dev.tailor.hub.FoundModel;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.Pages;
import dev.tailor.hub.SearchQuery;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Kaggle's list of models, whose pages follow each other by a token. Kaggle filters by text alone; framework (the library) and tag (the
 * task) are compared here. Each variation is a model of its own, since an id names one.
 */
record KaggleSearch(HubClient client, KaggleSettings settings) {
    private static final String WHAT = "Kaggle search";
    private static final String ENUM = "MODEL_FRAMEWORK_";

    Pages<FoundModel, String> search(SearchQuery query) {
        return new Pages<>("", token -> page(query, token));
    }

    private Pages.Page<FoundModel, String> page(SearchQuery query, String token) {
        String order = switch (query.sort()) {
            case DOWNLOADS -> "downloadCount";
            case LIKES -> "voteCount";
            case UPDATED -> "createTime";
            case RELEVANCE -> "hotness";
        };
        String text = query.text() == null ? "" : query.text().strip();
        JsonObject answer = json(
                "models/list?sort_by=" + order + "&page_size=" + query.pageSize()
                        + (text.isEmpty() ? "" : "&search=" + parameter(text))
                        + (token.isEmpty() ? "" : "&page_token=" + parameter(token)),
                WHAT);
        List<FoundModel> found = new ArrayList<>();
        for (JsonObject model : HubListing.objects(answer, "models")) {
            List<String> tags = tags(model);
            if (query.task() == null || tags.stream().anyMatch(tag -> alike(tag, query.task()))) {
                add(model, tags, query, found);
            }
        }
        String next = HubListing.text(answer, "nextPageToken");
        return new Pages.Page<>(found, next == null || next.isEmpty() ? null : next);
    }

    private void add(JsonObject model, List<String> tags, SearchQuery query, List<FoundModel> found) {
        String name = HubListing.text(model, "ref");
        if (name == null || !name.matches("\\w[\\w.-]*/\\w[\\w.-]*")) {
            return;
        }
        // Some answers leave the variations out.
        JsonObject whole = model.has("instances") ? model : json("models/" + HubText.encode(name) + "/get", name);
        String title = HubListing.text(model, "title");
        for (JsonObject instance : HubListing.objects(whole, "instances")) {
            String framework = framework(HubListing.text(instance, "framework"));
            String variation = HubListing.text(instance, "slug");
            ModelId id = id(name + "/" + framework + "/" + variation);
            if (id == null || (query.library() != null && !alike(framework, query.library()))) {
                continue;
            }
            found.add(new FoundModel(
                    id,
                    (title == null ? name : title) + " (" + framework + ", " + variation + ")",
                    query.task(),
                    framework,
                    HubListing.text(instance, "licenseName"),
                    HubListing.number(instance.has("downloadCount") ? instance : model, "downloadCount"),
                    HubListing.number(model, "voteCount"),
                    HubText.date(HubListing.text(model, model.has("updateTime") ? "updateTime" : "publishTime")),
                    false,
                    tags));
        }
    }

    /** The id of a variation, or null if the names are none that an id can hold. */
    private static @Nullable ModelId id(String handle) {
        try {
            return ModelId.parse("kaggle://" + KaggleHandle.parse(handle));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /** The spelling of handles, {@code tensorFlow2}, for {@code MODEL_FRAMEWORK_TENSOR_FLOW_2}. */
    static String framework(@Nullable String told) {
        if (told == null || !told.startsWith(ENUM)) {
            return String.valueOf(told);
        }
        String words = Stream.of(
                        told.substring(ENUM.length()).toLowerCase(Locale.ROOT).split("_"))
                .filter(word -> !word.isEmpty())
                .map(word -> word.substring(0, 1).toUpperCase(Locale.ROOT) + word.substring(1))
                .collect(Collectors.joining());
        return words.isEmpty() ? words : words.substring(0, 1).toLowerCase(Locale.ROOT) + words.substring(1);
    }

    private static boolean alike(String one, String other) {
        return bare(one).equals(bare(other));
    }

    private static String bare(String text) {
        return text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
    }

    private static List<String> tags(JsonObject model) {
        List<String> tags = new ArrayList<>();
        JsonElement list = model.get("tags");
        if (list != null && list.isJsonArray()) {
            for (JsonElement tag : list.getAsJsonArray()) {
                String name = tag.isJsonObject() ? HubListing.text(tag.getAsJsonObject(), "name") : null;
                if (name != null
                        || (tag.isJsonPrimitive() && tag.getAsJsonPrimitive().isString())) {
                    tags.add(name != null ? name : tag.getAsString());
                }
            }
        }
        return tags;
    }

    private JsonObject json(String path, String what) {
        HubRequest request = HubRequest.get(what, settings.api(path), settings.credentials());
        return KaggleApi.json(client, request, new KaggleErrors(settings, what));
    }

    private static String parameter(String text) {
        return HubText.encode(text).replace("/", "%2F");
    }
}
