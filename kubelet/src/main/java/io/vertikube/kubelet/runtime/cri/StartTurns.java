package io.vertikube.kubelet.runtime.cri;

import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.function.Supplier;

/**
 * So many sandboxes and containers are made at a time; the others wait in order. Containers go first, so that what is
 * begun gets ready before more is begun, and sandboxes that hang keep no container from starting. The deadline of a call
 * begins when its turn comes. Safe for any thread.
 */
final class StartTurns {

    private final int atOnce;
    private final Line sandboxes = new Line();
    private final Line containers = new Line();
    private boolean crowded;

    StartTurns(int atOnce) {
        this.atOnce = atOnce;
    }

    /** Guarded by the turns. */
    private static final class Line {
        private final Deque<CountDownLatch> waiting = new ArrayDeque<>();
        private int underWay;

        boolean next() {
            CountDownLatch first = waiting.poll();
            if (first == null) {
                return false;
            }
            underWay++;
            first.countDown();
            return true;
        }
    }

    <T> T sandbox(Supplier<T> call) {
        return inTurn(sandboxes, call);
    }

    <T> T container(Supplier<T> call) {
        return inTurn(containers, call);
    }

    /** From when somebody has to wait until nothing is under way any more. */
    synchronized boolean areCrowded() {
        return crowded;
    }

    private <T> T inTurn(Line line, Supplier<T> call) {
        CountDownLatch turn = enter(line);
        try {
            turn.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            giveUp(line, turn);
            throw new RuntimeFailure(RuntimeFailure.Kind.OTHER, "interrupted while waiting for the runtime's turn", e);
        }
        try {
            return call.get();
        } finally {
            leave(line);
        }
    }

    private synchronized CountDownLatch enter(Line line) {
        var turn = new CountDownLatch(1);
        line.waiting.add(turn);
        letGo();
        crowded |= turn.getCount() > 0;
        return turn;
    }

    /** Its turn may have come meanwhile. */
    private synchronized void giveUp(Line line, CountDownLatch turn) {
        if (!line.waiting.remove(turn)) {
            leave(line);
        }
    }

    private synchronized void leave(Line line) {
        line.underWay--;
        letGo();
        crowded &= sandboxes.underWay + containers.underWay > 0;
    }

    private void letGo() {
        boolean more = true;
        while (more && containers.underWay < atOnce) {
            more = containers.next();
        }
        more = true;
        while (more && sandboxes.underWay + containers.underWay < atOnce) {
            more = sandboxes.next();
        }
    }
}
