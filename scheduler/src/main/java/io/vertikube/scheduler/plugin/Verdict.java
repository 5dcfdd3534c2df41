package io.vertikube.scheduler.plugin;

import java.util.List;

/** What a rule says of a node for a pod. Immutable. */
public sealed interface Verdict {

    /** Nothing against it. */
    record Fits() implements Verdict {}

    /**
     * The node is out.
     *
     * @param plugin who says so
     * @param reasons as people read them
     * @param preemptible whether it may help that other pods go
     */
    record Unfit(String plugin, List<String> reasons, boolean preemptible) implements Verdict {

        public Unfit {
            reasons = List.copyOf(reasons);
        }
    }

    Verdict FITS = new Fits();

    /** Out, as long as certain pods are there. */
    static Verdict inTheWay(String plugin, String... reasons) {
        return new Unfit(plugin, List.of(reasons), true);
    }

    /** Out, whoever leaves. */
    static Verdict never(String plugin, String... reasons) {
        return new Unfit(plugin, List.of(reasons), false);
    }
}
