package dev.tailor.engine;

import dev.tailor.TailorException;
import org.jspecify.annotations.Nullable;

/** An engine or a device that was asked for cannot be used on this machine; the message says why and what to do. */
public final class EngineUnavailableException extends TailorException {
    private static final long serialVersionUID = 1L;

    /** Creates it. */
    public EngineUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
