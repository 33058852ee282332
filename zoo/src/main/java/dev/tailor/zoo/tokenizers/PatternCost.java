package dev.tailor.zoo.tokenizers;

/**
 * What a backtracking matcher may have to try before a part of a pattern fails.
 *
 * @param least the fewest characters it matches
 * @param varies whether it may match in more than one way
 * @param fails whether it may fail to match
 * @param loops how many repetitions without a bound it holds, one after another
 * @param ways in how many ways it may match beside its loops
 * @param tries tries before it fails that do not depend on the text
 * @param triesPerCharacter tries for each character of a text
 * @param deeper whether tries may grow with a higher power of the text's length
 */
record PatternCost(
        long least,
        boolean varies,
        boolean fails,
        int loops,
        double ways,
        double tries,
        double triesPerCharacter,
        boolean deeper) {
    static final PatternCost EMPTY = new PatternCost(0, false, false, 0, 1, 0, 0, false);
    static final PatternCost CHARACTER = new PatternCost(1, false, true, 0, 1, 1, 0, false);
    static final PatternCost ANCHOR = new PatternCost(0, false, true, 0, 1, 1, 0, false);

    /** Both, one after another: where the second fails, all ways of the first are tried. */
    PatternCost then(PatternCost next) {
        double again = next.tries;
        double each = next.triesPerCharacter;
        boolean deep = deeper || next.deeper;
        if (next.fails) {
            deep |= loops > 1 || (loops == 1 && each > 0);
            each = loops == 0 ? each * ways : ways * Math.max(again, 1);
            again = loops == 0 ? again * ways : 0;
        }
        return new PatternCost(
                least + next.least,
                varies || next.varies,
                fails || next.fails,
                loops + next.loops,
                ways * next.ways,
                tries + again,
                triesPerCharacter + each,
                deep);
    }

    /** Either of two. */
    PatternCost or(PatternCost other) {
        return new PatternCost(
                Math.min(least, other.least),
                true,
                fails && other.fails,
                Math.max(loops, other.loops),
                ways + other.ways,
                tries + other.tries,
                triesPerCharacter + other.triesPerCharacter,
                deeper || other.deeper);
    }

    /** A look ahead or behind: it matches nothing, and once it has been passed it is not tried again. */
    PatternCost look() {
        return new PatternCost(
                0, false, true, 0, 1, Math.max(tries, 1), Math.max(triesPerCharacter, loops > 0 ? 1 : 0), deeper);
    }

    /** The same, tried once only. */
    PatternCost once() {
        return new PatternCost(least, varies, fails, 0, 1, tries, triesPerCharacter, deeper);
    }

    /** At most once. */
    PatternCost optional() {
        return new PatternCost(0, true, false, loops, ways + 1, tries, triesPerCharacter, deeper);
    }

    /** What {@code {n,m}?} makes of it, in whichever of the two ways it is read: lazy or optional. */
    PatternCost lazy() {
        return new PatternCost(0, true, fails, loops, ways + 1, tries, triesPerCharacter, deeper);
    }

    /** Repeated at least {@code from} times, of that what may vary {@code more} times. */
    PatternCost repeated(long from, long more) {
        return new PatternCost(
                least * from,
                more > 0,
                fails && from > 0,
                0,
                more + 1.0,
                Math.max(tries, 1),
                triesPerCharacter,
                deeper);
    }

    /** Repeated at least {@code from} times without a bound. */
    PatternCost loop(long from) {
        return new PatternCost(
                least * from, true, fails && from > 0, 1, 1, Math.max(tries, 1), triesPerCharacter, deeper);
    }
}
