package dev.tailor.zoo.hubs;

import dev.tailor.ModelId;
import dev.tailor.TailorException;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.Hubs;

/** Fetches in a JVM without a network: {@code online} or {@code offline}, id. */
final class OfflineMain {
    private OfflineMain() {}

    public static void main(String[] args) {
        FetchRequest request = FetchRequest.defaults().withOffline(args[0].equals("offline"));
        try {
            System.out.println(Hubs.fetch(ModelId.parse(args[1]), request).files());
        } catch (TailorException | IllegalStateException e) {
            System.out.println(e.getMessage());
        }
    }
}
