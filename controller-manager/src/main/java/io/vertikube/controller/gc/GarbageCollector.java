package io.vertikube.controller.gc;

import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.vertikube.catalog.ResourceType;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.gc.CollectPlan.OwnerState;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.Gvk;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at one object of the graph: frees it, deletes it, or finishes its own deletion. Never trusts the graph alone before it
 * deletes: the object and every owner that is missing are read from the server, by name and uid. Keys are uids.
 */
public final class GarbageCollector implements Reconciler {
    private static final Logger LOG = LoggerFactory.getLogger(GarbageCollector.class);
    private static final Duration BEFORE_SYNC = Duration.ofMillis(200);
    /** Its many watches open when the cluster's first pods are on their way. */
    private static final Duration FIRST_LOOK = Duration.ofSeconds(2);

    private static final Duration DISCOVERY_PERIOD = Duration.ofSeconds(30);
    private static final Duration UNKNOWN_KIND = Duration.ofSeconds(30);

    private final OwnerGraph graph;
    private final Monitors monitors;
    private final CollectWrites writes;
    private final EventRecorder events;

    GarbageCollector(OwnerGraph graph, Monitors monitors, CollectWrites writes, EventRecorder events) {
        this.graph = graph;
        this.monitors = monitors;
        this.writes = writes;
        this.events = events;
    }

    /** @param shared types that have a shared informer anyway */
    public static ManagedController controller(
            ControllerContext context,
            int workers,
            List<Class<? extends io.fabric8.kubernetes.api.model.HasMetadata>> shared) {
        var graph = new OwnerGraph();
        var queue = new AtomicReference<Controller>();
        var monitors = new Monitors(
                context,
                graph,
                uids -> uids.forEach(uid -> {
                    Controller collecting = queue.get();
                    if (collecting != null) {
                        collecting.enqueue(ObjectKey.cluster(uid));
                    }
                }));
        var collector = new GarbageCollector(
                graph, monitors, new CollectWrites(context.client()), context.events("garbage-collector-controller"));
        Controller collecting = context.queue("garbage-collector-controller", workers, collector);
        queue.set(collecting);
        shared.forEach(type -> monitors.share(context, type));
        Controller refresh = context.queue("garbage-collector-discovery", 1, key -> {
            monitors.refresh();
            return Outcome.again(DISCOVERY_PERIOD);
        });
        ManagedController queues = ManagedController.of(
                List.of(collecting, refresh), () -> refresh.enqueueAfter(ObjectKey.cluster("discovery"), FIRST_LOOK));
        return new ManagedController() {
            @Override
            public void start() {
                queues.start();
            }

            @Override
            public void close() {
                monitors.close();
                queues.close();
            }
        };
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        if (!monitors.synced()) {
            return Outcome.again(BEFORE_SYNC);
        }
        Optional<GraphObject> found = graph.get(key.name());
        if (found.isEmpty()) {
            return Outcome.done();
        }
        GraphObject object = found.get();
        if (object.orphansDependents()) {
            orphanDependents(object);
            return Outcome.done();
        }
        if (object.waitsForDependents()) {
            finishForeground(object);
            return Outcome.done();
        }
        if (object.deleting() || ownersStand(object)) {
            return Outcome.done();
        }
        return collect(object);
    }

    private Outcome collect(GraphObject object) {
        Optional<ObjectMeta> live = read(object);
        if (live.isEmpty() || live.get().getDeletionTimestamp() != null) {
            return Outcome.done();
        }
        List<OwnerReference> owners = Fields.list(live.get().getOwnerReferences());
        Map<String, OwnerState> states = new HashMap<>();
        for (OwnerReference owner : owners) {
            Optional<OwnerState> state = state(object, owner);
            if (state.isEmpty()) {
                LOG.debug("{} {}: owner of unknown kind {}", object.type().plural(), object.name(), owner.getKind());
                return Outcome.again(UNKNOWN_KIND);
            }
            states.put(owner.getUid(), state.get());
        }
        switch (CollectPlan.of(object, owners, states, graph.dependents(object.uid()))) {
            case CollectPlan.Keep() -> {}
            case CollectPlan.DropOwners(var uids) -> writes.dropOwners(object.type(), live.get(), uids);
            case CollectPlan.Delete(var how) -> writes.delete(object.type(), live.get(), how);
            case CollectPlan.UnblockAndDelete() -> {
                writes.unblock(object.type(), live.get());
                read(object).ifPresent(now -> writes.delete(object.type(), now, CollectPlan.Propagation.FOREGROUND));
            }
        }
        return Outcome.done();
    }

