package dev.tailor.hub;

/** The network is forbidden, and the cache lacks what was asked for; the message names it. No socket was opened. */
public final class OfflineException extends HubException {
    private static final long serialVersionUID = 1L;

    /** Creates one. */
    public OfflineException(String repository, String message) {
        super(message, repository, null, 0, false, null);
    }
}
