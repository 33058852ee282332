package dev.tailor.zoo.preprocess;

import dev.tailor.TailorException;
import org.jspecify.annotations.Nullable;

/** An image cannot be decoded, or an image processor cannot be built or applied; the message names the file and what was found. */
public class ImageException extends TailorException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message that can stand alone. */
    public ImageException(String message) {
        super(message);
    }

    /** Creates an exception that keeps the failure underneath. */
    public ImageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
