package io.vertikube.controller.node;

import io.fabric8.kubernetes.api.model.Node;
import io.vertikube.controller.workload.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How fast nodes are emptied that are not ready, zone by zone: one node every ten seconds; slower, or not at all, in a zone where
 * many went at once, for then a network is more likely broken than the nodes. Safe for any thread.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/architecture/nodes/#rate-limits-on-eviction">Rate limits on eviction</a>
 */
public final class EvictionPace {
    private static final String REGION = "topology.kubernetes.io/region";
    private static final String ZONE = "topology.kubernetes.io/zone";
    private static final int FEW = 2;

    /**
     * Nodes a second.
     *
     * @param perSecond in a zone that is well, or wholly gone
     * @param secondaryPerSecond in a large zone of which a part went
     * @param threshold which part of a zone that is
     * @param largeZone with how many nodes a zone is not large yet; such a one is left alone when a part of it went
     */
    public record Rates(double perSecond, double secondaryPerSecond, double threshold, int largeZone) {
        public static final Rates USUAL = new Rates(0.1, 0.01, 0.55, 50);
    }

    private final Rates rates;
    private final Map<String, Instant> next = new HashMap<>();

    EvictionPace(Rates rates) {
        this.rates = rates;
    }

    /** Whether this node may be emptied now; a yes is one of those that the zone has a share of. */
    EvictionLeave ask(Node node, Collection<Node> all, Instant now) {
        if (!anyReady(all)) {
            return EvictionLeave.NEVER;
        }
        String zone = zone(node);
        double rate =
                rate(all.stream().filter(other -> zone(other).equals(zone)).toList());
        if (rate <= 0) {
            return EvictionLeave.NOT_NOW;
        }
        synchronized (this) {
            if (next.getOrDefault(zone, Instant.MIN).isAfter(now)) {
                return EvictionLeave.NOT_NOW;
            }
            next.put(zone, now.plus(Duration.ofNanos((long) (1e9 / rate))));
            return EvictionLeave.NOW;
        }
    }

    /** Nodes a second in a zone of these nodes. */
    private double rate(Collection<Node> zone) {
        long gone = zone.stream().filter(node -> !ready(node)).count();
        boolean partly = gone < zone.size() && gone > FEW && gone >= rates.threshold() * zone.size();
        if (!partly) {
            return rates.perSecond();
        }
        return zone.size() > rates.largeZone() ? rates.secondaryPerSecond() : 0;
    }

    static boolean anyReady(Collection<Node> all) {
        return all.stream().anyMatch(EvictionPace::ready);
    }

    private static boolean ready(Node node) {
        return NodeHealthPlan.ready(node).equals("True");
    }

    private static String zone(Node node) {
        Map<String, String> labels = Fields.map(node.getMetadata().getLabels());
        return labels.getOrDefault(REGION, "") + "/" + labels.getOrDefault(ZONE, "");
    }
}
