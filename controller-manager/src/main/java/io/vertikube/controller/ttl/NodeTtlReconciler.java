package io.vertikube.controller.ttl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Node;
import io.vertikube.cache.Informer;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps the annotation {@code node.alpha.kubernetes.io/ttl} of one node. Keys are nodes. */
public final class NodeTtlReconciler implements Reconciler {
    static final String TTL = "node.alpha.kubernetes.io/ttl";

    private final Informer<Node> nodes;
    private final TypedClient<Node> client;
    private final AtomicInteger step = new AtomicInteger();

    NodeTtlReconciler(ControllerContext context) {
        this.nodes = context.informer(Node.class);
        this.client = context.client().of(Node.class);
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new NodeTtlReconciler(context);
        Controller queue = context.queue("ttl-controller", workers, reconciler);
        reconciler.nodes.onChange((before, after) -> {
            int old = reconciler.step.get();
            int now = TtlSteps.next(old, reconciler.nodes.size());
            if (now != old && reconciler.step.compareAndSet(old, now)) {
                reconciler.nodes.list().forEach(node -> queue.enqueue(ObjectKey.of(node)));
            }
            if (after != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Node> node = nodes.get(key);
        String wanted = Integer.toString(TtlSteps.seconds(step.get()));
        boolean stands = node.filter(found -> wanted.equals(
                        Fields.map(found.getMetadata().getAnnotations()).get(TTL)))
                .isPresent();
        if (node.isEmpty() || stands) {
            return Outcome.done();
        }
        ObjectNode patch = Json.object();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("uid", node.get().getMetadata().getUid());
        metadata.putObject("annotations").put(TTL, wanted);
        try {
            client.patch("", key.name(), PatchType.MERGE, Json.bytes(patch), null);
        } catch (ApiException refused) {
            if (!refused.isNotFound() && !refused.isConflict()) {
                throw refused;
            }
        }
        return Outcome.done();
    }
}
