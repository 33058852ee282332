package dev.tailor.zoo.tokenizers;

import dev.tailor.TailorException;
import dev.tailor.json.JsonStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;

/** Looks into a {@code tokenizer.json} for compiled normalization rules, which the native tokenizer takes on trust. */
final class NormalizerCheck {
    private final JsonStream json;

    private NormalizerCheck(JsonStream json) {
        this.json = json;
    }

    /**
     * Checks the rules, if there are any.
     *
     * @throws TailorException if they are damaged, or the text is no JSON
     */
    static void check(byte[] tokenizer, Path file) {
        String text = new String(tokenizer, StandardCharsets.ISO_8859_1);
        // A key of ASCII letters is written as it is, or with escapes that begin so.
        if (!text.contains("recompiled_charsmap") && !text.contains("\\u00")) {
            return;
        }
        try {
            JsonStream.read(new ByteArrayInputStream(tokenizer), json -> new NormalizerCheck(json).document());
        } catch (IOException e) {
            throw new TailorException(file + " is not a tokenizer that can be read: " + e.getMessage(), e);
        }
    }

    private void document() throws IOException {
        json.object(name -> {
            if (name.equals("normalizer") && json.atObject()) {
                normalizer();
            } else {
                json.skip();
            }
        });
    }

    private void normalizer() throws IOException {
        json.object(name -> {
            switch (name) {
                case "precompiled_charsmap" -> rules();
                case "normalizers" -> json.array(this::normalizer);
                default -> json.skip();
            }
        });
    }

    private void rules() throws IOException {
        if (json.nextIsNull()) {
            return;
        }
        Optional<String> problem;
        try {
            problem = CharsMap.problem(Base64.getDecoder().decode(json.string()));
        } catch (IllegalArgumentException e) {
            throw new IOException("precompiled_charsmap is not Base64", e);
        }
        if (problem.isPresent()) {
            throw new IOException(problem.get());
        }
    }
}
