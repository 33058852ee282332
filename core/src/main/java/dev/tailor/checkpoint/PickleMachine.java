package dev.tailor.checkpoint;

import dev.tailor.checkpoint.PickledValue.Bool;
import dev.tailor.checkpoint.PickledValue.Bytes;
import dev.tailor.checkpoint.PickledValue.Dict;
import dev.tailor.checkpoint.PickledValue.Int;
import dev.tailor.checkpoint.PickledValue.None;
import dev.tailor.checkpoint.PickledValue.Real;
import dev.tailor.checkpoint.PickledValue.Sequence;
import dev.tailor.checkpoint.PickledValue.Text;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads one pickle of protocol 0 to 5 as data.
 *
 * <p>It knows the opcodes that make data. What asks for a class or a function is answered from {@link PickleCalls}'s short
 * table; everything else is noted by name, nothing of it is looked up or run, and the file is refused at the end with all
 * those names. See {@code pickletools.py} of CPython for the opcodes.
 */
final class PickleMachine {
    private static final int LONGEST_INTEGER = 256;
    private static final int LONGEST_LINE = 1 << 16;

    private final PickleInput in;
    private final PickleBudget budget;
    private final PickleStack stack;
    private final PickleCalls calls;

    private PickleMachine(PickleInput in, Map<String, TorchType> storages) {
        this.in = in;
        this.budget = new PickleBudget(in);
        this.stack = new PickleStack(in);
        this.calls = new PickleCalls(in, budget, storages);
    }

    /**
     * Reads from the input's position to just behind the pickle's end.
     *
     * @throws CheckpointException if the pickle is damaged, asks for more than data, or for more memory than there is
     */
    static PickledValue read(PickleInput in) throws IOException {
        return read(in, new HashMap<>());
    }

    /**
     * Reads like {@link #read(PickleInput)}.
     *
     * @param storages receives the element type of each storage that the pickle names, by key
     */
    static PickledValue read(PickleInput in, Map<String, TorchType> storages) throws IOException {
        PickleMachine machine = new PickleMachine(in, storages);
        try {
            while (machine.step(in.u8())) {
                // The step does it all.
            }
            PickledValue result = machine.stack.pop();
            machine.calls.refuse(null);
            return result;
        } catch (CheckpointException e) {
            // What was kept out may be why the rest makes no sense, and is what the reader must know.
            machine.calls.refuse(e);
            throw e;
        }
    }

    private boolean step(int opcode) throws IOException {
        budget.values(1);
        switch (opcode) {
            case 0x80 -> protocol(in.u8());
            case 0x95 -> in.i64();
            case '.' -> {
                return false;
            }
            case '(' -> stack.mark();
            case '0' -> stack.drop();
            case '1' -> stack.popToMark();
            case '2' -> stack.push(stack.top());
            case 'N' -> stack.push(new None());
            case 0x88 -> stack.push(new Bool(true));
            case 0x89 -> stack.push(new Bool(false));
            case 'q' -> stack.memoize(in.u8());
            case 'r' -> stack.memoize(in.i32());
            case 'p' -> stack.memoize(index());
            case 0x94 -> stack.memoize();
            case 'h' -> stack.recall(in.u8());
            case 'j' -> stack.recall(in.i32());
            case 'g' -> stack.recall(index());
            case ')' -> stack.push(Sequence.tuple());
            case ']', 0x8F -> stack.push(Sequence.list());
            case '}' -> stack.push(new Dict());
            case 0x85 -> tuple(1);
            case 0x86 -> tuple(2);
            case 0x87 -> tuple(3);
            case 't', 0x91 -> stack.push(Sequence.tuple(stack.popToMark().toArray(PickledValue[]::new)));
            case 'l' -> {
                List<PickledValue> items = stack.popToMark();
                stack.push(Sequence.list());
                add(items);
            }
            case 'd' -> {
                List<PickledValue> items = stack.popToMark();
                stack.push(new Dict());
                put(items);
            }
            case 'a' -> add(List.of(stack.pop()));
            case 'e', 0x90 -> add(stack.popToMark());
            case 's' -> {
                PickledValue value = stack.pop();
                put(List.of(stack.pop(), value));
            }
            case 'u' -> put(stack.popToMark());
            case 'c' -> stack.push(calls.name(in.line(LONGEST_LINE), in.line(LONGEST_LINE)));
            case 0x93 -> {
                String name = text(stack.pop());
                stack.push(calls.name(text(stack.pop()), name));
            }
            case 'R', 0x81 -> {
                PickledValue arguments = stack.pop();
                stack.push(calls.call(stack.pop(), arguments));
            }
            case 0x92 -> {
                stack.pop();
                PickledValue arguments = stack.pop();
                stack.push(calls.call(stack.pop(), arguments));
            }
            case 'b' -> {
                PickledValue state = stack.pop();
                calls.build(stack.top(), state);
            }
            case 'Q' -> stack.push(calls.storage(stack.pop()));
            default -> scalar(opcode);
        }
        return true;
    }

