package io.vertikube.controller.daemonset;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.vertikube.controller.history.TemplateRevision;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * On which nodes a DaemonSet creates its pod, and which pods it deletes. Immutable.
 *
 * @param create names of nodes
 * @param delete pods that are too many, misplaced or outdated
 * @param ended pods that failed or succeeded, to be deleted with patience
 */
record DaemonSetPlan(List<String> create, List<Pod> delete, List<Pod> ended) {
    private static final Comparator<Pod> OLDEST_FIRST = Comparator.comparing((Pod pod) -> !Pods.scheduled(pod))
            .thenComparing(pod -> Fields.instant(pod.getMetadata().getCreationTimestamp()))
            .thenComparing(pod -> pod.getMetadata().getName());

    DaemonSetPlan {
        create = List.copyOf(create);
        delete = List.copyOf(delete);
        ended = List.copyOf(ended);
    }

    /** @param hash of the wanted template's revision */
    static DaemonSetPlan of(DaemonSet set, List<Node> nodes, List<Pod> pods, String hash, Instant now) {
        return new Pass(set, nodes, pods, hash, now).plan();
    }

    static boolean updated(Pod pod, String hash) {
        return hash.equals(Fields.map(pod.getMetadata().getLabels()).get(TemplateRevision.HASH_LABEL));
    }

    static Map<String, List<Pod>> byNode(List<Pod> pods) {
        Map<String, List<Pod>> byNode = new HashMap<>();
        pods.forEach(pod -> byNode.computeIfAbsent(DaemonPod.node(pod), node -> new ArrayList<>())
                .add(pod));
        return byNode;
    }

    /** One pass; confined to the call that makes it. */
    private static final class Pass {
        private final List<Node> nodes;
        private final Map<String, List<Pod>> podsOn;
        private final PodSpec spec;
        private final String hash;
        private final Instant now;
        private final int minReadySeconds;
        private final RollingBounds bounds;
        private final boolean rolling;
        private final List<String> create = new ArrayList<>();
        private final Set<Pod> delete = new LinkedHashSet<>();
        private final List<Pod> ended = new ArrayList<>();
        private final List<Node> fitting = new ArrayList<>();

        private Pass(DaemonSet set, List<Node> nodes, List<Pod> pods, String hash, Instant now) {
            this.nodes = nodes;
            this.podsOn = byNode(pods);
            this.spec = DaemonPod.spec(set);
            this.hash = hash;
            this.now = now;
            this.minReadySeconds = Fields.number(set.getSpec().getMinReadySeconds());
            this.rolling = set.getSpec().getUpdateStrategy() == null
                    || !"OnDelete".equals(set.getSpec().getUpdateStrategy().getType());
            int wanted = (int)
                    nodes.stream().filter(node -> NodeFit.of(spec, node).run()).count();
            this.bounds = RollingBounds.of(set, wanted);
        }

        private DaemonSetPlan plan() {
            for (Node node : nodes) {
                place(node);
            }
            if (rolling && create.isEmpty() && ended.isEmpty()) {
                if (bounds.maxSurge() > 0) {
                    rollWithSurge();
                } else {
                    roll();
                }
            }
            return new DaemonSetPlan(create, List.copyOf(delete), ended);
        }

        private void place(Node node) {
            String name = node.getMetadata().getName();
            List<Pod> here = podsOn.getOrDefault(name, List.of());
            NodeFit fit = NodeFit.of(spec, node);
            if (fit.run()) {
                fitting.add(node);
                if (here.isEmpty()) {
                    create.add(name);
                }
            }
            List<Pod> staying =
                    here.stream().filter(pod -> !Pods.terminating(pod)).toList();
            if (!fit.stay()) {
                delete.addAll(staying);
                return;
            }
            List<Pod> running = new ArrayList<>();
            for (Pod pod : staying) {
                (Pods.finished(pod) ? ended : running).add(pod);
            }
            running.sort(OLDEST_FIRST);
            if (bounds.maxSurge() == 0) {
                running.stream().skip(1).forEach(delete::add);
            } else {
                keepOneOfEach(running);
            }
        }

        /** During a surge one old and one new pod may share a node; the old one goes when the new one is available. */
        private void keepOneOfEach(List<Pod> running) {
            List<Pod> fresh = running.stream().filter(pod -> updated(pod, hash)).toList();
            List<Pod> old = running.stream().filter(pod -> !updated(pod, hash)).toList();
            fresh.stream().skip(1).forEach(delete::add);
            old.stream().skip(1).forEach(delete::add);
            boolean replaced =
                    !fresh.isEmpty() && !old.isEmpty() && (!Pods.ready(old.getFirst()) || available(fresh.getFirst()));
            if (replaced) {
                delete.add(old.getFirst());
            }
        }

        /** Deletes old pods as far as availability allows; their successors come in the next pass. */
        private void roll() {
            int unavailable = 0;
            List<Pod> free = new ArrayList<>();
            List<Pod> costly = new ArrayList<>();
            for (Node node : fitting) {
                Optional<Pod> fresh = first(node, true);
                Optional<Pod> old = first(node, false);
                if (old.isEmpty()) {
                    unavailable += fresh.filter(this::available).isPresent() ? 0 : 1;
                } else if (fresh.isPresent()) {
                    unavailable++;
                } else if (available(old.get())) {
                    costly.add(old.get());
                } else {
                    unavailable++;
                    free.add(old.get());
                }
            }
            delete.addAll(free);
            costly.stream()
                    .limit(Math.max(0, bounds.maxUnavailable() - unavailable))
                    .forEach(delete::add);
        }

        /** Creates new pods beside old ones as far as the surge allows. */
        private void rollWithSurge() {
            int surging = 0;
            List<String> free = new ArrayList<>();
            List<String> costly = new ArrayList<>();
            for (Node node : fitting) {
                Optional<Pod> fresh = first(node, true);
                Optional<Pod> old = first(node, false);
                if (old.isEmpty()) {
                    continue;
                }
                if (fresh.isPresent()) {
                    surging += available(fresh.get()) ? 0 : 1;
                } else if (available(old.get())) {
                    costly.add(node.getMetadata().getName());
                } else {
                    free.add(node.getMetadata().getName());
                }
            }
            create.addAll(free);
            costly.stream().limit(Math.max(0, bounds.maxSurge() - surging)).forEach(create::add);
        }

        private Optional<Pod> first(Node node, boolean fresh) {
            return podsOn.getOrDefault(node.getMetadata().getName(), List.of()).stream()
                    .filter(pod -> !Pods.terminating(pod) && updated(pod, hash) == fresh)
                    .findFirst();
        }

        private boolean available(Pod pod) {
            return Pods.available(pod, minReadySeconds, now);
        }
    }
}
