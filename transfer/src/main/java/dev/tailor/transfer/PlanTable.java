package dev.tailor.transfer;

import dev.tailor.program.Program;
import dev.tailor.program.WeightSpec;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Which parameters train, as a table of layer groups from the input to the head. */
final class PlanTable {
    private static final int MOST_ROWS = 30;

    private PlanTable() {}

    static String of(String title, Program program, Collection<String> trainable, LayerGroups groups, String data) {
        Set<String> moving = new HashSet<>(trainable);
        StringBuilder rows = new StringBuilder();
        long all = 0;
        long trained = 0;
        int shown = 0;
        int width =
                groups.groups().stream().mapToInt(g -> name(g).length()).max().orElse(0);
        for (List<String> group : groups.groups()) {
            long own = 0;
            long changing = 0;
            for (String key : group) {
                WeightSpec spec = program.weight(key);
                if (spec.role() == WeightSpec.Role.PARAMETER) {
                    own += spec.elements();
                    changing += moving.contains(key) ? spec.elements() : 0;
                }
            }
            all += own;
            trained += changing;
            if (own > 0 && shown++ < MOST_ROWS) {
                rows.append(String.format(
                        Locale.ROOT, "%n  %-" + Math.max(1, width) + "s %,13d of %,13d", name(group), changing, own));
            }
        }
        String share = String.format(
                Locale.ROOT, "%,d of %,d parameters train (%.2f %%)", trained, all, 100.0 * trained / Math.max(1, all));
        return title + ": " + share + "; " + data + rows;
    }

    /** What the keys of a group have in common. */
    private static String name(List<String> keys) {
        if (keys.isEmpty()) {
            return "";
        }
        String common = keys.get(0);
        for (String key : keys) {
            while (!key.startsWith(common + ".") && !key.equals(common) && common.contains(".")) {
                common = common.substring(0, common.lastIndexOf('.'));
            }
            if (!key.startsWith(common)) {
                return common + ", ...";
            }
        }
        return common;
    }
}
