package dev.tailor.checkpoint;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Writes a header as the reference does: compact JSON, padded by spaces so that the data begin on a multiple of 8. */
final class HeaderText {
    private static final int ALIGNMENT = 8;

    private final StringBuilder text = new StringBuilder("{");

    private HeaderText() {}

    static byte[] of(List<TensorInfo> tensors, Map<String, String> metadata) {
        HeaderText header = new HeaderText();
        if (!metadata.isEmpty()) {
            header.metadata(metadata);
        }
        Set<String> names = new HashSet<>();
        long begin = 0;
        for (TensorInfo tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("Two tensors have the name " + tensor.name());
            }
            if (tensor.name().equals(Header.METADATA)) {
                throw new IllegalArgumentException("A tensor cannot be called " + Header.METADATA);
            }
            long end = Math.addExact(begin, tensor.byteSize());
            header.tensor(tensor, begin, end);
            begin = end;
        }
        header.text.append('}');
        return header.padded();
    }

    private void metadata(Map<String, String> metadata) {
        name(Header.METADATA).append('{');
        // Sorted, because the order of most maps would make two writings of one model differ.
        new TreeMap<>(metadata).forEach((key, value) -> {
            name(key);
            quoted(value);
        });
        text.append('}');
    }

    private void tensor(TensorInfo tensor, long begin, long end) {
        name(tensor.name())
                .append("{\"dtype\":\"")
                .append(tensor.dtype())
                .append("\",\"shape\":")
                .append(tensor.shape().toString().replace(" ", ""))
                .append(",\"data_offsets\":[")
                .append(begin)
                .append(',')
                .append(end)
                .append("]}");
    }

    private StringBuilder name(String name) {
        if (text.charAt(text.length() - 1) != '{') {
            text.append(',');
        }
        quoted(name);
        return text.append(':');
    }

    private void quoted(String value) {
        text.append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\b' -> text.append("\\b");
                case '\f' -> text.append("\\f");
                case '\n' -> text.append("\\n");
                case '\r' -> text.append("\\r");
                case '\t' -> text.append("\\t");
                default -> {
                    if (c < ' ') {
                        text.append(c < 0x10 ? "\\u000" : "\\u00").append(Integer.toHexString(c));
                    } else {
                        text.append(c);
                    }
                }
            }
        }
        text.append('"');
    }

    private byte[] padded() {
        ByteBuffer utf8;
        try {
            utf8 = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(text));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("A name or a metadata text has a lone surrogate", e);
        }
        int length = utf8.remaining();
        byte[] padded = new byte[(length + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT];
        utf8.get(padded, 0, length);
        Arrays.fill(padded, length, padded.length, (byte) ' ');
        return padded;
    }
}
