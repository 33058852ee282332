package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.ConvNorm.Window;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One block of a mobile network, described as timm's architecture strings do, such as {@code ir_r2_k3_s2_e6_c24_se0.25}: the
 * type, then repeats, kernel, stride, expansion, channels, the part of the input's channels (or, see {@link Style}, the inner
 * ones) that squeezing leaves, {@code nre} for ReLU, and whether there is a skip connection.
 *
 * @param type {@code ds} a depthwise and a pointwise convolution; {@code ir} those behind an expansion (Sandler et al. 2018, arXiv
 *     1801.04381); {@code er} expansion and depthwise as one; {@code cn} a single convolution
 */
public record MobileBlock(
        String type,
        int repeats,
        long kernel,
        long stride,
        double expansion,
        long out,
        double squeeze,
        String activation,
        boolean skips) {
    private static final Pattern PART = Pattern.compile("([a-z]+)([0-9].*)?");
    private static final Map<String, String> ACTIVATIONS =
            Map.of("nre", "relu", "nr6", "relu6", "nhs", "hard_swish", "nsw", "silu");

    /** What a convolution or a squeezing does within its block. */
    public enum Role {
        EXPAND,
        DEPTHWISE,
        SQUEEZE,
        PROJECT,
        SINGLE
    }

    /**
     * Where a part of a block stands.
     *
     * @param stage the stack of blocks, from 0
     * @param index the block in its stack, from 0
     * @param number the block in the network, from 0
     * @param type the block's type
     * @param position the part in its block, from 0
     */
    public record Place(int stage, int index, int number, String type, Role role, int position) {
        private Place with(Role next) {
            return new Place(stage, index, number, type, next, role == Role.SINGLE ? 0 : position + 1);
        }
    }

    /** The keys of a part: convolution and normalisation, or the two convolutions of a squeezing. */
    public record Keys(String first, String second) {}

    /** How a library names the parts. */
    @FunctionalInterface
    public interface Names {
        /** The keys of a part. */
        Keys of(Place place);
    }

    /**
     * What all blocks of a network share.
     *
     * @param activation where a block names none
     * @param gate the activation of a squeezing's scale
     * @param squeezeActivation the one between its convolutions, or empty for the block's
     * @param squeezeInner whether squeezing counts from the inner channels, rounded to multiples of 8
     */
    public record Style(
            ConvNorm layer, String activation, String gate, String squeezeActivation, boolean squeezeInner) {}

    /**
     * Reads a description.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static MobileBlock parse(String text) {
        Map<String, String> parts = new HashMap<>();
        String activation = "";
        String[] words = text.split("_", -1);
        boolean skips = !words[0].equals("cn");
        for (int i = 1; i < words.length; i++) {
            Matcher part = PART.matcher(words[i]);
            if (words[i].endsWith("skip")) {
                skips = words[i].equals("skip");
            } else if (ACTIVATIONS.containsKey(words[i])) {
                activation = ACTIVATIONS.get(words[i]);
            } else if (part.matches() && part.group(2) != null) {
                parts.put(part.group(1), part.group(2));
            }
        }
        boolean known = Set.of("ds", "ir", "er", "cn").contains(words[0])
                && parts.keySet().containsAll(Set.of("r", "k", "s", "c"))
                && Set.of("r", "k", "s", "e", "c", "se").containsAll(parts.keySet());
        if (!known) {
            throw new IllegalArgumentException("\"" + text + "\" describes no block");
        }
        return new MobileBlock(
                words[0],
                Integer.parseInt(parts.get("r")),
                Long.parseLong(parts.get("k")),
                Long.parseLong(parts.get("s")),
                Double.parseDouble(parts.getOrDefault("e", "1")),
                Long.parseLong(parts.get("c")),
                Double.parseDouble(parts.getOrDefault("se", "0")),
                activation,
                skips);
    }

    /** The same with other channels, as the first of its stack or a later one. */
    MobileBlock scaled(long channels, boolean first) {
        long step = first ? stride : 1;
        return new MobileBlock(type, 1, kernel, step, expansion, channels, squeeze, activation, skips);
    }

    /** Traces it, with a dilation in place of its stride where that is above 1. */
    Value apply(Scope scope, Names names, Place place, Style style, long dilation, double dropPath, Value x) {
        ConvNorm layer = style.layer();
        String act = activation.isEmpty() ? style.activation() : activation;
        long in = x.size(1).constant();
        long step = dilation > 1 ? 1 : stride;
        Place at = new Place(place.stage(), place.index(), place.number(), type, Role.SINGLE, 0);
        Value y = x;
        if (type.equals("cn")) {
            y = conv(scope, names, at, layer, y, out, Window.of(kernel).by(step).dilated(dilation), act);
            return skips && stride == 1 && in == out
                    ? scope.dropPath(y, dropPath).add(x)
                    : y;
        }
        long inner = type.equals("ds") ? in : Widths.divisible(in * expansion);
        if (!type.equals("ds")) {
            at = at.with(Role.EXPAND);
            Window window = type.equals("er") ? Window.of(kernel).by(step).dilated(dilation) : Window.of(1);
            y = conv(scope, names, at, layer, y, inner, window, act);
        }
        if (!type.equals("er")) {
            at = at.with(Role.DEPTHWISE);
            Window window = Window.of(kernel).by(step).dilated(dilation).in(inner);
            y = conv(scope, names, at, layer, y, inner, window, act);
        }
        if (squeeze > 0) {
            at = at.with(Role.SQUEEZE);
            Keys keys = names.of(at);
            long width = style.squeezeInner()
                    ? Widths.divisible(inner * squeeze)
                    : (long) Math.rint(inner * (squeeze / (type.equals("ds") ? 1 : expansion)));
            String between = style.squeezeActivation().isEmpty() ? act : style.squeezeActivation();
            y = SqueezeExcitation.apply(scope, keys.first(), keys.second(), y, width, between, style.gate());
        }
        y = conv(scope, names, at.with(Role.PROJECT), layer, y, out, Window.of(1), ConvNorm.NONE);
        return skips && stride == 1 && in == out ? scope.dropPath(y, dropPath).add(x) : y;
    }

    private static Value conv(
            Scope scope, Names names, Place place, ConvNorm layer, Value x, long out, Window window, String act) {
        Keys keys = names.of(place);
        return layer.apply(scope, keys.first(), keys.second(), x, out, window, act);
    }
}
