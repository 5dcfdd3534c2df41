package io.vertikube.kubelet.admission;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.pod.PodEvents;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.status.PodStatusPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether the node takes a pod, and remembers what it took: whoever binds pods may know less than the node does.
 * A pod that was started before this kubelet was counts as taken. Safe for any thread, one pod at a time.
 */
public final class NodeAdmission {

    private static final Logger LOG = LoggerFactory.getLogger(NodeAdmission.class);

    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int LOOKS = 150;

    /** What a pod takes, as of a generation of it: a resize changes it. */
    private record Taken(@Nullable Long generation, PodDemand demand) {

        static Taken of(Pod pod) {
            return new Taken(pod.getMetadata().getGeneration(), PodDemand.of(pod.getSpec()));
        }

        boolean isOf(Pod pod) {
            return Objects.equals(generation, pod.getMetadata().getGeneration());
        }
    }

    private final Supplier<Optional<Node>> node;
    private final Pods pods;
    private final PodEvents events;
    private final Predicate<String> countedElsewhere;

    /** By uid; guarded by this. */
    private final Map<String, Taken> taken = new HashMap<>();

    /**
     * Makes one.
     *
     * @param node what the API says of this node, empty before it says anything
     * @param countedElsewhere resources of which this machine knows more than the API: a pod was given them before this asks
     */
    public NodeAdmission(
            Supplier<Optional<Node>> node, Pods pods, PodEvents events, Predicate<String> countedElsewhere) {
        this.node = node;
        this.pods = pods;
        this.events = events;
        this.countedElsewhere = countedElsewhere;
    }

    /** Why the node does not take a pod; empty when it does, which counts from then on. */
    public synchronized Optional<PodStatusPlan.PodEnd> refuse(Pod pod) {
        Optional<Node> known = here(pod);
        try {
            Taken wants = Taken.of(pod);
            Optional<NodeFit.Misfit> misfit = known.flatMap(here -> misfit(pod, wants.demand(), here));
            if (misfit.isEmpty()) {
                taken.put(pod.getMetadata().getUid(), wants);
            }
            return misfit.map(why -> new PodStatusPlan.PodEnd(why.reason(), "Pod was rejected: " + why.message()));
        } catch (RuntimeException e) {
            LOG.warn("whether {} fits cannot be told", pod.getMetadata().getName(), e);
            return Optional.of(new PodStatusPlan.PodEnd(
                    "UnexpectedAdmissionError",
                    "Pod was rejected: Unexpected error while looking for room, which is unexpected: "
                            + e.getMessage()));
        }
    }

    /** A kubelet that has just started may know its pods before its node; pods of manifests wait for nobody. */
    private Optional<Node> here(Pod pod) {
        Optional<Node> known = node.get();
        try {
            for (int look = 0; look < LOOKS && known.isEmpty() && !PodOrigin.isStatic(pod); look++) {
                Thread.sleep(LOOK);
                known = node.get();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return known;
    }

    private Optional<NodeFit.Misfit> misfit(Pod pod, PodDemand wants, Node here) {
        Optional<NodeFit.Misfit> other = NodeFit.otherKind(pod, here);
        if (other.isPresent()) {
            return other;
        }
        List<Other> others = others(pod);
        Map<String, Long> has = new HashMap<>(
                here.getStatus() == null
                        ? Map.of()
                        : PodDemand.amounts(here.getStatus().getAllocatable()));
        has.keySet().removeIf(countedElsewhere);
        List<NodeFit.Misfit> misfits = NodeFit.misfits(
                pod, wants, here, has, others.stream().map(Other::demand).toList());
        boolean room = misfits.stream().allMatch(each -> each.missing() > 0);
        if (!misfits.isEmpty() && room && PodOrigin.isCritical(pod)) {
            Map<String, Long> missing =
                    misfits.stream().collect(Collectors.toMap(NodeFit.Misfit::resource, NodeFit.Misfit::missing));
            Optional<List<Pod>> victims = Preemption.victims(missing, others);
            if (victims.isPresent()) {
                victims.get().forEach(this::preempt);
                return Optional.empty();
            }
        }
        return misfits.stream().findFirst();
    }

    private void preempt(Pod victim) {
        String message = "Preempted in order to admit critical pod";
        events.warning(victim, "Preempting", message);
        pods.end(
                victim.getMetadata().getUid(),
                PodStatusPlan.PodEnd.disrupted("Preempting", message, "TerminationByKubelet"),
                OptionalLong.of(0));
        taken.remove(victim.getMetadata().getUid());
    }

    /** All other pods that were taken and are not over. */
    private List<Other> others(Pod pod) {
        List<Other> result = new ArrayList<>();
        Map<String, Taken> still = new LinkedHashMap<>();
        for (Pod other : pods.all()) {
            String uid = other.getMetadata().getUid();
            Taken known = taken.get(uid);
            boolean started = other.getStatus() != null && other.getStatus().getStartTime() != null;
            boolean over = Set.of("Succeeded", "Failed").contains(pods.phase(other));
            if (over || uid.equals(pod.getMetadata().getUid()) || (known == null && !started)) {
                continue;
            }
            Taken now = known != null && known.isOf(other) ? known : Taken.of(other);
            still.put(uid, now);
            result.add(new Other(other, now.demand()));
        }
        taken.clear();
        taken.putAll(still);
        return result;
    }
}
