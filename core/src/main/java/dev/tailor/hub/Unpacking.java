package dev.tailor.hub;

import dev.tailor.TailorException;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** The entries of one archive on their way into a new, private folder. Used by one thread. */
final class Unpacking {
    private static final long FREE_OF_RATIO = 16L << 20;
    private static final int MOST_HOPS = 8;

    private final Path archive;
    private final Path folder;
    private final Archives.Limits limits;
    private final DistinctNames names = new DistinctNames();
    private final Map<String, String> links = new LinkedHashMap<>();
    private final byte[] buffer = new byte[1 << 16];
    private final long mostByRatio;
    private int count;
    private long written;

    Unpacking(Path archive, Path folder, Archives.Limits limits) throws IOException {
        this.archive = archive;
        this.folder = folder;
        this.limits = limits;
        long size = Files.size(archive);
        this.mostByRatio = Math.max(
                FREE_OF_RATIO, size > Long.MAX_VALUE / limits.ratio() ? Long.MAX_VALUE : size * limits.ratio());
    }

    void checkCount(int entries) {
        if (entries > limits.entries()) {
            throw refused("it has " + entries + " entries, allowed are " + limits.entries());
        }
    }

    /** Counts an entry of any kind, those without a file of their own included. */
    void entry() {
        count++;
        if (count > limits.entries()) {
            throw refused("it has more than the allowed " + limits.entries() + " entries");
        }
    }

    void folder(String name) throws IOException {
        entry();
        String clean = clean(name);
        if (!clean.isEmpty()) {
            names.addFolder(clean, this::refused);
            Files.createDirectories(folder.resolve(clean));
        }
    }

    /** Writes a file. {@code size} is what the archive announces, or -1. */
    void file(String name, InputStream in, long size) throws IOException {
        entry();
        Path file = place(name);
        checkBytes(Math.max(0, size));
        long before = written;
        try (OutputStream out = Files.newOutputStream(file)) {
            for (int read; (read = in.read(buffer)) >= 0; ) {
                checkBytes(read);
                out.write(buffer, 0, read);
                written += read;
            }
        }
        if (size >= 0 && written - before != size) {
            throw refused(
                    "it is damaged: " + shown(name) + " has " + (written - before) + " bytes, announced are " + size);
        }
    }

    /** Notes a link; {@code target} is relative to the root of the archive if {@code hard}, else to the link's folder. */
    void link(String name, String target, boolean hard) throws IOException {
        entry();
        String clean = clean(name);
        String base = hard || !clean.contains("/") ? "" : clean.substring(0, clean.lastIndexOf('/'));
        if (target.startsWith("/") || target.indexOf('\\') >= 0 || target.isEmpty()) {
            throw refused(shown(name) + " is a link out of it, to " + shown(target));
        }
        Path goal = folder.resolve(base).resolve(target).normalize();
        if (!goal.startsWith(folder)) {
            throw refused(shown(name) + " is a link out of it, to " + shown(target));
        }
        place(name);
        links.put(clean, folder.relativize(goal).toString().replace('\\', '/'));
    }

    /** Turns links into copies, once all files are there. */
    void finish() throws IOException {
        for (Map.Entry<String, String> link : links.entrySet()) {
            String goal = link.getValue();
            for (int i = 0; i < MOST_HOPS && links.containsKey(goal); i++) {
                goal = links.getOrDefault(goal, goal);
            }
            Path from = folder.resolve(goal);
            if (links.containsKey(goal) || !Files.isRegularFile(from, LinkOption.NOFOLLOW_LINKS)) {
                throw refused(
                        shown(link.getKey()) + " is a link to " + shown(goal) + ", which is no file of the archive");
            }
            checkBytes(Files.size(from));
            Files.copy(from, folder.resolve(link.getKey()));
            written += Files.size(from);
        }
    }

    /** Wraps what decompresses the archive: its failures mean damage, and are not those of writing. */
    InputStream archiveData(@Nullable InputStream in) throws ZipException {
        if (in == null) {
            throw new ZipException("an entry has no data");
        }
        return new FilterInputStream(in) {
            @Override
            public int read(byte[] target, int offset, int length) throws IOException {
                try {
                    return super.read(target, offset, length);
                } catch (ZipException | EOFException e) {
                    throw damaged(e);
                }
            }
        };
    }

    TailorException refused(String why) {
        return new TailorException("Cannot unpack " + archive + ": " + why + ". Nothing was unpacked.");
    }

    TailorException damaged(Exception e) {
        return new TailorException(
                "Cannot unpack " + archive + ": it is damaged or cut off (" + e.getMessage()
                        + "). Nothing was unpacked; fetch it again.",
                e);
    }

    static String shown(String name) {
        String cut = name.length() > 200 ? name.substring(0, 200) + "..." : name;
        return "\"" + cut.replaceAll("\\p{Cntrl}", "?") + "\"";
    }

    /** Sizes of all regular files in a folder, by relative name. */
    static Map<String, Long> sizes(Path folder) throws IOException {
        Map<String, Long> sizes = new TreeMap<>();
        try (var walk = Files.walk(folder)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                sizes.put(folder.relativize(file).toString(), Files.size(file));
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return sizes;
    }

    private Path place(String name) throws IOException {
        String clean = clean(name);
        if (clean.isEmpty() || name.endsWith("/")) {
            throw refused(shown(name) + " is no name of a file");
        }
        names.addFile(clean, this::refused);
        Path file = folder.resolve(clean);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return file;
    }

    /** Without the {@code ./} in front and the {@code /} behind that tar writes; empty for the root itself. */
    private String clean(String name) {
        String clean = name;
        while (clean.startsWith("./")) {
            clean = clean.substring(2);
        }
        clean = clean.endsWith("/") ? clean.substring(0, clean.length() - 1) : clean;
        if (clean.isEmpty() || clean.equals(".")) {
            if (name.startsWith("/")) {
                throw refused("the unsafe name " + shown(name) + " leads out of its folder");
            }
            return "";
        }
        if (!RelativeName.isSafe(clean)) {
            throw refused("the unsafe name " + shown(name) + " leads out of its folder, or no folder can hold it");
        }
        return clean;
    }

    private void checkBytes(long more) {
        if (more > limits.bytes() - written) {
            throw refused("its files are larger than the allowed " + limits.bytes() + " bytes");
        }
        if (more > mostByRatio - written) {
            throw refused("it unpacks to more than " + limits.ratio() + " times its size, as no model does");
        }
    }
}
