package dev.tailor.zoo.tokenizers;

import dev.tailor.TailorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * The wire format of protocol buffers, field by field. Every length is checked against the bytes that are there, so a damaged
 * file costs no more memory than its size.
 */
final class ProtoReader {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int FIXED32 = 5;

    private final ByteBuffer data;
    private final String source;
    private int wireType;

    ProtoReader(ByteBuffer data, String source) {
        this.data = data.slice().order(ByteOrder.LITTLE_ENDIAN);
        this.source = source;
    }

    /** The number of the next field, or 0 at the end; its value must be read or skipped before the next call. */
    int next() {
        if (!data.hasRemaining()) {
            return 0;
        }
        long key = varint();
        wireType = (int) (key & 7);
        long field = key >>> 3;
        if (field < 1 || field > 0x1FFF_FFFF) {
            throw damaged("the field number " + field);
        }
        return (int) field;
    }

    /** A whole number or an enumeration. */
    long integer() {
        expect(VARINT);
        return varint();
    }

    boolean flag() {
        return integer() != 0;
    }

    float number() {
        expect(FIXED32);
        return take(Float.BYTES).getFloat();
    }

    String text() {
        ByteBuffer bytes = bytes();
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .decode(bytes)
                    .toString();
        } catch (CharacterCodingException e) {
            throw new TailorException(
                    source + " is damaged: a text before byte " + data.position() + " is not UTF-8", e);
        }
    }

    ProtoReader message() {
        return new ProtoReader(bytes(), source);
    }

    ByteBuffer bytes() {
        expect(BYTES);
        long length = varint();
        if (length < 0 || length > data.remaining()) {
            throw damaged(
                    "a value of " + Long.toUnsignedString(length) + " bytes where " + data.remaining() + " are left");
        }
        return take((int) length);
    }

    void skip() {
        switch (wireType) {
            case VARINT -> varint();
            case FIXED64 -> take(Long.BYTES);
            case BYTES -> bytes();
            case FIXED32 -> take(Integer.BYTES);
            default -> throw damaged("the wire type " + wireType);
        }
    }

    private void expect(int type) {
        if (wireType != type) {
            throw damaged("the wire type " + wireType + " where " + type + " belongs");
        }
    }

    private long varint() {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte part = take(1).get();
            value |= (long) (part & 0x7F) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw damaged("a number of more than ten bytes");
    }

    private ByteBuffer take(int length) {
        if (length > data.remaining()) {
            throw damaged("the end, " + data.remaining() + " bytes on, where " + length + " more belong");
        }
        ByteBuffer part = data.slice(data.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        data.position(data.position() + length);
        return part;
    }

    private TailorException damaged(String found) {
        return new TailorException(source + " is not a sentencepiece model, or it is damaged: found " + found
                + " at byte " + data.position() + " of a message of " + data.limit() + " bytes. Download it again.");
    }
}
