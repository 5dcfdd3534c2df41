package io.vertikube.scheduler.cycle;

import io.vertikube.scheduler.plugin.Verdict;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;

/** Says in Kubernetes' words why no node will do; the texts are read by people and by programs. */
public final class Sentence {

    private Sentence() {}

    /** {@code 0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable.} */
    public static String of(Decision.None none) {
        if (none.nodes() == 0) {
            return "no nodes available to schedule pods";
        }
        return available(none.nodes()) + histogram(none.verdicts().values()) + ".";
    }

    public static String of(Decision.Refused refused) {
        return available(refused.nodes()) + String.join(", ", refused.reason().reasons()) + ".";
    }

    /** Why preemption does not help either: {@code preemption: 0/3 nodes are available: …}. */
    public static String preemption(int nodes, Collection<String> reasons) {
        return " preemption: " + available(nodes) + count(reasons) + ".";
    }

    private static String available(int nodes) {
        return "0/" + nodes + " nodes are available: ";
    }

    private static String histogram(Collection<Verdict.Unfit> verdicts) {
        var reasons = new ArrayList<String>();
        verdicts.forEach(verdict -> reasons.addAll(verdict.reasons()));
        return count(reasons);
    }

    private static String count(Collection<String> reasons) {
        var counts = new TreeMap<String, Integer>();
        reasons.forEach(reason -> counts.merge(reason, 1, Integer::sum));
        List<String> parts = counts.entrySet().stream()
                .map(entry -> entry.getValue() + " " + entry.getKey())
                .sorted()
                .toList();
        return String.join(", ", parts);
    }
}
