package dev.tailor.hub;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a model's {@code README.md} says: the fields of its front matter, and the text. Immutable.
 *
 * <p>Of YAML it reads what model cards use: flat keys with a text, a list in lines or in brackets, or a folded text. A value that is
 * nested deeper, such as {@code model-index}, is left out.
 *
 * @param fields values by key, one for a text, any number for a list; in the card's order
 * @param text what follows the front matter
 */
public record ModelCard(Map<String, List<String>> fields, String text) {
    private static final Pattern KEY = Pattern.compile("([A-Za-z_][\\w.-]*)\\s*:(?:\\s+(.*))?");
    private static final Pattern ITEM = Pattern.compile("\\s*-(?:\\s+(.*))?");
    private static final Pattern NESTED = Pattern.compile("[\\w.-]+\\s*:(\\s.*)?");

    /** Copies the fields. */
    public ModelCard {
        Map<String, List<String>> copy = new LinkedHashMap<>();
        fields.forEach((key, values) -> copy.put(key, List.copyOf(values)));
        fields = java.util.Collections.unmodifiableMap(copy);
    }

    /** A card without fields and text. */
    public static ModelCard empty() {
        return new ModelCard(Map.of(), "");
    }

    /** Reads a card; text without front matter has no fields. Never fails: a card is prose by strangers. */
    public static ModelCard parse(String markdown) {
        String all = markdown.startsWith("\uFEFF") ? markdown.substring(1) : markdown;
        List<String> lines = all.lines().toList();
        int end = 1;
        while (end < lines.size() && !lines.get(end).stripTrailing().equals("---")) {
            end++;
        }
        if (lines.isEmpty() || !lines.get(0).stripTrailing().equals("---") || end >= lines.size()) {
            return new ModelCard(Map.of(), all);
        }
        Map<String, List<String>> fields = new LinkedHashMap<>();
        for (int i = 1; i < end; ) {
            Matcher key = KEY.matcher(lines.get(i));
            int next = i + 1;
            while (next < end && belongs(lines.get(next))) {
                next++;
            }
            if (key.matches()) {
                String value = key.group(2) == null ? "" : plain(key.group(2));
                List<String> values = values(value, lines.subList(i + 1, next));
                if (!values.isEmpty()) {
                    fields.put(key.group(1), values);
                }
            }
            i = next;
        }
        String text = String.join("\n", lines.subList(end + 1, lines.size())).strip();
        return new ModelCard(fields, text);
    }

    /** The only or the first value of a field; empty if the card has none. */
    public Optional<String> first(String field) {
        return all(field).stream().findFirst();
    }

    /** All values of a field; empty if the card has none. */
    public List<String> all(String field) {
        return fields.getOrDefault(field, List.of());
    }

    /** The licence's identifier in lower case as the hub spells it, such as {@code apache-2.0}, or the name of one of its own. */
    public Optional<String> license() {
        Optional<String> license = first("license");
        return license.filter("other"::equals).isPresent()
                ? first("license_name").or(() -> license)
                : license;
    }

    /** The task that the model is for, such as {@code text-classification}. */
    public Optional<String> task() {
        return first("pipeline_tag");
    }

    /** The library that the files are for, such as {@code transformers}. */
    public Optional<String> library() {
        return first("library_name");
    }

    /** The tags. */
    public List<String> tags() {
        return all("tags");
    }

    /** A line that goes on with the field before it. */
    private static boolean belongs(String line) {
        return line.isBlank()
                || Character.isWhitespace(line.charAt(0))
                || ITEM.matcher(line).matches()
                || line.startsWith("#");
    }

    private static List<String> values(String value, List<String> below) {
        List<String> lines = below.stream()
                .filter(line -> !line.isBlank() && !line.strip().startsWith("#"))
                .toList();
        if (value.matches("[|>][+-]?[0-9]?")) {
            return List.of(String.join(
                    value.startsWith("|") ? "\n" : " ",
                    lines.stream().map(String::strip).toList()));
        }
        if (value.startsWith("[")) {
            return flow(value + " " + String.join(" ", lines));
        }
        if (!value.isEmpty()) {
            // A plain text may go on in the next lines.
            String more = String.join(" ", lines.stream().map(String::strip).toList());
            return value.startsWith("{") ? List.of() : List.of(scalar(more.isEmpty() ? value : value + " " + more));
        }
        List<String> values = new ArrayList<>();
        for (String line : lines) {
            Matcher item = ITEM.matcher(line);
            String text = item.matches() && item.group(1) != null ? plain(item.group(1)) : "";
            if (text.isEmpty() || NESTED.matcher(text).matches() || text.startsWith("{") || text.startsWith("[")) {
                return List.of();
            }
            values.add(scalar(text));
        }
        return values;
    }

    /** The elements of a list in brackets; those in quotes may hold commas. */
    private static List<String> flow(String text) {
        List<String> values = new ArrayList<>();
        StringBuilder element = new StringBuilder();
        char quote = 0;
        for (int i = 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quote == 0 && (c == ',' || c == ']')) {
                String value = element.toString().strip();
                if (!value.isEmpty()) {
                    values.add(scalar(value));
                }
                element.setLength(0);
                if (c == ']') {
                    return values;
                }
                continue;
            }
            if (quote == 0 && (c == '"' || c == '\'') && element.toString().isBlank()) {
                quote = c;
            } else if (c == quote) {
                quote = 0;
            }
            element.append(c);
        }
        return List.of();
    }

    /** Without a comment behind it. */
    private static String plain(String value) {
        String text = value.strip();
        if (text.startsWith("\"") || text.startsWith("'")) {
            int end = text.indexOf(text.charAt(0), 1);
            return end > 0 && text.substring(end + 1).strip().startsWith("#") ? text.substring(0, end + 1) : text;
        }
        return text.startsWith("#") ? "" : text.replaceFirst("\\s+#.*", "");
    }

    private static String scalar(String text) {
        if (text.length() >= 2 && text.charAt(0) == text.charAt(text.length() - 1)) {
            String inner = text.substring(1, text.length() - 1);
            if (text.startsWith("'")) {
                return inner.replace("''", "'");
            }
            if (text.startsWith("\"")) {
                return inner.replace("\\\"", "\"").replace("\\\\", "\\");
            }
        }
        return text;
    }
}
