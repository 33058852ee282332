package dev.tailor.zoo.hubs;

import dev.tailor.hub.HubException;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Which of Kaggle's two interfaces answers in one fetch: REST, which needs no account for public models, or RPC, which its newer clients
 * use, where there is no REST. Safe for many threads.
 */
final class KaggleDialect {
    /** What a site answers that does not know the address, and Kaggle itself for a model that does not exist. */
    private static final Set<Integer> ABSENT = Set.of(404, 405, 410, 501);

    /** What only an interface that is there can say. */
    private static final Set<Integer> REFUSED = Set.of(401, 403, 429);

    private enum Spoken {
        UNKNOWN,
        REST,
        RPC
    }

    private volatile Spoken spoken = Spoken.UNKNOWN;

    /** Asks in the form that was understood before, else by REST and then by RPC; the error of REST counts unless RPC knows better. */
    <T> T ask(Supplier<T> rest, Supplier<T> rpc) {
        if (spoken == Spoken.RPC) {
            return rpc.get();
        }
        try {
            T answer = rest.get();
            spoken = Spoken.REST;
            return answer;
        } catch (HubException e) {
            if (spoken == Spoken.REST || !ABSENT.contains(e.status())) {
                throw e;
            }
            return otherwise(e, rpc);
        }
    }

    private <T> T otherwise(HubException first, Supplier<T> rpc) {
        try {
            T answer = rpc.get();
            spoken = Spoken.RPC;
            return answer;
        } catch (HubException e) {
            boolean better =
                    REFUSED.contains(e.status()) || Thread.currentThread().isInterrupted();
            HubException shown = better ? e : first;
            shown.addSuppressed(better ? first : e);
            throw shown;
        }
    }
}
