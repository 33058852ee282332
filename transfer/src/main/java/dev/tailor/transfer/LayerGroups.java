package dev.tailor.transfer;

import dev.tailor.program.Architecture;
import dev.tailor.program.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The weights of a network in groups from the input to the head. A group is one numbered layer or stage of the backbone; what
 * comes before the first one, such as embeddings, is the first group; what comes behind, and all of the head, is the last.
 *
 * @param groups keys, in the order of the groups
 */
record LayerGroups(List<List<String>> groups) {
    /** A path up to its first number. */
    private static final Pattern NUMBERED = Pattern.compile("(.*?(?:^|[.a-z_])\\d+)(\\..*)");

    static LayerGroups of(Program program, Architecture architecture) {
        Map<String, List<String>> numbered = new LinkedHashMap<>();
        List<String> first = new ArrayList<>();
        List<String> last = new ArrayList<>();
        for (String key : program.weights().keySet()) {
            // The number in a name such as mobilenet_v1 counts no layers.
            String backbone = architecture.prefix() + ".";
            Matcher matcher = NUMBERED.matcher(key.startsWith(backbone) ? key.substring(backbone.length()) : key);
            if (isHead(key, architecture)) {
                last.add(key);
            } else if (matcher.matches()) {
                numbered.computeIfAbsent(matcher.group(1), k -> new ArrayList<>())
                        .add(key);
            } else {
                // Weights come in the order of their use.
                (numbered.isEmpty() ? first : last).add(key);
            }
        }
        List<List<String>> all = new ArrayList<>();
        if (!first.isEmpty()) {
            all.add(first);
        }
        all.addAll(numbered.values());
        all.add(last);
        return new LayerGroups(List.copyOf(all));
    }

    private static boolean isHead(String key, Architecture architecture) {
        return architecture.headKeys().stream().anyMatch(path -> key.equals(path) || key.startsWith(path + "."));
    }

    /** How many groups stand behind the one that a weight belongs to: 0 for the head. */
    Map<String, Integer> distances() {
        Map<String, Integer> distances = new LinkedHashMap<>();
        for (int i = 0; i < groups.size(); i++) {
            int distance = groups.size() - 1 - i;
            groups.get(i).forEach(key -> distances.put(key, distance));
        }
        return distances;
    }
}