    /** The usual case, decided without a call: every owner is there and none waits. */
    private boolean ownersStand(GraphObject object) {
        return object.owners().stream()
                .allMatch(owner -> graph.get(owner.getUid())
                        .filter(found -> found.isMeantBy(owner, object.namespace()) && !found.waitsForDependents())
                        .isPresent());
    }

    /** Absent when the owner's kind is not served (yet), so nothing can be said of it. */
    private Optional<OwnerState> state(GraphObject object, OwnerReference owner) {
        Optional<GraphObject> seen =
                graph.get(owner.getUid()).filter(found -> found.isMeantBy(owner, object.namespace()));
        if (seen.isPresent()) {
            return Optional.of(seen.get().waitsForDependents() ? OwnerState.WAITING : OwnerState.THERE);
        }
        Optional<ResourceType> type = monitors.typeOf(Gvk.of(owner.getApiVersion(), owner.getKind()));
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (type.get().namespaced() && object.namespace().isEmpty()) {
            tellOfForeignNamespace(object, owner, "");
            return Optional.of(OwnerState.THERE);
        }
        graph.get(owner.getUid())
                .filter(found -> found.isMeantBy(owner, found.namespace()))
                .ifPresent(found -> tellOfForeignNamespace(object, owner, found.namespace()));
        String namespace = type.get().namespaced() ? object.namespace() : "";
        Optional<ObjectMeta> live = writes.read(type.get(), namespace, owner.getName())
                .filter(found -> owner.getUid().equals(found.getUid()));
        if (live.isEmpty()) {
            return Optional.of(OwnerState.ABSENT);
        }
        boolean waiting = live.get().getDeletionTimestamp() != null
                && Fields.list(live.get().getFinalizers()).contains(GraphObject.FOREGROUND);
        return Optional.of(waiting ? OwnerState.WAITING : OwnerState.THERE);
    }

    /** Owners are of the same namespace or of none: such a reference means nobody. */
    private void tellOfForeignNamespace(GraphObject object, OwnerReference owner, String namespace) {
        ObjectReference about = new ObjectReferenceBuilder()
                .withApiVersion(object.type().gvk().apiVersion())
                .withKind(object.type().kind())
                .withNamespace(object.namespace().isEmpty() ? null : object.namespace())
                .withName(object.name())
                .withUid(object.uid())
                .build();
        events.record(
                about,
                "Warning",
                "OwnerRefInvalidNamespace",
                "ownerRef [" + owner.getApiVersion() + "/" + owner.getKind() + ", namespace: " + namespace + ", name: "
                        + owner.getName() + ", uid: " + owner.getUid() + "] does not exist in namespace \""
                        + object.namespace() + "\"");
    }

    private void orphanDependents(GraphObject owner) {
        for (GraphObject dependent : graph.dependents(owner.uid())) {
            read(dependent).ifPresent(live -> {
                boolean owned = Fields.list(live.getOwnerReferences()).stream()
                        .anyMatch(reference -> owner.uid().equals(reference.getUid()));
                if (owned) {
                    writes.dropOwners(dependent.type(), live, java.util.Set.of(owner.uid()));
                }
            });
        }
        read(owner).ifPresent(live -> writes.removeFinalizer(owner.type(), live, GraphObject.ORPHAN));
    }

    /** Every dependent that blocks goes first; when none is left the owner may go. */
    private void finishForeground(GraphObject owner) {
        boolean blocked = graph.dependents(owner.uid()).stream().anyMatch(object -> object.blocks(owner.uid()));
        if (!blocked) {
            read(owner).ifPresent(live -> writes.removeFinalizer(owner.type(), live, GraphObject.FOREGROUND));
        }
    }

    private Optional<ObjectMeta> read(GraphObject object) {
        return writes.read(object.type(), object.namespace(), object.name())
                .filter(live -> object.uid().equals(live.getUid()));
    }
}
