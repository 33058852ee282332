package dev.tailor.zoo.hubs;

import dev.tailor.hub.Credentials;
import dev.tailor.hub.Environment;
import dev.tailor.hub.HubException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The variables of the gh command and of GitHub Actions.
 *
 * @param api the REST API, without a slash at the end
 * @param web the site, for release downloads and Git LFS, without a slash at the end
 * @param raw the host of raw files, which costs no API requests, or null where there is none
 * @param credentials the token for the API, or null
 * @param lfsCredentials the same for Git LFS, or null
 * @param tokenSource where the token came from, or null
 */
record GitHubSettings(
        URI api,
        URI web,
        @Nullable URI raw,
        @Nullable Credentials credentials,
        @Nullable Credentials lfsCredentials,
        @Nullable String tokenSource) {
    private static final URI API = URI.create("https://api.github.com");
    private static final URI WEB = URI.create("https://github.com");
    private static final URI RAW = URI.create("https://raw.githubusercontent.com");

    /** {@code GH_HOST} counts first: somebody set it, while {@code GITHUB_API_URL} is set in every run of Actions. */
    static GitHubSettings read(Environment environment, @Nullable URI givenRaw) {
        URI api = API;
        URI web = WEB;
        String host = environment.first("GH_HOST");
        String url = environment.first("GITHUB_API_URL");
        if (host != null && !host.equalsIgnoreCase("github.com")) {
            String name = host.toLowerCase(Locale.ROOT);
            if (!name.matches("[a-z0-9.-]+(:[0-9]{1,5})?")) {
                throw HubException.of("GitHub", "GH_HOST must be the name of a host, such as github.example.com");
            }
            web = URI.create("https://" + name);
            api = URI.create(name.endsWith(".ghe.com") ? "https://api." + name : "https://" + name + "/api/v3");
        } else if (host == null && url != null) {
            api = address("GITHUB_API_URL", url);
            String server = environment.first("GITHUB_SERVER_URL");
            web = server != null ? address("GITHUB_SERVER_URL", server) : api.equals(API) ? WEB : api.resolve("/");
            web = URI.create(web.toString().replaceAll("/+$", ""));
        }
        boolean cloud = api.equals(API) || api.toString().endsWith(".ghe.com");
        String[] names = cloud
                ? new String[] {"GH_TOKEN", "GITHUB_TOKEN"}
                : host != null
                        ? new String[] {"GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN"}
                        : new String[] {"GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", "GH_TOKEN", "GITHUB_TOKEN"};
        URI raw = givenRaw != null ? givenRaw : api.equals(API) ? RAW : null;
        for (String name : names) {
            String token = environment.first(name);
            if (token != null) {
                String source = "the variable " + name;
                String basic = Base64.getEncoder()
                        .encodeToString(("x-access-token:" + token).getBytes(StandardCharsets.UTF_8));
                return new GitHubSettings(
                        api,
                        web,
                        raw,
                        Credentials.bearer(api, token, source),
                        Credentials.header(web, "Authorization", "Basic " + basic, source),
                        source);
            }
        }
        return new GitHubSettings(api, web, raw, null, null, null);
    }

    private static URI address(String variable, String text) {
        try {
            URI uri = URI.create(text.replaceAll("/+$", ""));
            boolean http = "https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme());
            if (http && uri.getHost() != null && uri.getRawUserInfo() == null && uri.getRawQuery() == null) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            throw HubException.of("GitHub", variable + " is no valid address: " + e.getMessage());
        }
        throw HubException.of(
                "GitHub",
                variable + " must be an http or https address without user, password and query, such as " + API);
    }
}
