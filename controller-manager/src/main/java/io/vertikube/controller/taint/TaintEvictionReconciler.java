package io.vertikube.controller.taint;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Taint;
import io.vertikube.cache.Informer;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Disruption;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Indexes;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Deletes one pod when its time on a tainted node is up. One key, one worker at a time. */
public final class TaintEvictionReconciler implements Reconciler {
    private final Informer<Pod> pods;
    private final Informer<Node> nodes;
    private final Disruption disruption;
    private final EventRecorder events;
    private final InstantSource clock;
    private final Map<ObjectKey, Instant> taintedSince = new ConcurrentHashMap<>();
    private final Set<ObjectKey> leaving = ConcurrentHashMap.newKeySet();

    TaintEvictionReconciler(ControllerContext context) {
        this.pods = context.informer(Pod.class);
        this.nodes = context.informer(Node.class);
        this.disruption = new Disruption(context.client().of(Pod.class));
        this.events = context.events("taint-eviction-controller");
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new TaintEvictionReconciler(context);
        Controller queue = context.queue("taint-eviction-controller", workers, reconciler);
        reconciler.nodes.onChange((before, after) -> reconciler.nodeChanged(queue, before, after));
        reconciler.pods.onChange((before, after) -> reconciler.podChanged(queue, before, after));
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Pod> found = pods.get(key);
        List<Taint> taints = found.filter(pod -> Pods.active(pod) && Pods.scheduled(pod))
                .flatMap(pod -> nodes.get(ObjectKey.cluster(pod.getSpec().getNodeName())))
                .map(TaintEvictionReconciler::noExecute)
                .orElse(List.of());
        if (found.isEmpty() || taints.isEmpty()) {
            taintedSince.remove(key);
            return spared(key, found);
        }
        Pod pod = found.get();
        Instant now = clock.instant();
        Instant since = taintedSince.computeIfAbsent(key, k -> now);
        return switch (TolerationPlan.of(taints, Fields.list(pod.getSpec().getTolerations()), since)) {
            case TolerationPlan.Stay() -> spared(key, found);
            case TolerationPlan.Leave(var at)
            when at.isAfter(now) -> {
                leaving.add(key);
                yield Outcome.again(Duration.between(now, at));
            }
            case TolerationPlan.Leave(var at) -> {
                leaving.remove(key);
                events.normal(pod, "TaintManagerEviction", "Marking for deletion Pod " + key);
                disruption.end(
                        pod,
                        false,
                        "DeletionByTaintManager",
                        "Taint manager: deleting due to NoExecute taint",
                        null,
                        now);
                yield Outcome.done();
            }
        };
    }

    /** A pod that had only some time left may stay after all. */
    private Outcome spared(ObjectKey key, Optional<Pod> pod) {
        if (leaving.remove(key)) {
            pod.filter(Pods::active)
                    .ifPresent(
                            stays -> events.normal(stays, "TaintManagerEviction", "Cancelling deletion of Pod " + key));
        }
        return Outcome.done();
    }

    private void nodeChanged(Controller queue, @Nullable Node before, @Nullable Node after) {
        if (after == null || (before != null && noExecute(before).equals(noExecute(after)))) {
            return;
        }
        pods.byIndex(Indexes.BY_NODE, after.getMetadata().getName()).forEach(pod -> queue.enqueue(ObjectKey.of(pod)));
    }

    private void podChanged(Controller queue, @Nullable Pod before, @Nullable Pod after) {
        Pod pod = after == null ? before : after;
        if (pod == null) {
            return;
        }
        boolean moved = before == null
                || after == null
                || !Objects.equals(
                        before.getSpec().getNodeName(), after.getSpec().getNodeName())
                || !Objects.equals(
                        before.getSpec().getTolerations(), after.getSpec().getTolerations());
        if (moved) {
            queue.enqueue(ObjectKey.of(pod));
        }
    }

    private static List<Taint> noExecute(Node node) {
        return Fields.list(node.getSpec() == null ? null : node.getSpec().getTaints()).stream()
                .filter(taint -> "NoExecute".equals(taint.getEffect()))
                .toList();
    }
}
