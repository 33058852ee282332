package dev.tailor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The grammar of {@code hf://} ids, as huggingface_hub has it: repository names by its regular expression, revisions by git's
 * rules for references. Both end up in URLs and in paths of the cache, so nothing that could climb out of a folder passes.
 */
final class HuggingFaceId {
    private static final Pattern NAME = Pattern.compile("\\b[A-Za-z0-9_.-]{1,96}\\b");
    private static final Pattern PULL_REQUEST = Pattern.compile("refs/(?:pr/[0-9]+|convert/[A-Za-z0-9_.-]+)");
    private static final Set<String> OTHER_KINDS = Set.of("datasets", "spaces", "kernels");

    private HuggingFaceId() {}

    static ModelId parse(String id, String rest) {
        List<String> parts = new ArrayList<>(Arrays.asList(rest.split("/", -1)));
        if (parts.size() > 2 && parts.get(parts.size() - 1).isEmpty()) {
            parts.remove(parts.size() - 1);
        }
        if (parts.size() > 1 && OTHER_KINDS.contains(parts.get(0))) {
            throw wrong(id, "names one of the hub's " + parts.get(0) + ", not a model");
        }
        if (parts.size() > 1 && parts.get(0).equals("models")) {
            parts.remove(0);
        }
        int nameAt = parts.size() == 1 || parts.get(0).contains("@") ? 0 : 1;
        String last = parts.get(nameAt);
        int at = last.indexOf('@');
        String name = at < 0 ? last : last.substring(0, at);
        String repository = nameAt == 0 ? name : parts.get(0) + "/" + name;
        checkRepository(id, repository);
        int next = nameAt + 1;
        String revision = null;
        if (at >= 0) {
            revision = last.substring(at + 1);
            if (revision.equals("refs") && parts.size() >= next + 2) {
                revision += "/" + parts.get(next) + "/" + parts.get(next + 1);
                next += 2;
            }
            revision = PercentCode.decode(revision, id);
            checkRevision(id, revision);
        }
        List<String> folder = new ArrayList<>();
        for (String part : parts.subList(next, parts.size())) {
            String decoded = PercentCode.decode(part, id);
            if (decoded.isEmpty() || decoded.equals(".") || decoded.equals("..") || decoded.matches(".*[/\\\\].*")) {
                throw wrong(id, "has the folder part \"" + part + "\", which is no folder name");
            }
            folder.add(decoded);
        }
        return new ModelId(ModelId.HUGGING_FACE, repository, revision, String.join("/", folder));
    }

    static String format(ModelId id) {
        StringBuilder out = new StringBuilder("hf://").append(id.path());
        String revision = id.revision();
        if (revision != null) {
            out.append('@').append(PULL_REQUEST.matcher(revision).matches() ? revision : PercentCode.encode(revision));
        }
        if (!id.folder().isEmpty()) {
            for (String part : id.folder().split("/", -1)) {
                out.append('/').append(PercentCode.encode(part));
            }
        }
        return out.toString();
    }

    private static void checkRepository(String id, String repository) {
        for (String name : repository.split("/", -1)) {
            if (!NAME.matcher(name).matches()) {
                throw wrong(
                        id,
                        "has the name \"" + name
                                + "\"; a name has 1 to 96 letters, digits, '-', '_' and '.', and begins and ends with a letter,"
                                + " a digit or '_'");
            }
        }
        if (repository.contains("--") || repository.contains("..") || repository.endsWith(".git")) {
            throw wrong(id, "must not hold \"--\" or \"..\" in a name, nor end in \".git\"");
        }
    }

    private static void checkRevision(String id, @Nullable String revision) {
        if (revision == null || revision.isEmpty()) {
            throw wrong(id, "has an empty revision after '@'");
        }
        boolean bad = revision.contains("..") || revision.contains("@{") || revision.equals("@");
        for (String part : revision.split("/", -1)) {
            bad |= part.isEmpty() || part.startsWith(".") || part.endsWith(".") || part.endsWith(".lock");
        }
        for (int i = 0; i < revision.length(); i++) {
            char c = revision.charAt(i);
            bad |= c <= ' ' || c == 0x7F || "~^:?*[\\\"<>|".indexOf(c) >= 0;
        }
        if (bad) {
            throw wrong(id, "has the revision \"" + revision + "\", which is no name of a branch, a tag or a commit");
        }
    }

    private static IllegalArgumentException wrong(String id, String what) {
        return new IllegalArgumentException(
                "\"" + id + "\" " + what + ". Write hf://org/name, hf://org/name@revision or hf://org/name/folder.");
    }
}
