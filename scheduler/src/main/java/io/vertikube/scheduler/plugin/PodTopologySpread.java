package io.vertikube.scheduler.plugin;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.LabelSelectorRequirement;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import io.vertikube.value.NodeTerms;
import io.vertikube.value.Selector;
import io.vertikube.value.Selectors;
import io.vertikube.value.Tolerations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Spreads like pods evenly over zones, nodes or whatever label is named ("Pod Topology Spread Constraints"). */
final class PodTopologySpread implements Plugin {

    private static final String NAME = "PodTopologySpread";
    private static final Verdict UNEVEN =
            Verdict.inTheWay(NAME, "node(s) didn't match pod topology spread constraints");
    private static final Verdict UNLABELLED =
            Verdict.never(NAME, "node(s) didn't match pod topology spread constraints (missing required label)");

    /** A constraint, ready to be matched. */
    private record Rule(
            String key, int maxSkew, int minDomains, Selector pods, boolean honorAffinity, boolean honorTaints) {

        static Rule of(TopologySpreadConstraint constraint, PodView pod) {
            return new Rule(
                    constraint.getTopologyKey(),
                    constraint.getMaxSkew(),
                    constraint.getMinDomains() == null ? 1 : constraint.getMinDomains(),
                    selector(constraint, pod),
                    !"Ignore".equals(constraint.getNodeAffinityPolicy()),
                    "Honor".equals(constraint.getNodeTaintsPolicy()));
        }

        /** Whether a node's pods count at all. */
        boolean counts(NodeView node, PodView pod) {
            return (!honorAffinity || NodeTerms.allows(pod.spec(), node.name(), node.labels()))
                    && (!honorTaints || toleratesAll(pod, node));
        }

        long countOn(NodeView node, PodView pod) {
            return node.pods().stream()
                    .filter(other -> other.namespace().equals(pod.namespace())
                            && !other.isEnding()
                            && pods.matches(other.labels()))
                    .count();
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public int weight() {
        return 2;
    }

    @Override
    public Set<ClusterEvent> wakes() {
        return Set.of(
                ClusterEvent.NODE_ADDED,
                ClusterEvent.NODE_CHANGED,
                ClusterEvent.POD_GONE,
                ClusterEvent.POD_PLACED,
                ClusterEvent.POD_ITSELF);
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        List<Rule> rules = rules(pod, "DoNotSchedule");
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        var counts = new ArrayList<Topology>();
        var floors = new ArrayList<Long>();
        for (Rule rule : rules) {
            var topology = new Topology();
            for (NodeView node : snapshot.nodes()) {
                if (hasKeys(node, rules) && rule.counts(node, pod)) {
                    topology.add(node, rule.key, rule.countOn(node, pod));
                }
            }
            counts.add(topology);
            floors.add(topology.domains(rule.key) < rule.minDomains ? 0L : topology.least(rule.key));
        }
        return Optional.of(node -> {
            if (!hasKeys(node, rules)) {
                return UNLABELLED;
            }
            for (int i = 0; i < rules.size(); i++) {
                Rule rule = rules.get(i);
                long self = rule.pods.matches(pod.labels()) ? 1 : 0;
                long floor = floors.get(i) == Long.MAX_VALUE ? 0 : floors.get(i);
                if (counts.get(i).at(node, rule.key) + self - floor > rule.maxSkew) {
                    return UNEVEN;
                }
            }
            return Verdict.FITS;
        });
    }

    @Override
    public Optional<NodeScore> score(PodView pod, Snapshot snapshot, List<NodeView> left) {
        List<Rule> rules = rules(pod, "ScheduleAnyway");
        if (rules.isEmpty()) {
            return Optional.empty();
        }
        var counts = new ArrayList<Topology>();
        double[] weights = new double[rules.size()];
        for (Rule rule : rules) {
            var topology = new Topology();
            for (NodeView node : snapshot.nodes()) {
                if (rule.counts(node, pod)) {
                    topology.add(node, rule.key, rule.countOn(node, pod));
                }
            }
            weights[counts.size()] = Math.log(topology.domains(rule.key) + 2.0);
            counts.add(topology);
        }
        return Optional.of(new NodeScore() {
            @Override
            public long score(NodeView node) {
                if (!hasKeys(node, rules)) {
                    return -1;
                }
                double cost = 0;
                for (int i = 0; i < weights.length; i++) {
                    cost += counts.get(i).at(node, rules.get(i).key) * weights[i] + rules.get(i).maxSkew - 1;
                }
                return Math.round(cost);
            }

            @Override
            public void scale(long[] points) {
                spreadOut(points);
            }
        });
    }

    /** The least crowded gets 100; a node without the label (-1) gets 0. */
    private static void spreadOut(long[] points) {
        long least = Long.MAX_VALUE;
        long most = 0;
        for (long point : points) {
            if (point >= 0) {
                least = Math.min(least, point);
                most = Math.max(most, point);
            }
        }
        for (int i = 0; i < points.length; i++) {
            if (points[i] < 0) {
                points[i] = 0;
            } else {
                points[i] = most == 0 ? NodeScore.BEST : NodeScore.BEST * (most + least - points[i]) / most;
            }
        }
    }

    private static List<Rule> rules(PodView pod, String whenUnsatisfiable) {
        return pod.spec().getTopologySpreadConstraints().stream()
                .filter(constraint -> whenUnsatisfiable.equals(constraint.getWhenUnsatisfiable()))
                .map(constraint -> Rule.of(constraint, pod))
                .toList();
    }

    private static boolean hasKeys(NodeView node, List<Rule> rules) {
        return rules.stream().allMatch(rule -> node.labels().containsKey(rule.key));
    }

    private static boolean toleratesAll(PodView pod, NodeView node) {
        return node.taints().stream()
                .filter(taint -> !"PreferNoSchedule".equals(taint.getEffect()))
                .allMatch((Taint taint) -> Tolerations.tolerate(pod.spec().getTolerations(), taint));
    }

    private static Selector selector(TopologySpreadConstraint constraint, PodView pod) {
        LabelSelector selector = constraint.getLabelSelector();
        var builder = selector == null ? new LabelSelectorBuilder() : new LabelSelectorBuilder(selector);
        for (String key : constraint.getMatchLabelKeys()) {
            String value = pod.labels().get(key);
            if (value != null) {
                builder.addToMatchExpressions(new LabelSelectorRequirement(key, "In", List.of(value)));
            }
        }
        return Selectors.labels(builder.build());
    }
}
