package dev.tailor.hub;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Where settings such as {@code HF_HOME} come from: the process's environment, or a map in a test. */
@FunctionalInterface
public interface Environment {
    /** The value of a variable, or null if it is not set. */
    @Nullable
    String get(String name);

    /** The environment of this process. */
    static Environment system() {
        return System::getenv;
    }

    /** Exactly these variables. */
    static Environment of(Map<String, String> variables) {
        return Map.copyOf(variables)::get;
    }

    /** The first of these variables that is set to something other than blanks, trimmed; else null. */
    default @Nullable String first(String... names) {
        for (String name : names) {
            String value = get(name);
            if (value != null && !value.isBlank()) {
                return value.strip();
            }
        }
        return null;
    }

    /** Whether a switch is on: {@code 1}, {@code ON}, {@code YES} or {@code TRUE} in any case. */
    default boolean isOn(String name) {
        String value = get(name);
        return value != null
                && Set.of("1", "ON", "YES", "TRUE").contains(value.strip().toUpperCase(Locale.ROOT));
    }

    /** The user's home folder. */
    default Path home() {
        String home = first("HOME");
        return Path.of(home != null ? home : System.getProperty("user.home"));
    }

    /** A path as a shell user writes it: a leading {@code ~}, and {@code $NAME} and <code>${NAME}</code>, are replaced. */
    default Path path(String text) {
        String expanded = text.equals("~") || text.startsWith("~/") ? home() + text.substring(1) : text;
        Matcher variable = Pattern.compile("\\$(?:(\\w+)|\\{(\\w+)})").matcher(expanded);
        return Path.of(variable.replaceAll(match -> {
                    String value = get(match.group(1) != null ? match.group(1) : match.group(2));
                    return Matcher.quoteReplacement(value != null ? value : match.group());
                }))
                .toAbsolutePath()
                .normalize();
    }

    /** The user's cache folder: {@code $XDG_CACHE_HOME}, else {@code ~/.cache}. */
    default Path userCache() {
        String xdg = first("XDG_CACHE_HOME");
        return xdg != null ? path(xdg) : home().resolve(".cache");
    }

    /** Tailor's own folder for what no other program shares: {@code $TAILOR_HOME}, else {@code tailor} in {@link #userCache()}. */
    default Path tailorHome() {
        String home = first("TAILOR_HOME");
        return home != null ? path(home) : userCache().resolve("tailor");
    }
}
