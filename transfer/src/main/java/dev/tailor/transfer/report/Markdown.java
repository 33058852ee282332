package dev.tailor.transfer.report;

/** Text of strangers within Markdown. */
final class Markdown {
    private static final String SPECIAL = "\\`*_[]<>#|~!";

    private Markdown() {}

    /** Text that means nothing but itself. */
    static String escape(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (SPECIAL.indexOf(c) >= 0) {
                out.append('\\');
            }
            out.append(Character.isISOControl(c) ? ' ' : c);
        }
        return out.toString();
    }

    /** The content of a cell of a table; an empty one shows as quotes. */
    static String cell(String text) {
        return text.isBlank() ? "\"\"" : escape(text);
    }
}
