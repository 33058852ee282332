package dev.tailor.examples;

import dev.tailor.hub.CachedModel;
import dev.tailor.hub.Hubs;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what somebody means on a command line among the models of the caches. */
final class CachedModels {
    private CachedModels() {}

    /** The model of that id; else all revisions of it, or the one that is called so or begins so. */
    static List<CachedModel> matching(String id, @Nullable Path folder) {
        List<CachedModel> all = Hubs.cached(folder);
        List<CachedModel> same =
                all.stream().filter(model -> model.id().equals(id)).toList();
        return same.isEmpty() ? all.stream().filter(model -> matches(model, id)).toList() : same;
    }

    private static boolean matches(CachedModel model, String id) {
        int at = id.lastIndexOf('@');
        String name = at < 0 ? "" : id.substring(at + 1);
        String base = at < 0 ? id : id.substring(0, at);
        boolean below = model.id().startsWith(base)
                && model.id().length() > base.length()
                && "/@:#".indexOf(model.id().charAt(base.length())) >= 0;
        return below
                && (name.isEmpty()
                        || model.names().contains(name)
                        || model.revision().startsWith(name));
    }
}
