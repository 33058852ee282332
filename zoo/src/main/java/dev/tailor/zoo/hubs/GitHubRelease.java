package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.hub.Digest;
import dev.tailor.hub.HubException;
import dev.tailor.hub.RelativeName;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A release and what is attached to it. An asset's number never changes its content; its name may.
 *
 * @param id the release's number
 * @param tag the tag's name
 * @param assets those whose upload is finished
 */
record GitHubRelease(long id, String tag, List<Asset> assets) {
    /**
     * One file of a release.
     *
     * @param size bytes
     * @param sha256 64 hex digits, or null for assets from before June 2025
     */
    record Asset(long id, String name, long size, @Nullable String sha256) {
        Digest digest() {
            return sha256 == null ? Digest.none() : Digest.sha256(sha256);
        }
    }

    /** Reads GitHub's description of a release, or what {@link #toJson} wrote. */
    static GitHubRelease of(JsonObject json, String slug) {
        String tag = HuggingFaceListing.text(json, "tag_name");
        if (tag == null || !(json.get("assets") instanceof JsonArray array)) {
            throw HubException.of(
                    slug, "github://" + slug + ": the description of a release has no tag_name or no assets");
        }
        List<Asset> assets = new ArrayList<>();
        for (JsonElement element : array) {
            JsonObject asset = element.isJsonObject() ? element.getAsJsonObject() : new JsonObject();
            String name = Objects.requireNonNullElse(HuggingFaceListing.text(asset, "name"), "");
            if (!RelativeName.isSafe(name) || name.contains("/")) {
                throw HubException.of(
                        slug,
                        "github://" + slug + ": release " + tag + " lists an asset with the unsafe name \""
                                + GitHubErrors.clean(name) + "\"; nothing was written.");
            }
            long id = number(asset, "id");
            long size = number(asset, "size");
            if (id < 0 || size < 0) {
                throw HubException.of(slug, "github://" + slug + ": the asset " + name + " has no number or no size");
            }
            String state = HuggingFaceListing.text(asset, "state");
            if (state == null || state.equals("uploaded")) {
                assets.add(new Asset(id, name, size, sha256(HuggingFaceListing.text(asset, "digest"))));
            }
        }
        return new GitHubRelease(number(json, "id"), tag, assets);
    }

    JsonObject toJson() {
        JsonArray array = new JsonArray();
        for (Asset asset : assets) {
            JsonObject json = new JsonObject();
            json.addProperty("id", asset.id());
            json.addProperty("name", asset.name());
            json.addProperty("size", asset.size());
            if (asset.sha256() != null) {
                json.addProperty("digest", "sha256:" + asset.sha256());
            }
            array.add(json);
        }
        JsonObject json = new JsonObject();
        json.addProperty("id", id);
        json.addProperty("tag_name", tag);
        json.add("assets", array);
        return json;
    }

    Optional<Asset> asset(String name) {
        return assets.stream().filter(asset -> asset.name().equals(name)).findFirst();
    }

    List<String> names() {
        return assets.stream().map(Asset::name).sorted().toList();
    }

    private static @Nullable String sha256(@Nullable String digest) {
        return digest != null && digest.matches("sha256:[0-9a-fA-F]{64}") ? digest.substring("sha256:".length()) : null;
    }

    static long number(JsonObject object, String key) {
        boolean whole = object.get(key) instanceof JsonPrimitive primitive
                && primitive.isNumber()
                && primitive.getAsString().matches("[0-9]{1,18}");
        return whole ? object.get(key).getAsLong() : -1;
    }
}
