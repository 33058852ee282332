package dev.tailor.zoo.tokenizers;

import java.io.IOException;

/**
 * Estimates what a regular expression of a tokenizer costs. The native tokenizer ends the process when its matcher (Oniguruma)
 * gives up after ten million tries, so that only expressions pass whose tries grow with the text's length and no faster.
 */
final class PatternCheck {
    private static final int LONGEST = 1 << 16;
    private static final int DEEPEST = 50;
    /** More repetitions than these count as endless. */
    private static final int FEW = 16;

    private static final double MOST_TRIES = 100_000;
    private static final double MOST_TRIES_PER_CHARACTER = 64;

    private final String pattern;
    private int at;

    private PatternCheck(String pattern) {
        this.pattern = pattern;
    }

    /**
     * The cost of a pattern.
     *
     * @throws IOException if it may be too high
     */
    static PatternCost of(String pattern) throws IOException {
        if (pattern.length() > LONGEST) {
            throw new IOException(
                    "a pattern has " + pattern.length() + " characters; at most " + LONGEST + " are read");
        }
        PatternCheck check = new PatternCheck(pattern);
        PatternCost cost = check.either(0);
        if (check.at < pattern.length()) {
            throw check.refused("a bracket is closed that was not opened");
        }
        if (cost.deeper() || cost.tries() > MOST_TRIES || cost.triesPerCharacter() > MOST_TRIES_PER_CHARACTER) {
            throw check.refused("it may try too many ways to match a text");
        }
        return cost;
    }

    private IOException refused(String why) {
        String shown = pattern.length() > 200 ? pattern.substring(0, 200) + "..." : pattern;
        return new IOException("the pattern \"" + shown + "\" could end the process: " + why);
    }

    private boolean next(String text) {
        if (pattern.startsWith(text, at)) {
            at += text.length();
            return true;
        }
        return false;
    }

    private char take() throws IOException {
        if (at == pattern.length()) {
            throw refused("it ends too early");
        }
        return pattern.charAt(at++);
    }

    private boolean more() {
        return at < pattern.length();
    }

    private PatternCost either(int depth) throws IOException {
        if (depth > DEEPEST) {
            throw refused("its groups lie more than " + DEEPEST + " deep");
        }
        PatternCost cost = sequence(depth);
        while (next("|")) {
            cost = cost.or(sequence(depth));
        }
        return cost;
    }

    private PatternCost sequence(int depth) throws IOException {
        PatternCost cost = PatternCost.EMPTY;
        while (more() && pattern.charAt(at) != '|' && pattern.charAt(at) != ')') {
            cost = cost.then(quantified(atom(depth)));
        }
        return cost;
    }

    private PatternCost atom(int depth) throws IOException {
        char c = take();
        return switch (c) {
            case '(' -> group(depth);
            case '[' -> {
                characterClass(0);
                yield PatternCost.CHARACTER;
            }
            case '\\' -> escaped();
            case '^', '$' -> PatternCost.ANCHOR;
            case '*', '+', '?' -> throw refused("it repeats nothing");
            default -> {
                if (Character.isHighSurrogate(c) && more()) {
                    at++;
                }
                yield PatternCost.CHARACTER;
            }
        };
    }

    private PatternCost group(int depth) throws IOException {
        PatternCost cost;
        if (next("*")) {
            throw refused("calls are not supported");
        } else if (!next("?")) {
            cost = inner(depth);
        } else if (next("=") || next("!") || next("<=") || next("<!")) {
            cost = inner(depth).look();
        } else if (next(">")) {
            cost = inner(depth).once();
        } else if (next("<")) {
            name('>');
            cost = inner(depth);
        } else {
            int start = at;
            while (more() && "ims-".indexOf(pattern.charAt(at)) >= 0) {
                at++;
            }
            if (next(":")) {
                cost = inner(depth);
            } else if (next(")") && start == 2 && depth == 0) {
                // Options for all that follows.
                return PatternCost.EMPTY;
            } else {
                throw refused("the group at " + (start - 2) + " is of a kind that is not supported");
            }
        }
        return cost;
    }

