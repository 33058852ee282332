package dev.tailor.engine.onnx;

import java.util.List;

/** An attribute of a node: the message {@code AttributeProto}. */
record Attribute(Message message) {
    private static final int NAME = 1;
    private static final int TYPE = 20;

    static Attribute real(String name, double value) {
        return new Attribute(named(name, 1).real(2, (float) value));
    }

    static Attribute number(String name, long value) {
        return new Attribute(named(name, 2).number(3, value));
    }

    static Attribute flag(String name, boolean value) {
        return number(name, value ? 1 : 0);
    }

    static Attribute text(String name, String value) {
        return new Attribute(named(name, 3).text(4, value));
    }

    static Attribute tensor(String name, Message tensor) {
        return new Attribute(named(name, 4).message(5, tensor));
    }

    static Attribute numbers(String name, List<? extends Number> values) {
        Message message = named(name, 7);
        values.forEach(v -> message.number(8, v.longValue()));
        return new Attribute(message);
    }

    private static Message named(String name, int type) {
        return new Message().text(NAME, name).number(TYPE, type);
    }
}
