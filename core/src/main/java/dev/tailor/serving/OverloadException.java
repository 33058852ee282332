package dev.tailor.serving;

import dev.tailor.TailorException;

/** A call was not answered within its time limit, because too many others were before it. It may be tried again later. */
public final class OverloadException extends TailorException {
    private static final long serialVersionUID = 1L;

    OverloadException(String message) {
        super(message);
    }
}
