package dev.tailor.program;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Set;

/**
 * The names under which a checkpoint may hold a key: as it is, with the backbone's prefix more or less, within what a wrapper
 * put before all names, and in TensorFlow's old words for a normalisation.
 */
final class KeySpellings {
    /** What wrappers keep beside the network. */
    private static final String COUNTER = "n_averaged";

    private final Set<String> names;
    private final String prefix;
    private final List<String> wrappers;
    private String wrapper = "";

    KeySpellings(Set<String> names, String prefix) {
        this.names = names;
        this.prefix = prefix;
        this.wrappers = wrappers(names);
    }

    /** The checkpoint's name, or nothing. */
    String stored(String key) {
        List<String> plain = new ArrayList<>(List.of(key));
        if (!prefix.isEmpty()) {
            plain.add(within(key, prefix) ? key.substring(prefix.length() + 1) : prefix + "." + key);
        }
        for (String outer : wrappers) {
            for (String spelling : plain) {
                String found = find(outer + spelling);
                if (!found.isEmpty()) {
                    wrapper = wrapper.isEmpty() ? outer : wrapper;
                    return found;
                }
            }
        }
        return "";
    }

    /** A name without the wrapper's part and the backbone's prefix. */
    String bare(String name) {
        String inner = name.startsWith(wrapper) ? name.substring(wrapper.length()) : name;
        return !prefix.isEmpty() && within(inner, prefix) ? inner.substring(prefix.length() + 1) : inner;
    }

    static boolean within(String key, String path) {
        return key.equals(path) || key.startsWith(path + ".");
    }

    private String find(String spelling) {
        if (names.contains(spelling)) {
            return spelling;
        }
        String old = spelling;
        if (spelling.endsWith(".weight")) {
            old = spelling.substring(0, spelling.length() - "weight".length()) + "gamma";
        } else if (spelling.endsWith(".bias")) {
            old = spelling.substring(0, spelling.length() - "bias".length()) + "beta";
        }
        return names.contains(old) ? old : "";
    }

    /** Nothing, and then whatever path stands before every name: {@code module.}, {@code module.model.}. */
    private static List<String> wrappers(Set<String> names) {
        List<String> wrappers = new ArrayList<>(List.of(""));
        Iterator<String> all =
                names.stream().filter(name -> !name.equals(COUNTER)).iterator();
        if (!all.hasNext()) {
            return wrappers;
        }
        String common = all.next();
        while (all.hasNext() && !common.isEmpty()) {
            String name = all.next();
            int same = 0;
            while (same < common.length() && same < name.length() && common.charAt(same) == name.charAt(same)) {
                same++;
            }
            common = common.substring(0, same);
        }
        for (int dot = common.indexOf('.'); dot >= 0; dot = common.indexOf('.', dot + 1)) {
            wrappers.add(common.substring(0, dot + 1));
        }
        return wrappers;
    }
}
