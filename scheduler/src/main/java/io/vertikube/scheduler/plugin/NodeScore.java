package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.NodeView;

/** How good nodes are by one rule, made ready for one pod, one snapshot and the nodes that are left. */
@FunctionalInterface
public interface NodeScore {

    long BEST = 100;

    /** Raw points; {@link #scale} brings them to 0…100. */
    long score(NodeView node);

    /** Brings raw points of all nodes to 0…100, in place; leaves them as they are unless a rule says otherwise. */
    default void scale(long[] points) {}

    /** The best gets 100 and the others their share of it. */
    static void toShareOfBest(long[] points) {
        long best = 0;
        for (long point : points) {
            best = Math.max(best, point);
        }
        for (int i = 0; best > 0 && i < points.length; i++) {
            points[i] = points[i] * BEST / best;
        }
    }

    /** The fewer the better: the worst gets 0, one with none 100. */
    static void toFewness(long[] points) {
        long worst = 0;
        for (long point : points) {
            worst = Math.max(worst, point);
        }
        for (int i = 0; i < points.length; i++) {
            points[i] = worst == 0 ? BEST : BEST - points[i] * BEST / worst;
        }
    }

    /** The least gets 0, the most 100; all get 0 when they are alike. */
    static void toRange(long[] points) {
        long least = Long.MAX_VALUE;
        long most = Long.MIN_VALUE;
        for (long point : points) {
            least = Math.min(least, point);
            most = Math.max(most, point);
        }
        for (int i = 0; i < points.length; i++) {
            points[i] = most == least ? 0 : (points[i] - least) * BEST / (most - least);
        }
    }
}
