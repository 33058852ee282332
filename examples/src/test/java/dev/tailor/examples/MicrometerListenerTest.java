package dev.tailor.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tailor.serving.PredictionListener.Batch;
import dev.tailor.serving.PredictionListener.Call;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MicrometerListenerTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final MicrometerListener listener = new MicrometerListener(registry);

    @Test
    void calls_are_timed_and_counted_by_model_and_outcome() {
        listener.called(new Call("a", 1, 12, 3, Duration.ofMillis(5), false));
        listener.called(new Call("a", 1, 8, 0, Duration.ofMillis(7), false));
        listener.called(new Call("a", 1, 8, 0, Duration.ofMillis(9), true));
        listener.called(new Call("b", 1, 8, 0, Duration.ofMillis(1), false));
        assertThat(registry.get("tailor.call")
                        .tags("model", "a", "failed", "false")
                        .timer()
                        .totalTime(TimeUnit.MILLISECONDS))
                .isEqualTo(12);
        assertThat(registry.get("tailor.call")
                        .tags("model", "a", "failed", "true")
                        .timer()
                        .count())
                .isEqualTo(1);
        assertThat(registry.get("tailor.call.queued")
                        .tags("model", "a", "failed", "false")
                        .summary()
                        .max())
                .isEqualTo(3);
        assertThat(registry.get("tailor.call.tokens")
                        .tags("model", "a", "failed", "false")
                        .summary()
                        .totalAmount())
                .isEqualTo(20);
    }

    @Test
    void batches_tell_their_sizes() {
        listener.ran(new Batch("a", 4, 40, Duration.ofMillis(5), false));
        listener.ran(new Batch("a", 2, 20, Duration.ofMillis(5), false));
        assertThat(registry.get("tailor.batch").timer().count()).isEqualTo(2);
        assertThat(registry.get("tailor.batch.size").summary().mean()).isEqualTo(3);
    }
}
