package dev.tailor.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MicroBatcherTest {
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Batching NO_DELAY = Batching.of(8, Duration.ZERO).timeLimit(HOUR);

    @Test
    void a_lone_call_runs_at_once_on_its_own_thread() {
        List<Thread> threads = new ArrayList<>();
        MicroBatcher<Integer, Integer> batcher = new MicroBatcher<>("m", Batching.of(8, HOUR), i -> 0, batch -> {
            threads.add(Thread.currentThread());
            return batch.stream().map(i -> 2 * i).toList();
        });

        assertThat(batcher.call(4)).isEqualTo(8);
        assertThat(batcher.call(5)).isEqualTo(10);
        assertThat(threads).containsOnly(Thread.currentThread());
        assertThat(batcher.queued()).isZero();
    }

    @Test
    void what_queues_up_behind_a_batch_is_joined_and_answered_one_by_one() throws Exception {
        GatedModel model = new GatedModel(NO_DELAY);
        List<Caller> callers = model.heldWith(1, 2, 3, 4);

        model.open();

        for (int i = 0; i < 4; i++) {
            assertThat(callers.get(i).answer()).isEqualTo(2 * (i + 1));
        }
        assertThat(model.batches()).containsExactly(List.of(1), List.of(2, 3, 4));
    }

    @Test
    void a_batch_never_exceeds_its_limit() throws Exception {
        GatedModel model = new GatedModel(Batching.of(2, Duration.ZERO));
        List<Caller> callers = model.heldWith(1, 2, 3, 4, 5, 6);

        model.open();

        for (Caller caller : callers) {
            caller.answer();
        }
        assertThat(model.batches()).containsExactly(List.of(1), List.of(2, 3), List.of(4, 5), List.of(6));
    }

    @Test
    void only_items_of_one_bucket_share_a_batch_and_the_oldest_goes_first() throws Exception {
        GatedModel model = new GatedModel(NO_DELAY);
        List<Caller> callers = model.heldWith(1, 102, 3, 104, 205, 6);

        model.open();

        for (Caller caller : callers) {
            caller.answer();
        }
        assertThat(model.batches()).containsExactly(List.of(1), List.of(102, 104), List.of(3, 6), List.of(205));
    }

    @Test
    void a_failing_item_fails_alone() throws Exception {
        GatedModel model = new GatedModel(NO_DELAY);
        List<Caller> callers = model.heldWith(1, 2, GatedModel.BROKEN, 4);

        model.open();

        assertThat(callers.get(1).answer()).isEqualTo(4);
        assertThat(callers.get(3).answer()).isEqualTo(8);
        assertThatThrownBy(callers.get(2)::answer)
                .isInstanceOf(ExecutionException.class)
                .hasCauseInstanceOf(ArithmeticException.class)
                .hasMessageContaining("broken item");
        assertThat(model.batches()).contains(List.of(2, GatedModel.BROKEN, 4), List.of(2), List.of(4));
        assertThat(model.call(9)).isEqualTo(18);
    }

    @Test
    void errors_too_stay_with_the_item_that_caused_them() throws Exception {
        GatedModel model = new GatedModel(NO_DELAY);
        List<Caller> callers = model.heldWith(1, GatedModel.TOO_DEEP, 3);

        model.open();

        assertThat(callers.get(2).answer()).isEqualTo(6);
        assertThatThrownBy(callers.get(1)::answer).hasCauseInstanceOf(StackOverflowError.class);
    }

    @Test
    void a_failure_passes_the_lead_on() throws Exception {
        GatedModel model = new GatedModel(NO_DELAY);
        List<Caller> callers = model.heldWith(GatedModel.BROKEN, 102, 3);

        model.open();

        assertThatThrownBy(callers.get(0)::answer).hasCauseInstanceOf(ArithmeticException.class);
        assertThat(callers.get(1).answer()).isEqualTo(204);
        assertThat(callers.get(2).answer()).isEqualTo(6);
    }

    @Test
    void answers_of_a_wrong_number_are_refused() {
        MicroBatcher<Integer, Integer> batcher = new MicroBatcher<>("model x", NO_DELAY, i -> 0, batch -> List.of());

        assertThatThrownBy(() -> batcher.call(1))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("model x: a batch of 1 calls got 0 answers");
    }

    @Test
    void an_interrupted_call_leaves_the_queue_and_the_others_are_answered() throws Exception {
        GatedModel model = new GatedModel(NO_DELAY);
        List<Caller> callers = model.heldWith(1, 2, 3);

        callers.get(1).interrupt();

        assertThatThrownBy(callers.get(1)::answer).hasCauseInstanceOf(InterruptedCallException.class);
        assertThat(callers.get(1).interruptedAfterwards()).isTrue();
        model.open();
        assertThat(callers.get(0).answer()).isEqualTo(2);
        assertThat(callers.get(2).answer()).isEqualTo(6);
        assertThat(model.batches()).containsExactly(List.of(1), List.of(3));
    }

    @Test
    void a_batch_waits_for_the_calls_that_came_together_before() throws Exception {
        GatedModel model = new GatedModel(Batching.of(8, HOUR).timeLimit(HOUR));
        // The first runs alone, the second waits for it to come back, as two callers in a loop do.
        List<Caller> callers = model.heldWith(1, 2);
        model.open();
        callers.get(0).answer();
        Caller third = model.start(3);

        assertThat(callers.get(1).answer()).isEqualTo(4);
        assertThat(third.answer()).isEqualTo(6);
        assertThat(model.batches()).containsExactly(List.of(1), List.of(2, 3));
    }

    @Test
    void an_interrupted_leader_leaves_its_place_to_the_next() throws Exception {
        GatedModel model = new GatedModel(Batching.of(8, HOUR).timeLimit(HOUR));
        List<Caller> callers = model.heldWith(1, 2, 3, 4);
        model.open();
        callers.get(0).answer();
        // The second gathers now: four came together, and only three are here.
        callers.get(1).interrupt();
        assertThatThrownBy(callers.get(1)::answer).hasCauseInstanceOf(InterruptedCallException.class);
        List<Caller> more = List.of(model.start(5), model.start(6));

        assertThat(callers.get(2).answer()).isEqualTo(6);
        assertThat(callers.get(3).answer()).isEqualTo(8);
        assertThat(more.get(0).answer()).isEqualTo(10);
        assertThat(more.get(1).answer()).isEqualTo(12);
        assertThat(model.items()).doesNotContain(2);
    }

    @Test
    void a_call_gives_up_at_its_time_limit_and_the_others_go_on() throws Exception {
        GatedModel model = new GatedModel(NO_DELAY.timeLimit(Duration.ofNanos(1)));
        Caller first = model.held(1);

        assertThatThrownBy(() -> model.call(2))
                .isInstanceOf(OverloadException.class)
                .hasMessageContaining("no answer within PT0.000000001S");
        assertThat(model.queued()).isZero();

        model.open();
        assertThat(first.answer()).isEqualTo(2);
        assertThat(model.call(3)).isEqualTo(6);
    }

    @Test
    void beyond_its_capacity_a_call_waits_outside_until_its_time_limit() throws Exception {
        GatedModel model = new GatedModel(new Batching(1, Duration.ZERO, 1, Duration.ofNanos(1)));
        Caller first = model.held(1);

        assertThatThrownBy(() -> model.call(2))
                .isInstanceOf(OverloadException.class)
                .hasMessageContaining("1 calls were under way all the time");

        model.open();
        assertThat(first.answer()).isEqualTo(2);
        assertThat(model.call(3)).isEqualTo(6);
    }

    @Test
    void beyond_its_capacity_a_call_can_be_interrupted() throws Exception {
        GatedModel model = new GatedModel(new Batching(1, Duration.ZERO, 1, HOUR));
        Caller first = model.held(1);
        Caller second = model.start(2);
        second.interrupt();

        assertThatThrownBy(second::answer).hasCauseInstanceOf(InterruptedCallException.class);
        model.open();
        assertThat(first.answer()).isEqualTo(2);
    }

    @Test
    void the_capacity_comes_back_whatever_happens_to_a_call() {
        Semaphore runs = new Semaphore(0);
        MicroBatcher<Integer, Integer> batcher =
                new MicroBatcher<>("m", new Batching(1, Duration.ZERO, 1, HOUR), i -> 0, batch -> {
                    runs.release();
                    throw new ArithmeticException("always");
                });

        for (int i = 0; i < 5; i++) {
            int item = i;
            assertThatThrownBy(() -> batcher.call(item)).isInstanceOf(ArithmeticException.class);
        }
        assertThat(runs.availablePermits()).isEqualTo(5);
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> Batching.of(0, Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Batching.of(4, Duration.ofMillis(-1))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> NO_DELAY.capacity(7)).hasMessageContaining("found 8 and 7");
        assertThatThrownBy(() -> NO_DELAY.timeLimit(Duration.ZERO)).hasMessageContaining("PT0S");
    }
}
