package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.ModelId;
import dev.tailor.hub.FoundModel;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.hub.Pages;
import dev.tailor.hub.SearchQuery;
import dev.tailor.json.Json;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The hub's list of models, {@code /api/models}, whose pages follow each other by the header {@code Link}. */
record HuggingFaceSearch(HubClient client, HuggingFaceSettings settings, HuggingFaceWarnings warnings) {
    private static final String WHAT = "Hugging Face search";

    Pages<FoundModel, URI> search(SearchQuery query) {
        StringBuilder address = new StringBuilder("/api/models?limit=" + query.pageSize());
        add(address, "search", query.text());
        add(address, "filter", query.task());
        add(address, "filter", query.library());
        switch (query.sort()) {
            case DOWNLOADS -> address.append("&sort=downloads&direction=-1");
            case LIKES -> address.append("&sort=likes&direction=-1");
            case UPDATED -> address.append("&sort=lastModified&direction=-1");
            case RELEVANCE -> {}
        }
        // Without it the hub leaves out the date and whether a model is gated.
        address.append("&full=true");
        return new Pages<>(settings.resolve(address.toString()), this::page);
    }

    private Pages.Page<FoundModel, URI> page(URI address) {
        HubResponse response = warnings.heard(client.follow(HubRequest.get(WHAT, address, settings.credentials())));
        if (!response.isSuccess()) {
            throw new HuggingFaceErrors(settings, "models", "main").explain(response, null);
        }
        JsonElement list = Json.parse(response.body(), response.toString(), true);
        if (!list.isJsonArray()) {
            throw HuggingFaceApi.notAHub(WHAT, response, "gives no array as its list of models");
        }
        List<FoundModel> models = new ArrayList<>();
        for (JsonElement element : list.getAsJsonArray()) {
            FoundModel model = element.isJsonObject() ? model(element.getAsJsonObject()) : null;
            if (model != null) {
                models.add(model);
            }
        }
        return new Pages.Page<>(models, HuggingFaceApi.next(response));
    }

    /** One entry; null if it has no name that an id can hold. */
    private static @Nullable FoundModel model(JsonObject entry) {
        String name = HuggingFaceListing.text(entry, "id");
        name = name == null ? HuggingFaceListing.text(entry, "modelId") : name;
        if (name == null) {
            return null;
        }
        ModelId id;
        try {
            id = ModelId.parse("hf://" + name);
        } catch (IllegalArgumentException e) {
            return null;
        }
        List<String> tags = tags(entry);
        return new FoundModel(
                id,
                name,
                HuggingFaceListing.text(entry, "pipeline_tag"),
                HuggingFaceListing.text(entry, "library_name"),
                license(entry),
                HuggingFaceListing.number(entry, "downloads"),
                HuggingFaceListing.number(entry, "likes"),
                HubText.date(HuggingFaceListing.text(entry, "lastModified")),
                HuggingFaceListing.text(entry, "gated") != null,
                tags);
    }

    /** The licence among a model's tags, or null. */
    static @Nullable String license(JsonObject model) {
        return tags(model).stream()
                .filter(tag -> tag.startsWith("license:"))
                .map(tag -> tag.substring("license:".length()))
                .findFirst()
                .orElse(null);
    }

    private static List<String> tags(JsonObject entry) {
        List<String> tags = new ArrayList<>();
        if (entry.get("tags") instanceof JsonArray array) {
            for (JsonElement tag : array) {
                if (tag instanceof JsonPrimitive primitive && primitive.isString()) {
                    tags.add(primitive.getAsString());
                }
            }
        }
        return tags;
    }

    private static void add(StringBuilder address, String name, @Nullable String value) {
        if (value != null && !value.isBlank()) {
            address.append('&').append(name).append('=').append(HuggingFaceApi.encode(value.strip()));
        }
    }
}
