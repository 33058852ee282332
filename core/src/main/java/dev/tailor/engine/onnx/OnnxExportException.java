package dev.tailor.engine.onnx;

import dev.tailor.TailorException;
import org.jspecify.annotations.Nullable;

/** A model could not be written as ONNX. */
public final class OnnxExportException extends TailorException {
    private static final long serialVersionUID = 1L;

    OnnxExportException(String message) {
        this(message, null);
    }

    OnnxExportException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
