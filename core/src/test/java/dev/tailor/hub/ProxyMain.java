package dev.tailor.hub;

import java.net.URI;
import java.util.Map;

/** Asks for an address through a proxy, in a JVM that has not used HTTP before: proxy, address. */
final class ProxyMain {
    private ProxyMain() {}

    public static void main(String[] args) {
        HubClient client = new HubClient(
                RetryPolicy.standard().withAttempts(1),
                HubClient.Timeouts.standard(),
                Environment.of(Map.of("HTTPS_PROXY", args[0], "HTTP_PROXY", args[0])));
        try {
            HubResponse response = client.send(HubRequest.get("org/name", URI.create(args[1]), null));
            System.out.println(response.status() + " " + response.text());
        } catch (HubException e) {
            System.out.println(e.getMessage());
        }
    }
}
