package io.vertikube.deploy.bench.controllers;

import java.util.Map;
import java.util.TreeMap;

/** One measurement: time and cost from its beginning on, and the deepest queues in it, looked at all the while. */
final class Phase {

    private static final long LOOK_MILLIS = 100;

    private final String name;
    private final int pods;
    private final Cost cost;
    private final PodsAtOnce standIn;
    private final PhaseReport report;
    private final Cost.Spent before;
    private final long writtenBefore;
    private final Map<String, Double> deepest = new TreeMap<>();
    private final Thread looking;
    private final long began;

    /** Begins. */
    Phase(String name, int pods, Cost cost, PodsAtOnce standIn, PhaseReport report) {
        this.name = name;
        this.pods = pods;
        this.cost = cost;
        this.standIn = standIn;
        this.report = report;
        this.before = cost.now();
        this.writtenBefore = standIn.written();
        this.looking = Thread.ofVirtual().name("queue-depths").start(this::look);
        this.began = System.nanoTime();
    }

    /** Tells of a point on the way; the seconds until there. */
    double lap(String words) {
        double seconds = seconds();
        report.lap(name + ", " + words, seconds, pods);
        return seconds;
    }

    void end(String words) throws InterruptedException {
        double seconds = seconds();
        looking.interrupt();
        looking.join();
        report.end(
                name + ", " + words,
                seconds,
                pods,
                cost.now().since(before),
                standIn.written() - writtenBefore,
                deepest,
                cost.depths());
    }

    private double seconds() {
        return (System.nanoTime() - began) / 1e9;
    }

    private void look() {
        try {
            while (true) {
                cost.depths().forEach((queue, depth) -> deepest.merge(queue, depth, Math::max));
                Thread.sleep(LOOK_MILLIS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (io.vertikube.client.UnreachableException e) {
            if (!Thread.currentThread().isInterrupted()) {
                throw e;
            }
        }
    }
}
