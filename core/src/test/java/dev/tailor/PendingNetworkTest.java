package dev.tailor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.nn.Block;
import dev.tailor.engine.Network;
import dev.tailor.program.Program;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PendingNetworkTest {
    private static final Program PROGRAM = new Program(Map.of(), List.of());

    /** Counts how often it is closed. */
    private record Empty(AtomicInteger closed) implements Network {
        @Override
        public NDManager newManager() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Map<String, NDArray> forward(Map<String, NDArray> inputs) {
            return Map.of();
        }

        @Override
        public Program program() {
            return PROGRAM;
        }

        @Override
        public Device device() {
            return Device.cpu();
        }

        @Override
        public Block block() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }
    }

    @Test
    void tells_its_program_before_it_is_compiled() {
        CountDownLatch compiled = new CountDownLatch(1);
        Empty network = new Empty(new AtomicInteger());
        PendingNetwork pending = PendingNetwork.begin(PROGRAM, () -> {
            await(compiled);
            return network;
        });
        assertThat(pending.program()).isSameAs(PROGRAM);
        compiled.countDown();
        assertThat(pending.ready()).isSameAs(network);
        assertThat(pending.forward(Map.of())).isEmpty();
        pending.close();
        assertThat(network.closed()).hasValue(1);
    }

    @Test
    void throws_what_compiling_threw_at_each_use() {
        TailorException cause = new TailorException("no such operator");
        PendingNetwork pending = PendingNetwork.begin(PROGRAM, () -> {
            throw cause;
        });
        assertThatThrownBy(pending::ready).isSameAs(cause);
        assertThatThrownBy(pending::newManager).isSameAs(cause);
        assertThat(pending.failure()).isSameAs(cause);
        assertThatCode(pending::close).doesNotThrowAnyException();
    }

    @Test
    void an_error_stays_an_error() {
        PendingNetwork pending = PendingNetwork.begin(PROGRAM, () -> {
            throw new LinkageError("no natives");
        });
        assertThatThrownBy(pending::ready).isInstanceOf(LinkageError.class).hasMessage("no natives");
    }

    @Test
    void an_interrupt_stays_with_the_waiting_thread() {
        Empty network = new Empty(new AtomicInteger());
        Thread caller = Thread.currentThread();
        CountDownLatch interrupted = new CountDownLatch(1);
        PendingNetwork pending = PendingNetwork.begin(PROGRAM, () -> {
            caller.interrupt();
            interrupted.countDown();
            return network;
        });
        assertThat(pending.ready()).isSameAs(network);
        assertThat(interrupted.getCount()).isZero();
        assertThat(Thread.interrupted()).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
