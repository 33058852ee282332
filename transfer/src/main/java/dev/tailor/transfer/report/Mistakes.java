package dev.tailor.transfer.report;

import dev.tailor.task.Classification;
import dev.tailor.transfer.data.Dataset;
import dev.tailor.transfer.data.Example;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Where a classifier was wrong and sure of it. */
final class Mistakes {
    private static final int MOST = 24;

    private Mistakes() {}

    private record Mistake(int index, String expected, Classification found) {}

    /**
     * Shows the most confident mistakes, those examples alone are loaded.
     *
     * @param answers one for each example; nothing is shown where they are no classifications
     */
    static String html(Dataset<?, ?> data, List<?> answers) {
        List<Mistake> mistakes = new ArrayList<>();
        for (int i = 0; i < answers.size(); i++) {
            if (answers.size() != data.size()
                    || !(answers.get(i) instanceof Classification found)
                    || !(data.target(i) instanceof String expected)) {
                return "";
            }
            if (!found.label().equals(expected)) {
                mistakes.add(new Mistake(i, expected, found));
            }
        }
        mistakes.sort(Comparator.comparingDouble((Mistake m) -> m.found().best().score())
                .reversed());
        StringBuilder out = new StringBuilder("<h2>Most confident mistakes</h2>\n");
        if (mistakes.isEmpty()) {
            return out.append("<p>There are none.</p>\n").toString();
        }
        out.append("<p>")
                .append(mistakes.size())
                .append(" of ")
                .append(answers.size())
                .append(" examples are wrong.</p>\n<div class=\"cards\">\n");
        for (Mistake mistake : mistakes.subList(0, Math.min(MOST, mistakes.size()))) {
            Example<?, ?> example = data.get(mistake.index());
            out.append("<figure>")
                    .append(Thumbnail.of(example.input()))
                    .append("<figcaption><b>")
                    .append(Html.escape(mistake.found().label()))
                    .append("</b> ")
                    .append(String.format(
                            Locale.ROOT, "%.1f %%", 100 * mistake.found().best().score()))
                    .append("<br>is <b>")
                    .append(Html.escape(mistake.expected()))
                    .append("</b><br><small>")
                    .append(Html.escape(example.source().isEmpty() ? "example " + mistake.index() : example.source()))
                    .append("</small></figcaption></figure>\n");
        }
        return out.append("</div>\n").toString();
    }
}
