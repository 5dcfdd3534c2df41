package io.vertikube.controller.workload;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.cache.Informer;
import io.vertikube.cache.Informers;
import java.util.ArrayList;
import java.util.List;

/** The indexes that several controllers share, added once before the informers start. */
public final class Indexes {
    /** Values: the uid of the controlling owner, or {@link Owners#orphanKey} of the namespace. */
    public static final String BY_CONTROLLER = "controller";

    /** Values: the node a pod is bound to; absent for pods without one. */
    public static final String BY_NODE = "node";

    private Indexes() {}

    public static void addTo(Informers informers) {
        Informer<Pod> pods = informers.of(Pod.class);
        pods.addIndex(BY_CONTROLLER, Owners::indexKeys);
        pods.addIndex(
                BY_NODE, pod -> Pods.scheduled(pod) ? List.of(pod.getSpec().getNodeName()) : List.of());
        informers.of(ReplicaSet.class).addIndex(BY_CONTROLLER, Owners::indexKeys);
        informers.of(ControllerRevision.class).addIndex(BY_CONTROLLER, Owners::indexKeys);
    }

    /** What an owner controls, and what it might adopt: the candidates of a {@link ClaimPlan}. */
    public static <T extends HasMetadata> List<T> candidates(Informer<T> informer, HasMetadata owner) {
        var found = new ArrayList<T>(
                informer.byIndex(BY_CONTROLLER, owner.getMetadata().getUid()));
        found.addAll(informer.byIndex(
                BY_CONTROLLER, Owners.orphanKey(owner.getMetadata().getNamespace())));
        return found;
    }
}
