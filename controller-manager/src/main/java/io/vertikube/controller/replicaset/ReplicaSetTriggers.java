package io.vertikube.controller.replicaset;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.cache.Informer;
import io.vertikube.control.Controller;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.workload.Expectations;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Selectors;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns changes of sets and pods into keys to look at, and notes which expected writes have arrived. Safe for any thread. */
final class ReplicaSetTriggers<T extends HasMetadata> {
    private final ReplicaKind<T> kind;
    private final Informer<T> sets;
    private final Informer<Pod> pods;
    private final Expectations expectations;
    private final Controller queue;

    ReplicaSetTriggers(ReplicaKind<T> kind, ControllerContext context, Expectations expectations, Controller queue) {
        this.kind = kind;
        this.sets = context.informer(kind.type());
        this.pods = context.informer(Pod.class);
        this.expectations = expectations;
        this.queue = queue;
    }

    void listen() {
        sets.onChange(OwnKey.in(queue));
        pods.onChange(this::podChanged);
    }

    private void podChanged(@Nullable Pod before, @Nullable Pod after) {
        Optional<ObjectKey> oldOwner = owner(before);
        if (after == null) {
            oldOwner.ifPresent(key -> observeDeletion(key, before));
            return;
        }
        Optional<ObjectKey> owner = owner(after);
        if (!owner.equals(oldOwner)) {
            oldOwner.ifPresent(queue::enqueue);
        }
        if (owner.isEmpty()) {
            if (Owners.controllerOf(after).isEmpty() && !Pods.terminating(after)) {
                enqueueAdopters(after);
            }
            return;
        }
        if (before == null) {
            expectations.creationObserved(owner.get());
        }
        if (Pods.terminating(after)) {
            expectations.deletionObserved(owner.get(), after.getMetadata().getUid());
        }
        queue.enqueue(owner.get());
    }

    private void observeDeletion(ObjectKey owner, @Nullable Pod pod) {
        if (pod != null) {
            expectations.deletionObserved(owner, pod.getMetadata().getUid());
        }
        queue.enqueue(owner);
    }

    private Optional<ObjectKey> owner(@Nullable Pod pod) {
        if (pod == null) {
            return Optional.empty();
        }
        Optional<OwnerReference> reference = Owners.controllerOf(pod);
        return reference
                .filter(r -> kind.kind().kind().equals(r.getKind())
                        && kind.kind().apiVersion().equals(r.getApiVersion()))
                .map(r -> new ObjectKey(pod.getMetadata().getNamespace(), r.getName()));
    }

    private void enqueueAdopters(Pod pod) {
        for (T set : sets.list(pod.getMetadata().getNamespace())) {
            var selector = kind.view(set).getSpec().getSelector();
            if (selector != null
                    && Selectors.labels(selector)
                            .matches(Fields.map(pod.getMetadata().getLabels()))) {
                queue.enqueue(ObjectKey.of(set));
            }
        }
    }
}
