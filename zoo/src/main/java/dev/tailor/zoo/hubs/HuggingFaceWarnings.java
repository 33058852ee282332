package dev.tailor.zoo.hubs;

import dev.tailor.hub.HubResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the hub wants its users to know, {@code X-HF-Warning: topic; message}: each topic once. Safe for many threads. */
final class HuggingFaceWarnings {
    private static final Logger LOG = LoggerFactory.getLogger(HuggingFaceWarnings.class);

    /** Nobody reads more. */
    private static final int MOST_TOPICS = 50;

    private final Set<String> told = ConcurrentHashMap.newKeySet();

    /** Logs what is new in an answer, and gives the answer back. */
    HubResponse heard(HubResponse response) {
        fresh(response).forEach(message -> LOG.warn("{}: {}", response.uri().getHost(), message));
        return response;
    }

    /** The messages whose topics were not told before. */
    List<String> fresh(HubResponse response) {
        List<String> messages = new ArrayList<>();
        for (String header : response.headers().allValues("X-HF-Warning")) {
            int end = header.indexOf(';');
            String topic = end < 0 ? "" : HuggingFaceErrors.clean(header.substring(0, end));
            String message = HuggingFaceErrors.clean(header.substring(end + 1));
            if (!message.isEmpty() && told.size() < MOST_TOPICS && told.add(topic)) {
                messages.add(message);
            }
        }
        return messages;
    }
}
