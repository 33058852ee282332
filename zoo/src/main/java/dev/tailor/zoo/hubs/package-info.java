/** Connectors to model hubs, found through {@link dev.tailor.hub.HubProvider}. */
@NullMarked
package dev.tailor.zoo.hubs;

import org.jspecify.annotations.NullMarked;
