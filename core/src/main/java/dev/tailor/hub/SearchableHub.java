package dev.tailor.hub;

import java.util.Iterator;
import java.util.List;

/** A hub that can be searched. */
public interface SearchableHub extends HubProvider {
    /**
     * Models that match, page by page: a page is asked for when {@code hasNext} or {@code next} needs it, and none is ever empty. The
     * iterator is for one thread.
     *
     * @throws HubException there or from the iterator, if the hub cannot be asked, or the environment forbids the network
     */
    Iterator<List<FoundModel>> search(SearchQuery query);
}
