package dev.tailor;

import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;

/** The grammar of {@code https://} ids: the address of one file, and in its fragment what the bytes must hash to. */
final class HttpsId {
    static final String SCHEME = "https";
    private static final Pattern PIN = Pattern.compile("sha256=[0-9a-fA-F]{64}|unverified");

    private HttpsId() {}

    static ModelId parse(String id, String rest) {
        if (rest.split("[/?#]", 2)[0].contains("@")) {
            // The id goes into messages, so it must not carry a password, and this message must not repeat it.
            throw new IllegalArgumentException(
                    "An https:// id must not hold a user name or a password before its host");
        }
        int hash = rest.indexOf('#');
        if (hash < 0) {
            throw new IllegalArgumentException("\"" + id
                    + "\" is a web address, not a model id. For a page of huggingface.co write hf://org/name, with"
                    + " @revision for another branch. For a file give its digest too: https://host/path/file#sha256=<64"
                    + " hex digits>.");
        }
        String address = rest.substring(0, hash);
        String pin = rest.substring(hash + 1);
        if (!PIN.matcher(pin).matches()) {
            throw new IllegalArgumentException(
                    "\"" + id + "\" must end with #sha256= and the 64 hex digits of the file's" + " SHA-256, found \"#"
                            + pin + "\"");
        }
        checkAddress(id, address);
        return new ModelId(SCHEME, address, pin.toLowerCase(Locale.ROOT), "");
    }

    private static void checkAddress(String id, String address) {
        URI uri;
        try {
            uri = URI.create(SCHEME + "://" + address);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + id + "\" is no valid web address: " + e.getMessage(), e);
        }
        if (uri.getHost() == null) {
            throw new IllegalArgumentException("\"" + id + "\" names no host");
        }
        String path = uri.getRawPath();
        if (path == null || path.isEmpty() || path.endsWith("/")) {
            throw new IllegalArgumentException("\"" + id + "\" names no file; write https://host/path/file#sha256=...");
        }
    }
}
