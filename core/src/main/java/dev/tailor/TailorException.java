package dev.tailor;

import org.jspecify.annotations.Nullable;

/**
 * The root of everything Tailor throws on its own account.
 *
 * <p>Unchecked, because a caller can rarely repair a download or a damaged file. The message says what happened, to which
 * model, file or tensor, what was expected and found, and what to do next. Wrong arguments stay
 * {@link IllegalArgumentException}, and use after close stays {@link IllegalStateException}.
 */
public class TailorException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** Creates an exception with a message that can stand alone. */
    public TailorException(String message) {
        super(message);
    }

    /** Creates an exception that keeps the failure underneath. */
    public TailorException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
