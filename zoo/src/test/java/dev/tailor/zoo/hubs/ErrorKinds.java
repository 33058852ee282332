package dev.tailor.zoo.hubs;

import dev.tailor.hub.NoAccessException;
import dev.tailor.hub.NotFoundException;
import dev.tailor.hub.UnavailableException;

/** What a caller can tell of an exception without its text: the type and its enum, such as {@code NotFound FILE}. */
final class ErrorKinds {
    private ErrorKinds() {}

    static String of(Throwable thrown) {
        String type = thrown.getClass().getSimpleName().replace("Exception", "");
        if (thrown instanceof NotFoundException e) {
            return type + " " + e.missing();
        }
        if (thrown instanceof NoAccessException e) {
            return type + " " + e.reason();
        }
        return thrown instanceof UnavailableException e ? type + " " + e.reason() : type;
    }
}
