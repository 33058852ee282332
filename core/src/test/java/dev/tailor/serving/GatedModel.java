package dev.tailor.serving;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** Doubles numbers; its first batch waits until the gate opens. Hundreds are buckets. */
final class GatedModel {
    static final int BROKEN = 13;
    static final int TOO_DEEP = 14;

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch gate = new CountDownLatch(1);
    private final List<List<Integer>> batches = new CopyOnWriteArrayList<>();
    private final MicroBatcher<Integer, Integer> batcher;

    GatedModel(Batching batching) {
        batcher = new MicroBatcher<>("the model", batching, i -> i / 100, this::run);
    }

    private List<Integer> run(List<Integer> batch) {
        batches.add(batch);
        entered.countDown();
        try {
            gate.await();
        } catch (InterruptedException e) {
            throw new AssertionError("the batch of " + batch + " was disturbed", e);
        }
        if (batch.contains(BROKEN)) {
            throw new ArithmeticException("broken item");
        } else if (batch.contains(TOO_DEEP)) {
            throw new StackOverflowError();
        }
        return batch.stream().map(i -> 2 * i).toList();
    }

    /** Starts a call that runs up to the gate. */
    Caller held(int item) throws InterruptedException {
        Caller caller = start(item);
        entered.await();
        return caller;
    }

    /** Starts calls of which the first stands at the gate and the others queue behind it, in this order. */
    List<Caller> heldWith(int first, int... others) throws InterruptedException {
        List<Caller> callers = new ArrayList<>(List.of(held(first)));
        for (int i = 0; i < others.length; i++) {
            callers.add(start(others[i]));
            while (queued() <= i) {
                Thread.onSpinWait();
            }
        }
        return callers;
    }

    Caller start(int item) {
        return Caller.start(() -> batcher.call(item));
    }

    int call(int item) {
        return batcher.call(item);
    }

    int queued() {
        return batcher.queued();
    }

    void open() {
        gate.countDown();
    }

    List<List<Integer>> batches() {
        return batches;
    }

    List<Integer> items() {
        return batches.stream().flatMap(List::stream).toList();
    }
}
