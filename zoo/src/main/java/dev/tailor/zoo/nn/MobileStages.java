package dev.tailor.zoo.nn;

import dev.tailor.program.Scope;
import dev.tailor.program.Value;
import dev.tailor.zoo.nn.MobileBlock.Place;
import dev.tailor.zoo.nn.MobileBlock.Role;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * The stacks of blocks between stem and head of a mobile network.
 *
 * @param stacks the blocks of each stack, already repeated and scaled
 * @param dilatedFrom the first stack whose stride becomes a dilation of 2; the number of stacks for none
 * @param dropPath what the blocks' rates of dropping a branch grow evenly towards, from 0 for the first one
 */
public record MobileStages(List<List<MobileBlock>> stacks, int dilatedFrom, double dropPath) {

    /**
     * Reads stacks of block descriptions; one line may hold several, separated by blanks.
     *
     * @param depth multiplies the number of blocks, rounded up
     * @param fixedEnds whether the first and the last stack keep their depth
     * @param channels scales a number of channels
     * @throws IllegalArgumentException if a description is none
     */
    public static MobileStages of(List<String> lines, double depth, boolean fixedEnds, ToLongFunction<Long> channels) {
        List<List<MobileBlock>> stacks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            boolean fixed = fixedEnds && (i == 0 || i == lines.size() - 1);
            List<MobileBlock> described = List.of(lines.get(i).split(" ", -1)).stream()
                    .map(MobileBlock::parse)
                    .toList();
            List<Integer> repeats = repeats(described, fixed ? 1 : depth);
            List<MobileBlock> stack = new ArrayList<>();
            for (int j = 0; j < described.size(); j++) {
                for (int k = 0; k < repeats.get(j); k++) {
                    long out = channels.applyAsLong(described.get(j).out());
                    stack.add(described.get(j).scaled(out, stack.isEmpty()));
                }
            }
            stacks.add(List.copyOf(stack));
        }
        return new MobileStages(List.copyOf(stacks), stacks.size(), 0);
    }

    /** A stack's blocks are shared out among its descriptions from the last one on, as timm does. */
    private static List<Integer> repeats(List<MobileBlock> described, double depth) {
        int left = described.stream().mapToInt(MobileBlock::repeats).sum();
        int scaled = (int) Math.ceil(left * depth);
        List<Integer> result = new ArrayList<>();
        for (int i = described.size() - 1; i >= 0; i--) {
            int own = described.get(i).repeats();
            int share = (int) Math.max(1, Math.rint((double) own / left * scaled));
            result.add(share);
            left -= own;
            scaled -= share;
        }
        Collections.reverse(result);
        return result;
    }

    /** The same with dilation instead of stride from a stack on. */
    public MobileStages dilatedFrom(int stack) {
        return new MobileStages(stacks, stack, dropPath);
    }

    /** The same with branches that are dropped at random while training, with a rate that grows from block to block. */
    public MobileStages dropping(double rate) {
        return new MobileStages(stacks, dilatedFrom, rate);
    }

    /** The number of blocks. */
    public int blocks() {
        return stacks.stream().mapToInt(List::size).sum();
    }

    /** Traces all blocks; the result holds the output of each stack. */
    public List<Value> apply(Scope scope, MobileBlock.Names names, MobileBlock.Style style, Value x) {
        List<Value> outputs = new ArrayList<>();
        Value y = x;
        int number = 0;
        for (int stage = 0; stage < stacks.size(); stage++) {
            for (int i = 0; i < stacks.get(stage).size(); i++) {
                MobileBlock block = stacks.get(stage).get(i);
                boolean plain = stage < dilatedFrom || block.type().equals("cn");
                Place place = new Place(stage, i, number++, block.type(), Role.SINGLE, 0);
                double rate = dropPath * place.number() / blocks();
                y = block.apply(scope, names, place, style, plain ? 1 : 2, rate, y);
            }
            outputs.add(y);
        }
        return outputs;
    }
}
