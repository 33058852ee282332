package dev.tailor.engine.onnx;

import dev.tailor.program.Kind;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** The message {@code TensorProto} and the numbers of its element types. */
final class Tensors {
    static final int NAME = 8;
    static final int RAW_DATA = 9;
    static final int EXTERNAL_DATA = 13;
    static final int DATA_LOCATION = 14;
    static final int FLOAT = 1;
    static final int INT64 = 7;
    static final int BOOL = 9;

    private Tensors() {}

    static int type(Kind kind) {
        return switch (kind) {
            case FLOAT -> FLOAT;
            case INTEGER -> INT64;
            case BOOLEAN -> BOOL;
        };
    }

    /** Name, type and shape; the elements are to follow. */
    static Message header(String name, int type, List<Long> shape) {
        Message message = new Message();
        shape.forEach(side -> message.number(1, side));
        message.number(2, type);
        return name.isEmpty() ? message : message.text(NAME, name);
    }

    /** One number without axes, or along one axis of length one. */
    static Message one(String name, Kind kind, double value, boolean axis) {
        byte[] bytes = new byte[kind == Kind.FLOAT ? Float.BYTES : kind == Kind.INTEGER ? Long.BYTES : 1];
        switch (kind) {
            case FLOAT -> buffer(bytes).putFloat((float) value);
            case INTEGER -> buffer(bytes).putLong((long) value);
            case BOOLEAN -> bytes[0] = (byte) (value == 0 ? 0 : 1);
        }
        return header(name, type(kind), axis ? List.of(1L) : List.of()).bytes(RAW_DATA, bytes);
    }

    static Message integers(String name, List<Long> values) {
        byte[] bytes = new byte[values.size() * Long.BYTES];
        ByteBuffer buffer = buffer(bytes);
        values.forEach(buffer::putLong);
        return header(name, INT64, List.of((long) values.size())).bytes(RAW_DATA, bytes);
    }

    static Message floats(String name, List<Long> shape, float[] values) {
        byte[] bytes = new byte[values.length * Float.BYTES];
        buffer(bytes).asFloatBuffer().put(values);
        return header(name, FLOAT, shape).bytes(RAW_DATA, bytes);
    }

    private static ByteBuffer buffer(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
