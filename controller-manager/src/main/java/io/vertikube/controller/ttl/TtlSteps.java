package io.vertikube.controller.ttl;

import java.util.List;

/**
 * The time to keep by the number of nodes. Steps overlap, so that a cluster on a border does not rewrite all its nodes to and fro.
 * Pure.
 */
final class TtlSteps {
    /**
     * @param from below so many nodes the step before holds again
     * @param to above so many nodes the next one holds
     */
    private record Step(int from, int to, int seconds) {}

    private static final List<Step> STEPS = List.of(
            new Step(0, 100, 0),
            new Step(90, 500, 15),
            new Step(450, 1000, 30),
            new Step(900, 2000, 60),
            new Step(1800, 10_000, 300),
            new Step(9000, Integer.MAX_VALUE, 600));

    private TtlSteps() {}

    /** The step that holds now, from the one that held until now. */
    static int next(int step, int nodes) {
        int now = step;
        while (now < STEPS.size() - 1 && nodes > STEPS.get(now).to()) {
            now++;
        }
        while (now > 0 && nodes < STEPS.get(now).from()) {
            now--;
        }
        return now;
    }

    static int seconds(int step) {
        return STEPS.get(step).seconds();
    }
}
