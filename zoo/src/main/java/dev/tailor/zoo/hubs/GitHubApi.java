package dev.tailor.zoo.hubs;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.HubRequest;
import dev.tailor.hub.HubResponse;
import dev.tailor.json.Json;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Collectors;

/** GitHub's answers about one repository: its releases, its commits, its files, and where their bytes are. */
final class GitHubApi {
    private static final String ACCEPT = "application/vnd.github+json";

    private final HubClient client;
    private final GitHubSettings settings;
    private final GitHubErrors errors;
    private final GitHubId id;

    GitHubApi(HubClient client, GitHubSettings settings, GitHubErrors errors, GitHubId id) {
        this.client = client;
        this.settings = settings;
        this.errors = errors;
        this.id = id;
    }

    /** The release of a tag; {@code latest} is the newest one where no tag has that name. */
    Optional<GitHubRelease> release(String tag) {
        HubResponse response = send(get("/releases/tags/" + GitHubId.encode(tag), ACCEPT));
        if (response.status() == 404 && tag.equals("latest")) {
            response = send(get("/releases/latest", ACCEPT));
        }
        if (response.status() == 404) {
            return Optional.empty();
        }
        return Optional.of(
                GitHubRelease.of(object(success(response, Refusal.NO_REVISION, "the release " + tag)), id.slug()));
    }

    /** The 40-hex commit of a tag, a branch, a shortened commit or {@code HEAD}. */
    String commit(String ref) {
        HubResponse response = send(get("/commits/" + GitHubId.encode(ref), "application/vnd.github.sha"));
        String what = response.status() == 404 ? "the repository" : "the tag, branch or commit \"" + ref + "\"";
        byte[] body = success(response, Refusal.NO_REPOSITORY, what).body();
        String commit = new String(body, StandardCharsets.ISO_8859_1).strip();
        if (!GitHubId.isObject(commit)) {
            throw wrong(response, "names no commit");
        }
        return commit;
    }

    /** What lies at or below a path; a listing that is cut short is taken up again nearer to the path. */
    GitHubTree tree(String commit, String path) {
        JsonObject whole = readTree(commit, true);
        if (!isTruncated(whole)) {
            return GitHubTree.of(entries(whole), "", path, id.slug());
        }
        String sha = commit;
        String base = "";
        for (String part : path.isEmpty() ? new String[0] : path.split("/", -1)) {
            JsonArray entries = entries(readTree(sha, false));
            JsonObject found = null;
            for (JsonElement element : entries) {
                if (element instanceof JsonObject entry && part.equals(HuggingFaceListing.text(entry, "path"))) {
                    found = entry;
                }
            }
            String next = found == null ? null : HuggingFaceListing.text(found, "sha");
            if (found == null || !"tree".equals(HuggingFaceListing.text(found, "type"))) {
                return GitHubTree.of(entries, base, path, id.slug());
            }
            if (next == null || !GitHubId.isObject(next)) {
                throw HubException.of(
                        id.slug(), "github://" + id.slug() + ": the folder " + base + part + " has no id");
            }
            sha = next;
            base += part + "/";
        }
        JsonObject below = readTree(sha, true);
        if (isTruncated(below)) {
            throw HubException.of(
                    id.slug(),
                    "github://" + id.slug() + " has more files in " + (base.isEmpty() ? "its root" : base)
                            + " than GitHub lists at once. Name a folder that holds fewer.");
        }
        return GitHubTree.of(entries(below), base, path, id.slug());
    }

    /** The repository's licence by its SPDX id, else by its name; empty if GitHub found none. */
    String license() {
        JsonObject repository =
                object(success(client.follow(get("", ACCEPT)), Refusal.NO_REPOSITORY, "the repository"));
        JsonObject license = repository.get("license") instanceof JsonObject found ? found : new JsonObject();
        String spdx = HuggingFaceListing.text(license, "spdx_id");
        String told = spdx == null || spdx.equals("NOASSERTION") ? HuggingFaceListing.text(license, "name") : spdx;
        return told == null ? "" : told;
    }

    /** Where an asset's bytes are: with a token at the API, else at the site, which costs no API requests. */
    HubRequest asset(GitHubRelease release, GitHubRelease.Asset asset) {
        if (settings.credentials() != null) {
            return get("/releases/assets/" + asset.id(), "application/octet-stream");
        }
        return HubRequest.get(
                id.slug(),
                URI.create(settings.web() + "/" + id.slug() + "/releases/download/" + GitHubId.encode(release.tag())
                        + "/" + GitHubId.encode(asset.name())),
                null);
    }

    /** Where a blob's bytes are. */
    HubRequest blob(String commit, String name, GitHubTree.Entry entry) {
        if (settings.credentials() != null || settings.raw() == null) {
            return get("/git/blobs/" + entry.sha(), "application/vnd.github.raw+json");
        }
        String path = Arrays.stream(name.split("/", -1)).map(GitHubId::encode).collect(Collectors.joining("/"));
        return HubRequest.get(
                id.slug(), URI.create(settings.raw() + "/" + id.slug() + "/" + commit + "/" + path), null);
    }

    /** A small body. */
    byte[] read(HubRequest request, String what) {
        return success(send(request), Refusal.NO_FILE, what).body();
    }

    /** Why a file or an asset does not come. */
    HubException explain(HubResponse response, String what) {
        return errors.explain(response, Refusal.NO_FILE, what);
    }

    private JsonObject readTree(String sha, boolean recursive) {
        HubResponse response = send(get("/git/trees/" + sha + (recursive ? "?recursive=1" : ""), ACCEPT));
        return object(success(response, Refusal.NO_REVISION, "the listing of " + sha));
    }

    private HubResponse send(HubRequest request) {
        return client.follow(request);
    }

    private HubRequest get(String path, String accept) {
        return HubRequest.get(
                        id.slug(), URI.create(settings.api() + "/repos/" + id.slug() + path), settings.credentials())
                .with("Accept", accept)
                .with("X-GitHub-Api-Version", "2022-11-28");
    }

    private HubResponse success(HubResponse response, Refusal absent, String what) {
        if (!response.isSuccess()) {
            throw errors.explain(response, absent, what);
        }
        return response;
    }

    private JsonArray entries(JsonObject tree) {
        if (tree.get("tree") instanceof JsonArray array) {
            return array;
        }
        throw HubException.of(id.slug(), "github://" + id.slug() + ": a listing of GitHub has no array \"tree\"");
    }

    private static boolean isTruncated(JsonObject tree) {
        return tree.get("truncated") instanceof JsonPrimitive flag && flag.getAsBoolean();
    }

    private static JsonObject object(HubResponse response) {
        return Json.parseObject(response.body(), response.toString(), true);
    }

    private HubException wrong(HubResponse response, String what) {
        return new HubException(
                "github://" + id.slug() + ": " + response.uri().getHost() + " " + what
                        + ". Is it GitHub's API? See GH_HOST and GITHUB_API_URL, and proxies that change answers.",
                id.slug(),
                response.uri(),
                response.status(),
                false,
                null);
    }
}