    private PatternCost inner(int depth) throws IOException {
        PatternCost cost = either(depth + 1);
        if (!next(")")) {
            throw refused("a bracket is not closed");
        }
        return cost;
    }

    private void name(char end) throws IOException {
        for (char c = take(); c != end; c = take()) {
            if (!Character.isLetterOrDigit(c) && c != '_') {
                throw refused("the name of a group holds " + c);
            }
        }
    }

    private void characterClass(int depth) throws IOException {
        if (depth > DEEPEST) {
            throw refused("its classes lie more than " + DEEPEST + " deep");
        }
        next("^");
        boolean first = true;
        for (char c = take(); c != ']' || first; c = take()) {
            first = false;
            if (c == '\\') {
                take();
            } else if (c == '[') {
                characterClass(depth + 1);
            }
        }
    }

    private PatternCost escaped() throws IOException {
        char c = take();
        if ((c >= '1' && c <= '9') || c == 'k' || c == 'g') {
            throw refused("it refers to its own groups");
        }
        return switch (c) {
            case 'p', 'P', 'x', 'o' -> {
                if (next("{")) {
                    for (char d = take(); d != '}'; d = take()) {
                        if (d == '{' || d == '(' || d == '[') {
                            throw refused("a name in curly brackets holds " + d);
                        }
                    }
                }
                yield PatternCost.CHARACTER;
            }
            case 'b', 'B', 'A', 'z', 'Z', 'G', 'K', 'y', 'Y' -> PatternCost.ANCHOR;
            case 'R' -> PatternCost.CHARACTER.repeated(1, 1);
            case 'X' -> PatternCost.CHARACTER.loop(1);
            default -> PatternCost.CHARACTER;
        };
    }

    private PatternCost quantified(PatternCost body) throws IOException {
        PatternCost cost = body;
        for (int count = 0; more(); count++) {
            char c = pattern.charAt(at);
            long least;
            long most;
            if (c == '*' || c == '+' || c == '?') {
                at++;
                least = c == '+' ? 1 : 0;
                most = c == '?' ? 1 : Long.MAX_VALUE;
            } else {
                long[] bounds = bounds();
                if (bounds.length == 0) {
                    break;
                }
                least = bounds[0];
                most = bounds[1];
            }
            // What follows may make a quantifier lazy or possessive, neither of which costs more; or repeat it again.
            if (count == 0 && c != '{' && !next("?")) {
                next("+");
            } else if (count > 0 && !(least == 0 && most == 1)) {
                throw refused("a repetition is repeated");
            }
            cost = count > 0 ? cost.lazy() : repeated(cost, least, most);
        }
        return cost;
    }

    private PatternCost repeated(PatternCost body, long least, long most) throws IOException {
        if (most == 1) {
            return least == 1 ? body : body.optional();
        }
        if (most == least && !body.varies() && least <= FEW) {
            return body.repeated(least, 0);
        }
        if (body.varies() || body.least() == 0) {
            throw refused("it repeats a group that may match in several ways, or nothing");
        }
        return most <= FEW ? body.repeated(least, most - least) : body.loop(Math.min(least, LONGEST));
    }

    /** {@code {n}}, {@code {n,}}, {@code {,m}} or {@code {n,m}}; anything else in curly brackets is text. */
    private long[] bounds() {
        int end = pattern.charAt(at) == '{' ? pattern.indexOf('}', at) : -1;
        if (end < 0) {
            return new long[0];
        }
        String inside = pattern.substring(at + 1, end);
        if (!inside.matches("[0-9]{1,6}|[0-9]{0,6},[0-9]{0,6}") || inside.equals(",")) {
            return new long[0];
        }
        at = end + 1;
        int comma = inside.indexOf(',');
        String from = comma < 0 ? inside : inside.substring(0, comma);
        String to = comma < 0 ? inside : inside.substring(comma + 1);
        return new long[] {from.isEmpty() ? 0 : Long.parseLong(from), to.isEmpty() ? Long.MAX_VALUE : Long.parseLong(to)
        };
    }
}
