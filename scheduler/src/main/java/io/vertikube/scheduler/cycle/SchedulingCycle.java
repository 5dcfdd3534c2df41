package io.vertikube.scheduler.cycle;

import io.vertikube.scheduler.plugin.NodeCheck;
import io.vertikube.scheduler.plugin.NodeScore;
import io.vertikube.scheduler.plugin.Plugin;
import io.vertikube.scheduler.plugin.Verdict;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Chooses a node for a pod. In a large cluster only as many nodes are searched as are needed to find enough good ones,
 * each time from another place. Pure; safe for any thread.
 */
public final class SchedulingCycle {

    private static final int SEARCH_ALL_UP_TO = 100;
    private static final int LEAST_PERCENT = 5;

    private final List<Plugin> plugins;
    private final int percentageOfNodesToScore;

    /** @param percentageOfNodesToScore how many fitting nodes are enough; 0 to let the size of the cluster decide */
    public SchedulingCycle(List<Plugin> plugins, int percentageOfNodesToScore) {
        this.plugins = List.copyOf(plugins);
        this.percentageOfNodesToScore = percentageOfNodesToScore;
    }

    /**
     * Decides.
     *
     * @param start the position among the nodes at which to begin
     * @param random breaks ties
     */
    public Decision decide(PodView pod, Snapshot snapshot, int start, RandomGenerator random) {
        for (Plugin plugin : plugins) {
            Optional<Verdict.Unfit> refusal = plugin.refusal(pod, snapshot);
            if (refusal.isPresent()) {
                return new Decision.Refused(snapshot.nodes().size(), refusal.get());
            }
        }
        List<NodeView> nodes = snapshot.nodes();
        List<NodeCheck> checks = checks(pod, snapshot);
        int enough = enough(nodes.size());
        var left = new ArrayList<NodeView>();
        var verdicts = new HashMap<String, Verdict.Unfit>();
        int evaluated = 0;
        while (evaluated < nodes.size() && left.size() < enough) {
            NodeView node = nodes.get(Math.floorMod(start + evaluated, nodes.size()));
            switch (check(checks, withNominated(node, pod, snapshot))) {
                case Verdict.Fits() -> left.add(node);
                case Verdict.Unfit unfit -> verdicts.put(node.name(), unfit);
            }
            evaluated++;
        }
        return left.isEmpty()
                ? new Decision.None(nodes.size(), verdicts)
                : new Decision.Place(best(pod, snapshot, left, random), evaluated, left.size());
    }

    /** Whether a pod fits on one node of a snapshot. */
    public boolean fits(PodView pod, Snapshot snapshot, NodeView node) {
        return check(checks(pod, snapshot), withNominated(node, pod, snapshot)) instanceof Verdict.Fits;
    }

    private List<NodeCheck> checks(PodView pod, Snapshot snapshot) {
        var checks = new ArrayList<NodeCheck>();
        plugins.forEach(plugin -> plugin.check(pod, snapshot).ifPresent(checks::add));
        return checks;
    }

    private static Verdict check(List<NodeCheck> checks, NodeView node) {
        for (NodeCheck check : checks) {
            Verdict verdict = check.check(node);
            if (verdict instanceof Verdict.Unfit) {
                return verdict;
            }
        }
        return Verdict.FITS;
    }

    /** Room that was made for a pod as important as this one is not free. */
    private static NodeView withNominated(NodeView node, PodView pod, Snapshot snapshot) {
        NodeView seen = node;
        for (PodView other : snapshot.nominatedTo(node.name())) {
            if (other.priority() >= pod.priority() && !other.key().equals(pod.key())) {
                seen = seen.with(other);
            }
        }
        return seen;
    }

    private String best(PodView pod, Snapshot snapshot, List<NodeView> left, RandomGenerator random) {
        if (left.size() == 1) {
            return left.getFirst().name();
        }
        long[] totals = new long[left.size()];
        for (Plugin plugin : plugins) {
            Optional<NodeScore> score = plugin.score(pod, snapshot, left);
            if (score.isPresent()) {
                long[] points = new long[totals.length];
                for (int i = 0; i < points.length; i++) {
                    points[i] = score.get().score(left.get(i));
                }
                score.get().scale(points);
                for (int i = 0; i < points.length; i++) {
                    totals[i] += points[i] * plugin.weight();
                }
            }
        }
        int best = 0;
        int ties = 1;
        for (int i = 1; i < totals.length; i++) {
            if (totals[i] > totals[best]) {
                best = i;
                ties = 1;
            } else if (totals[i] == totals[best] && random.nextInt(++ties) == 0) {
                best = i;
            }
        }
        return left.get(best).name();
    }

    private int enough(int nodes) {
        if (nodes <= SEARCH_ALL_UP_TO) {
            return nodes;
        }
        int percent =
                percentageOfNodesToScore > 0 ? percentageOfNodesToScore : Math.max(LEAST_PERCENT, 50 - nodes / 125);
        return Math.max(SEARCH_ALL_UP_TO, (int) ((long) nodes * percent / 100));
    }

    /** For explanations: what every node says of a pod. */
    public Map<String, Verdict> verdicts(PodView pod, Snapshot snapshot) {
        List<NodeCheck> checks = checks(pod, snapshot);
        var verdicts = new HashMap<String, Verdict>();
        snapshot.nodes().forEach(node -> verdicts.put(node.name(), check(checks, node)));
        return verdicts;
    }
}
