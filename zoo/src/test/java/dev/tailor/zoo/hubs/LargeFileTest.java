package dev.tailor.zoo.hubs;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import dev.tailor.ModelId;
import dev.tailor.hub.DownloadListener;
import dev.tailor.hub.FetchRequest;
import dev.tailor.hub.RetryPolicy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A hub that tells no size before is asked for it, so that a large file comes over several connections. */
@Timeout(60)
class LargeFileTest {
    private static final int CHUNK = 16 << 20;
    private static final int SIZE = 4 * CHUNK + 5;

    /** Of so many zeros. */
    private static final String SHA256 = "e137416c8a18fa8914ef0cc00dc3c0ec5248a719465647a54755612c25dd14b1";

    @TempDir
    Path temporary;

    @Test
    void is_split_where_the_server_sends_ranges() {
        List<String> heard = new ArrayList<>();
        DownloadListener listener = new DownloadListener() {
            @Override
            public void started(String file, long total) {
                heard.add("started " + file + " " + total);
            }

            @Override
            public void finished(String file, long total) {
                heard.add("finished " + file + " " + total);
            }
        };
        try (TwoHosts server = new TwoHosts()) {
            server.onHub(LargeFileTest::answer);
            server.onStorage(LargeFileTest::answer);
            var hub = Connector.HTTPS.connect(
                    Connector.HTTPS.variables(temporary, server.hub()),
                    RetryPolicy.standard().withSleeper(time -> {}),
                    server.hub(),
                    server.storage());
            var snapshot = hub.fetch(
                    ModelId.parse("https://files.example/large.bin#sha256=" + SHA256),
                    FetchRequest.defaults().withListener(listener));
            assertThat(snapshot.require("large.bin")).hasSize(SIZE);
            assertThat(heard).containsExactly("started large.bin " + SIZE, "finished large.bin " + SIZE);
            assertThat(server.seen())
                    .extracting(TwoHosts.Seen::range)
                    .containsExactlyInAnyOrder(
                            "bytes=0-0",
                            range(0, CHUNK),
                            range(CHUNK, 2 * CHUNK),
                            range(2 * CHUNK, 3 * CHUNK),
                            range(3 * CHUNK, 4 * CHUNK),
                            range(4 * CHUNK, SIZE));
        }
    }

    private static String range(int from, int to) {
        return "bytes=" + from + "-" + (to - 1);
    }

    private static void answer(HttpExchange exchange) throws IOException {
        String range = exchange.getRequestHeaders().getFirst("Range");
        int from = Integer.parseInt(range.replaceAll("bytes=([0-9]+)-.*", "$1"));
        int to = Integer.parseInt(range.replaceAll(".*-", "")) + 1;
        exchange.getResponseHeaders().set("Content-Range", "bytes " + from + "-" + (to - 1) + "/" + SIZE);
        exchange.sendResponseHeaders(206, to - from);
        byte[] zeros = new byte[1 << 20];
        OutputStream out = exchange.getResponseBody();
        for (int left = to - from; left > 0; left -= zeros.length) {
            out.write(zeros, 0, Math.min(left, zeros.length));
        }
    }
}
