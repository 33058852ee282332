package dev.tailor.program;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which modules an adapter changes, by PEFT's rules ({@code check_target_module_exists}).
 *
 * @param names ends of module paths, whole parts; ignored where there is a pattern
 * @param pattern a regular expression for whole paths, or empty
 * @param excluded ends of paths that are left alone
 * @param layers the only layer numbers that are changed; empty for all
 * @param layersPattern the names before a layer's number; empty for any
 */
public record AdapterTargets(
        List<String> names, String pattern, List<String> excluded, List<Integer> layers, List<String> layersPattern) {

    /** Copies the lists. */
    public AdapterTargets {
        names = List.copyOf(names);
        excluded = List.copyOf(excluded);
        layers = List.copyOf(layers);
        layersPattern = List.copyOf(layersPattern);
    }

    /** All modules whose paths end so. */
    public static AdapterTargets of(List<String> names) {
        return new AdapterTargets(names, "", List.of(), List.of(), List.of());
    }

    /** All modules whose paths match a regular expression as a whole. */
    public static AdapterTargets matching(String pattern) {
        return new AdapterTargets(List.of(), pattern, List.of(), List.of(), List.of());
    }

    /** Whether a module is one. */
    boolean matches(String module) {
        if (ends(excluded, module)) {
            return false;
        } else if (!pattern.isEmpty()) {
            return Pattern.matches(pattern, module);
        }
        return ends(names, module) && (layers.isEmpty() || names.contains(module) || inLayers(module));
    }

    private boolean inLayers(String module) {
        List<String> before = layersPattern.isEmpty() ? List.of("[^.]*") : layersPattern;
        for (String name : before) {
            // The first number counts, not that of something within the layer.
            String prefix = layersPattern.isEmpty() ? ".*?\\." : "(?:.*?\\.)?";
            Matcher matcher = Pattern.compile(prefix + name + "\\.(\\d+)\\.").matcher(module);
            if (matcher.lookingAt()) {
                return layers.contains(Integer.parseInt(matcher.group(1)));
            }
        }
        return false;
    }

    private static boolean ends(List<String> names, String module) {
        return names.stream().anyMatch(n -> module.equals(n) || module.endsWith("." + n));
    }
}
