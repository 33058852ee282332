package dev.tailor.zoo.hubs;

import dev.tailor.hub.HubException;
import dev.tailor.hub.RelativeName;
import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a {@code github://} id names.
 *
 * @param owner user or organisation
 * @param repository the repository's name
 * @param ref tag, branch or commit, or null for the default branch
 * @param path asset, file or folder, decoded; often empty
 */
record GitHubId(String owner, String repository, @Nullable String ref, String path) {
    private static final Pattern ID =
            Pattern.compile("([A-Za-z0-9][A-Za-z0-9_-]{0,38})/([A-Za-z0-9._-]{1,100})(?:@([^/]*))?(?:/(.*))?");
    private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");
    private static final List<String> NO_NAMES = List.of(".", "..");

    static GitHubId parse(String id) {
        Matcher matcher = ID.matcher(id);
        if (!matcher.matches() || NO_NAMES.contains(matcher.group(2))) {
            throw wrong(id, "names no repository");
        }
        String ref = matcher.group(3) == null ? null : decode(id, matcher.group(3));
        if (ref != null && (ref.contains("..") || !RelativeName.isSafe(ref) || ref.matches(".*[\\s~^:?*\\[].*|-.*"))) {
            throw wrong(id, "has the ref \"" + ref + "\", which is no name of a tag, a branch or a commit");
        }
        String rest = matcher.group(4) == null ? "" : matcher.group(4).replaceFirst("/$", "");
        String path = rest.isEmpty()
                ? ""
                : Arrays.stream(rest.split("/", -1)).map(part -> part(id, part)).collect(Collectors.joining("/"));
        return new GitHubId(matcher.group(1), matcher.group(2), ref, path);
    }

    /** {@code owner/repository}. */
    String slug() {
        return owner + "/" + repository;
    }

    boolean isPinned() {
        return ref != null && COMMIT.matcher(ref).matches();
    }

    static boolean isObject(@Nullable String sha) {
        return sha != null && COMMIT.matcher(sha).matches();
    }

    /** Percent-encodes one segment of an address. */
    static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
    }

    private static String part(String id, String part) {
        String decoded = decode(id, part);
        if (!RelativeName.isSafe(decoded) || decoded.contains("/")) {
            throw wrong(id, "has the part \"" + part + "\", which is no name of a file or folder");
        }
        return decoded;
    }

    private static String decode(String id, String text) {
        try {
            return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw wrong(id, "holds a % that begins no percent code such as %2F");
        }
    }

    private static HubException wrong(String id, String what) {
        return HubException.of(
                id,
                "github://" + id + " " + what
                        + ". Write github://owner/repo@tag/asset for a release, or github://owner/repo@ref/path for files;"
                        + " a / within a tag or branch is written %2F.");
    }
}
