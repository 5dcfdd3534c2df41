package io.vertikube.controller.disruption;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.controller.discovery.Discovery;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How many pods the controllers of some pods want together: of Deployments, ReplicaSets, StatefulSets and
 * ReplicationControllers from memory, of anything else through its {@code scale}. Blocks; safe for any thread.
 */
final class WantedPods {

    /**
     * @param count the sum over the controllers found
     * @param unmanaged pods that nothing controls
     */
    record Answer(int count, List<Pod> unmanaged) {
        Answer {
            unmanaged = List.copyOf(unmanaged);
        }
    }

    /** A pod's controller cannot be asked; the message says which and why. */
    static final class NoScale extends RuntimeException {
        private static final long serialVersionUID = 1;

        NoScale(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** A controller of pods and the number it wants. */
    private record Scale(String uid, int wanted) {}

    private final ApiClient client;
    private final Discovery discovery;
    private final Informer<ReplicaSet> replicaSets;
    private final Informer<Deployment> deployments;
    private final Informer<StatefulSet> statefulSets;
    private final Informer<ReplicationController> replicationControllers;

    WantedPods(ControllerContext context) {
        this.client = context.client();
        this.discovery = new Discovery(client);
        this.replicaSets = context.informer(ReplicaSet.class);
        this.deployments = context.informer(Deployment.class);
        this.statefulSets = context.informer(StatefulSet.class);
        this.replicationControllers = context.informer(ReplicationController.class);
    }

    /** @throws NoScale if a controller does not say how many it wants */
    Answer of(List<Pod> pods) {
        var unmanaged = new ArrayList<Pod>();
        Map<String, OwnerReference> controllers = new HashMap<>();
        for (Pod pod : pods) {
            Optional<OwnerReference> controller = Owners.controllerOf(pod);
            if (controller.isPresent()) {
                controllers.putIfAbsent(controller.get().getUid(), controller.get());
            } else {
                unmanaged.add(pod);
            }
        }
        Map<String, Integer> wanted = new HashMap<>();
        for (OwnerReference controller : controllers.values()) {
            Scale scale = scale(pods.getFirst().getMetadata().getNamespace(), controller);
            wanted.put(scale.uid, scale.wanted);
        }
        return new Answer(wanted.values().stream().mapToInt(Integer::intValue).sum(), unmanaged);
    }

    private Scale scale(String namespace, OwnerReference controller) {
        var key = new ObjectKey(namespace, controller.getName());
        return switch (controller.getApiVersion() + " " + controller.getKind()) {
            case "apps/v1 ReplicaSet" ->
                replicaSets.get(key).map(this::ofReplicaSet).orElseThrow(() -> notFound(controller));
            case "apps/v1 StatefulSet" ->
                statefulSets
                        .get(key)
                        .map(set -> new Scale(
                                controller.getUid(), Fields.number(set.getSpec().getReplicas(), 1)))
                        .orElseThrow(() -> notFound(controller));
            case "v1 ReplicationController" ->
                replicationControllers
                        .get(key)
                        .map(rc -> new Scale(
                                controller.getUid(), Fields.number(rc.getSpec().getReplicas(), 1)))
                        .orElseThrow(() -> notFound(controller));
            default -> ofSubresource(key, controller);
        };
    }

    /** A ReplicaSet under a Deployment is one of several on the way; what counts is what the Deployment wants. */
    private Scale ofReplicaSet(ReplicaSet set) {
        return Owners.controllerOf(set)
                .filter(owner -> owner.getKind().equals("Deployment")
                        && owner.getApiVersion().startsWith("apps/"))
                .flatMap(
                        owner -> deployments.get(new ObjectKey(set.getMetadata().getNamespace(), owner.getName())))
                .map(deployment -> new Scale(
                        deployment.getMetadata().getUid(),
                        Fields.number(deployment.getSpec().getReplicas(), 1)))
                .orElseGet(() -> new Scale(
                        set.getMetadata().getUid(), Fields.number(set.getSpec().getReplicas(), 1)));
    }

    private Scale ofSubresource(ObjectKey key, OwnerReference controller) {
        try {
            String path = discovery
                    .resource(controller.getApiVersion(), controller.getKind())
                    .map(type -> type.apiPath()
                            + (type.namespaced() ? "/namespaces/" + key.namespace() : "")
                            + "/" + type.plural() + "/" + key.name() + "/scale")
                    .orElseThrow(() -> new NoScale(
                            "found no resource for the controller of kind " + controller.getKind() + " in "
                                    + controller.getApiVersion(),
                            null));
            JsonNode scale = Json.tree(client.raw("GET", path, null, null));
            return new Scale(
                    controller.getUid(), scale.path("spec").path("replicas").asInt(0));
        } catch (ApiException e) {
            throw new NoScale(
                    controller.getKind() + "." + group(controller) + " does not implement the scale subresource", e);
        }
    }

    private static NoScale notFound(OwnerReference controller) {
        return new NoScale("found no controllers for pod: " + controller.getKind() + " " + controller.getName(), null);
    }

    private static String group(OwnerReference controller) {
        int slash = controller.getApiVersion().indexOf('/');
        return slash < 0 ? "" : controller.getApiVersion().substring(0, slash);
    }
}
