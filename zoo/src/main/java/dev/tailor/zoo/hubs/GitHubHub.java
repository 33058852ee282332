package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.hub.CachedModel;
import dev.tailor.hub.CachingHub;
import dev.tailor.hub.Environment;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.HubClient;
import dev.tailor.hub.HubException;
import dev.tailor.hub.OfflineException;
import dev.tailor.hub.RetryPolicy;
import dev.tailor.hub.Snapshot;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * GitHub: {@code github://owner/repo@tag/asset} is an asset of a release, {@code @latest} the newest release, and
 * {@code github://owner/repo@ref/path} a file or folder at a tag, a branch or a commit, or of the default branch without {@code @ref}.
 * A release is looked for first. Without an asset's name, or for a folder, the files of a model are taken. Files in Git LFS are
 * fetched in place of their pointers. The snapshot of a file is the folder that holds it.
 *
 * <p>{@code GH_TOKEN}, else {@code GITHUB_TOKEN}, for GitHub itself; {@code GH_HOST} or {@code GITHUB_API_URL} name another server, the
 * first with {@code GH_ENTERPRISE_TOKEN} or {@code GITHUB_ENTERPRISE_TOKEN}. Tags and branches are looked up each time, and taken from
 * Tailor's cache, with a warning, when GitHub cannot be reached or a rate limit is used up. Files of a 40-hex commit that are there
 * open no socket. Safe for many threads.
 */
public final class GitHubHub implements CachingHub {
    private static final Logger LOG = LoggerFactory.getLogger(GitHubHub.class);

    private final Environment environment;
    private final HubClient client;
    private final @Nullable URI raw;
    private final Clock clock;

    /** The connector with this process's environment. */
    public GitHubHub() {
        this(Environment.system(), RetryPolicy.standard());
    }

    /** The connector with other variables and another way to repeat requests. */
    public GitHubHub(Environment environment, RetryPolicy retries) {
        this(environment, retries, null, Clock.systemUTC());
    }

    /** With another host of raw files, or null for GitHub's own, and another clock. */
    GitHubHub(Environment environment, RetryPolicy retries, @Nullable URI raw, Clock clock) {
        this.environment = environment;
        this.client = new HubClient(retries, HubClient.Timeouts.standard(), environment);
        this.raw = raw;
        this.clock = clock;
    }

    @Override
    public String scheme() {
        return "github";
    }

    @Override
    public Snapshot fetch(ModelId id, FetchRequest request) {
        GitHubId wanted = GitHubId.parse(id.path());
        GitHubSettings settings = GitHubSettings.read(environment, raw);
        Path folder = request.cache() != null ? request.cache() : environment.tailorHome();
        GitHubCache cache = new GitHubCache(folder.toAbsolutePath().normalize(), settings.web(), wanted);
        if (request.offline()) {
            return cached(id, wanted, request, cache);
        }
        if (wanted.isPinned()
                && cache.tree(String.valueOf(wanted.ref()), wanted.path()).isPresent()) {
            try {
                return cached(id, wanted, request, cache);
            } catch (HubException e) {
                LOG.debug("{}: the cache does not have all of it", id, e);
            }
        }
        GitHubErrors errors = new GitHubErrors(settings, wanted.slug(), clock);
        HubClient limited = client.within(request.timeLimit()).limitedBy(errors::demanded);
        GitHubApi api = new GitHubApi(limited, settings, errors, wanted);
        GitLfs lfs = new GitLfs(limited, settings, errors);
        try {
            return new GitHubFetch(id, wanted, request, cache, limited, api, lfs).run();
        } catch (HubException e) {
            if (!e.isRetriable() || Thread.currentThread().isInterrupted()) {
                throw e;
            }
            Snapshot snapshot;
            try {
                snapshot = cached(id, wanted, request, cache);
            } catch (HubException absent) {
                e.addSuppressed(absent);
                throw e;
            }
            LOG.warn("{}; using {}", e.getMessage(), snapshot);
            return snapshot;
        }
    }

    @Override
    public List<CachedModel> cached(@Nullable Path cache) {
        GitHubInventory inventory = inventory(cache);
        return Holding.reading(inventory.cache(), inventory::models);
    }

    @Override
    public void delete(CachedModel model) {
        GitHubInventory inventory = inventory(model.cache());
        CachedModel found = Holding.require(model, cached(model.cache()));
        Holding.removing(inventory.cache(), found, removal -> inventory.delete(found, removal));
    }

    private GitHubInventory inventory(@Nullable Path given) {
        Path folder = given != null ? given : environment.tailorHome();
        URI web = GitHubSettings.read(environment, raw).web();
        return new GitHubInventory(folder.toAbsolutePath().normalize(), web, given);
    }

    /** What the cache has, without the network. */
    private static Snapshot cached(ModelId id, GitHubId wanted, FetchRequest request, GitHubCache cache) {
        GitHubSelection selection = new GitHubSelection(id, wanted, request, cache);
        String ref = Objects.requireNonNullElse(wanted.ref(), GitHubSelection.DEFAULT_BRANCH);
        Optional<GitHubRelease> release = cache.release(ref).filter(selection::isOfRelease);
        if (release.isPresent()) {
            List<GitHubRelease.Asset> chosen = selection.assets(release.get(), asset -> present(cache.asset(asset)));
            require(
                    id,
                    wanted,
                    cache,
                    chosen.stream()
                            .filter(asset -> !HuggingFaceCache.isWhole(cache.asset(asset), asset.size()))
                            .map(GitHubRelease.Asset::name)
                            .toList());
            try {
                return selection.snapshot(release.get(), chosen);
            } catch (IOException e) {
                throw StoredFiles.cannotWrite(id.toString(), cache.folder(), e);
            }
        }
        Optional<String> commit = cache.commit(ref);
        Optional<GitHubTree> tree = commit.flatMap(known -> cache.tree(known, wanted.path()));
        if (commit.isEmpty() || tree.isEmpty()) {
            throw new OfflineException(
                    wanted.slug(),
                    id + ": offline, and the cache " + cache.folder() + " has nothing of \"" + ref + "\""
                            + (wanted.path().isEmpty() ? "" : " with " + wanted.path()) + "." + online());
        }
        List<String> files = selection.files(tree.get(), name -> present(cache.file(commit.get(), name)));
        require(
                id,
                wanted,
                cache,
                files.stream()
                        .filter(name -> !Files.isRegularFile(cache.file(commit.get(), name)))
                        .toList());
        return selection.snapshot(commit.get(), tree.get());
    }

    private static void require(ModelId id, GitHubId wanted, GitHubCache cache, List<String> missing) {
        if (!missing.isEmpty()) {
            throw new OfflineException(
                    wanted.slug(),
                    id + ": offline, and the cache " + cache.folder() + " lacks " + GitHubFetch.shortened(missing) + "."
                            + online());
        }
    }

    private static Optional<Path> present(Path file) {
        return Files.isRegularFile(file) ? Optional.of(file) : Optional.empty();
    }

    private static String online() {
        return " Fetch it once while online (without offline(true)).";
    }
}
