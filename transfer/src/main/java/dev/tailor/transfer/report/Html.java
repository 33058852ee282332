package dev.tailor.transfer.report;

import java.util.List;
import java.util.Locale;

/** Text of strangers within HTML and SVG. */
public final class Html {
    private Html() {}

    /** Text that means nothing but itself, in content and in quoted attributes. */
    public static String escape(String text) {
        StringBuilder out = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> out.append("&amp;");
                case '<' -> out.append("&lt;");
                case '>' -> out.append("&gt;");
                case '"' -> out.append("&quot;");
                case '\'' -> out.append("&#39;");
                default -> out.appendCodePoint(allowed(c) ? c : 0xFFFD);
            }
        });
        return out.toString();
    }

    /** Control characters and lone surrogates have no place in a page. */
    private static boolean allowed(int c) {
        boolean surrogate = c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
        return c == '\n' || c == '\t' || !(Character.isISOControl(c) || surrogate || c == 0xFFFE || c == 0xFFFF);
    }

    /** At most so many code points, with a mark where something is missing. */
    static String shortened(String text, int most) {
        return text.codePointCount(0, text.length()) <= most
                ? text
                : text.substring(0, text.offsetByCodePoints(0, most - 1)) + "\u2026";
    }

    /** A row of a table; the first cell heads it, what looks like a number goes to the right. */
    static String row(List<String> cells) {
        StringBuilder out = new StringBuilder("<tr><th scope=\"row\">")
                .append(escape(cells.get(0)))
                .append("</th>");
        for (String cell : cells.subList(1, cells.size())) {
            boolean number = cell.matches("-?[\\d,.]+(e-?\\d+)?( %)?");
            out.append(number ? "<td class=\"n\">" : "<td>")
                    .append(escape(cell))
                    .append("</td>");
        }
        return out.append("</tr>\n").toString();
    }

    /** The head of a table. */
    static String head(List<String> cells) {
        StringBuilder out = new StringBuilder("<tr>");
        cells.forEach(c -> out.append("<th scope=\"col\">").append(escape(c)).append("</th>"));
        return out.append("</tr>\n").toString();
    }

    static String fixed(double value) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.4f", value);
    }
}
