package dev.tailor.serving;

import dev.tailor.TailorException;

/** The thread of a waiting call was interrupted. Its interrupt status is set again; other calls go on. */
public final class InterruptedCallException extends TailorException {
    private static final long serialVersionUID = 1L;

    InterruptedCallException(String message, InterruptedException cause) {
        super(message, cause);
    }
}