    private void scalar(int opcode) throws IOException {
        switch (opcode) {
            case 'J' -> integer(in.i32());
            case 'K' -> integer(in.u8());
            case 'M' -> integer(in.u16());
            case 0x8A -> integer(in.u8(), LONGEST_INTEGER);
            case 0x8B -> integer(in.i32(), LONGEST_INTEGER);
            case 'I', 'L' -> decimal(in.line(LONGEST_INTEGER));
            case 'G' -> stack.push(new Real(in.bigEndianDouble()));
            case 'F' -> stack.push(new Real(real(in.line(LONGEST_INTEGER))));
            case 'X' -> stack.push(new Text(utf8(chunk(in.i32() & 0xFFFF_FFFFL))));
            case 0x8C -> stack.push(new Text(utf8(chunk(in.u8()))));
            case 0x8D -> stack.push(new Text(utf8(chunk(in.i64()))));
            case 'U' -> stack.push(new Text(oldText(chunk(in.u8()))));
            case 'T' -> stack.push(new Text(oldText(chunk(in.i32()))));
            case 'V', 'S' -> stack.push(new Text(escaped(in.line(LONGEST_LINE))));
            case 'C' -> stack.push(new Bytes(chunk(in.u8())));
            case 'B' -> stack.push(new Bytes(chunk(in.i32() & 0xFFFF_FFFFL)));
            case 0x8E, 0x96 -> stack.push(new Bytes(chunk(in.i64())));
            case 'i' -> throw calls.refused(in.line(LONGEST_LINE) + "." + in.line(LONGEST_LINE));
            case 'o' -> throw calls.refused("an instance of an old class");
            case 0x82, 0x83, 0x84 -> throw calls.refused("an extension of the pickle registry");
            case 'P' -> throw calls.refused("the persistent object " + in.line(LONGEST_LINE));
            case 0x97, 0x98 -> throw calls.refused("a buffer outside the file");
            default -> throw in.damaged("there is no opcode 0x" + Integer.toHexString(opcode));
        }
    }

    private void protocol(int version) {
        if (version > 5) {
            throw in.damaged("it announces pickle protocol " + version + "; the newest known is 5");
        }
    }

    private void tuple(int length) {
        PickledValue[] items = new PickledValue[length];
        for (int i = length - 1; i >= 0; i--) {
            items[i] = stack.pop();
        }
        stack.push(Sequence.tuple(items));
    }

    private void add(List<PickledValue> items) {
        if (stack.top() instanceof Sequence list && !list.isFixed()) {
            items.forEach(list::add);
        } else if (!calls.isRefused(stack.top())) {
            throw in.damaged("items for what is no list");
        }
    }

    private void put(List<PickledValue> items) {
        if (items.size() % 2 != 0) {
            throw in.damaged("a key without a value");
        }
        if (stack.top() instanceof Dict dict) {
            for (int i = 0; i < items.size(); i += 2) {
                dict.put(items.get(i), items.get(i + 1));
            }
        } else if (!calls.isRefused(stack.top())) {
            throw in.damaged("entries for what is no dict");
        }
    }

    private String text(PickledValue value) {
        return value.text().orElseThrow(() -> in.damaged("a name that is no text"));
    }

    private byte[] chunk(long length) throws IOException {
        in.require(length);
        budget.bytes(length);
        return in.bytes(length);
    }

    private int index() throws IOException {
        try {
            return Integer.parseInt(in.line(LONGEST_INTEGER));
        } catch (NumberFormatException e) {
            throw in.damaged("a memo index that is no number", e);
        }
    }

    private void integer(long value) {
        stack.push(new Int(BigInteger.valueOf(value)));
    }

    private void integer(int length, int longest) throws IOException {
        if (length < 0 || length > longest) {
            throw in.damaged("an integer of " + Integer.toUnsignedString(length) + " bytes; the limit is " + longest);
        }
        byte[] bytes = in.bytes(length);
        byte[] bigEndian = new byte[length + 1];
        bigEndian[0] = (byte) (length > 0 && bytes[length - 1] < 0 ? -1 : 0);
        for (int i = 0; i < length; i++) {
            bigEndian[length - i] = bytes[i];
        }
        stack.push(new Int(new BigInteger(bigEndian)));
    }

    private void decimal(String line) {
        String digits = line.endsWith("L") ? line.substring(0, line.length() - 1) : line;
        if (digits.equals("00") || digits.equals("01")) {
            stack.push(new Bool(digits.equals("01")));
            return;
        }
        try {
            stack.push(new Int(new BigInteger(digits)));
        } catch (NumberFormatException e) {
            throw in.damaged("an integer that is none", e);
        }
    }

    private double real(String line) {
        try {
            return switch (line) {
                case "inf" -> Double.POSITIVE_INFINITY;
                case "-inf" -> Double.NEGATIVE_INFINITY;
                case "nan" -> Double.NaN;
                default -> Double.parseDouble(line);
            };
        } catch (NumberFormatException e) {
            throw in.damaged("a number that is none", e);
        }
    }

    private String utf8(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw in.damaged("a text that is not UTF-8", e);
        }
    }

    /** Text or bytes: Python 2 did not tell one from the other. */
    private static String oldText(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\uFFFD') < 0 ? text : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** The text of protocol 0: a line, of which only quotes and the plain escapes are understood. */
    private String escaped(String line) {
        boolean quoted = line.length() >= 2
                && (line.charAt(0) == '\'' || line.charAt(0) == '"')
                && line.charAt(line.length() - 1) == line.charAt(0);
        String raw = quoted ? line.substring(1, line.length() - 1) : line;
        if (raw.indexOf('\\') >= 0) {
            throw in.damaged("an escaped text of pickle protocol 0, which Tailor does not read");
        }
        budget.bytes(raw.length());
        return raw;
    }
}
