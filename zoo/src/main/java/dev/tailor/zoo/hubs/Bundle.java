package dev.tailor.zoo.hubs;

import dev.tailor.hub.HubException;
import dev.tailor.hub.RelativeName;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A model folder among the class-path resources.
 *
 * @param name its name
 * @param sizes bytes of each file by relative name, sorted
 * @param hash SHA-256 over names and contents, 64 hex digits
 */
record Bundle(String name, Map<String, Long> sizes, String hash) {
    private static final String FOLDER = "dev/tailor/bundled/";

    /** The names of all bundles on the class path, sorted. */
    static List<String> known() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        for (ClassLoader loader : loaders()) {
            for (URL index : Collections.list(loader.getResources(FOLDER + "INDEX"))) {
                try (InputStream in = index.openStream()) {
                    names.addAll(lines(in));
                }
            }
        }
        names.removeIf(name -> !RelativeName.isSafe(name) || name.contains("/"));
        return List.copyOf(names);
    }

    /** Reads a bundle through, for its sizes and its hash. */
    static Bundle of(String name) throws IOException {
        List<String> files;
        try (InputStream in = resource(name + "/FILES")) {
            files = lines(in);
        }
        MessageDigest whole = sha256();
        Map<String, Long> sizes = new TreeMap<>();
        for (String file : new TreeSet<>(files)) {
            if (!RelativeName.isSafe(file)) {
                throw HubException.of(name, "bundled:" + name + " lists a file with the unsafe name \"" + file + "\"");
            }
            MessageDigest content = sha256();
            try (InputStream in = new DigestInputStream(resource(name + "/" + file), content)) {
                sizes.put(file, in.transferTo(java.io.OutputStream.nullOutputStream()));
            }
            whole.update((file + "\0").getBytes(StandardCharsets.UTF_8));
            whole.update(content.digest());
        }
        if (sizes.isEmpty()) {
            throw HubException.of(name, "bundled:" + name + " lists no file in its resource FILES");
        }
        return new Bundle(name, sizes, HexFormat.of().formatHex(whole.digest()));
    }

    InputStream open(String file) throws IOException {
        return resource(name + "/" + file);
    }

    private static InputStream resource(String path) throws IOException {
        for (ClassLoader loader : loaders()) {
            InputStream in = loader.getResourceAsStream(FOLDER + path);
            if (in != null) {
                return in;
            }
        }
        throw new FileNotFoundException("there is no resource " + FOLDER + path);
    }

    private static List<ClassLoader> loaders() {
        List<ClassLoader> loaders = new ArrayList<>();
        @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (context != null) {
            loaders.add(context);
        }
        loaders.add(Bundle.class.getClassLoader());
        return loaders;
    }

    private static List<String> lines(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256", e);
        }
    }
}
