package dev.tailor.zoo.preprocess;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One step of a decoder: tokens in, parts of the text out; after the tokenizers library. */
@FunctionalInterface
interface DecoderStep {
    /** GPT-2's alphabet: each byte has a visible character. A token with a foreign character stands for itself. */
    DecoderStep BYTE_LEVEL = tokens -> {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        tokens.forEach(t -> bytes.writeBytes(bytesOf(t)));
        return List.of(bytes.toString(StandardCharsets.UTF_8));
    };

    /** Tokens such as {@code <0xE2>} are bytes; those that are no UTF-8 become replacement characters. */
    DecoderStep BYTE_FALLBACK = DecoderStep::byteFallback;

    List<String> apply(List<String> tokens);

    /** A token without the prefix begins a word. */
    static DecoderStep wordPiece(String prefix, boolean cleanup) {
        return tokens -> {
            List<String> parts = new ArrayList<>();
            for (String token : tokens) {
                String part = token;
                if (!parts.isEmpty()) {
                    part = token.startsWith(prefix) ? token.substring(prefix.length()) : " " + token;
                }
                parts.add(cleanup ? cleaned(part) : part);
            }
            return parts;
        };
    }

    private static String cleaned(String text) {
        return TokenDecoder.tidy(text.replace(" do not", " don't"));
    }

    /** The replacement is a space, and nothing at the beginning if it was put there. */
    static DecoderStep metaspace(String replacement, boolean prepended) {
        return tokens -> {
            List<String> parts = new ArrayList<>();
            for (String token : tokens) {
                parts.add(token.replace(replacement, parts.isEmpty() && prepended ? "" : " "));
            }
            return parts;
        };
    }

    /** The suffix ends a word. */
    static DecoderStep suffix(String suffix) {
        return tokens -> {
            List<String> parts = new ArrayList<>();
            for (String token : tokens) {
                parts.add(token.replace(suffix, parts.size() == tokens.size() - 1 ? "" : " "));
            }
            return parts;
        };
    }

    /** Takes a character away, at most so often at both ends. */
    static DecoderStep strip(String character, int start, int stop) {
        int width = Math.max(1, character.length());
        return each(token -> {
            String rest = token;
            for (int i = 0; i < start && rest.startsWith(character) && !rest.isEmpty(); i++) {
                rest = rest.substring(width);
            }
            for (int i = 0; i < stop && rest.endsWith(character) && !rest.isEmpty(); i++) {
                rest = rest.substring(0, rest.length() - width);
            }
            return rest;
        });
    }

    /** Replaces a pattern in each token. */
    static DecoderStep replace(Pattern pattern, String by) {
        return each(token -> pattern.matcher(token).replaceAll(Matcher.quoteReplacement(by)));
    }

    private static DecoderStep each(UnaryOperator<String> change) {
        return tokens -> tokens.stream().map(change).toList();
    }

    private static byte[] bytesOf(String token) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < token.length(); i++) {
            int value = byteOf(token.charAt(i));
            if (value < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes.write(value);
        }
        return bytes.toByteArray();
    }

    /** The visible Latin-1 characters stand for themselves; from U+0100 on follow the 68 other bytes in their order. */
    private static int byteOf(char c) {
        if (visible(c)) {
            return c;
        }
        int wanted = c - 0x100;
        for (int b = 0, other = 0; b < 256 && wanted >= 0; b++) {
            if (!visible(b) && other++ == wanted) {
                return b;
            }
        }
        return -1;
    }

    private static boolean visible(int c) {
        return (c >= '!' && c <= '~') || (c >= 0xA1 && c <= 0xAC) || (c >= 0xAE && c <= 0xFF);
    }

    private static List<String> byteFallback(List<String> tokens) {
        List<String> parts = new ArrayList<>();
        ByteArrayOutputStream pending = new ByteArrayOutputStream();
        for (String token : tokens) {
            if (token.matches("<0x[0-9A-Fa-f]{2}>")) {
                pending.write(Integer.parseInt(token.substring(3, 5), 16));
            } else {
                flush(pending, parts);
                parts.add(token);
            }
        }
        flush(pending, parts);
        return parts;
    }

    private static void flush(ByteArrayOutputStream pending, List<String> parts) {
        if (pending.size() == 0) {
            return;
        }
        try {
            parts.add(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(pending.toByteArray()))
                    .toString());
        } catch (CharacterCodingException e) {
            // Not text: one mark for each byte, as the reference writes it.
            parts.add("\uFFFD".repeat(pending.size()));
        }
        pending.reset();
    }
}
