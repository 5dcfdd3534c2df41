package io.vertikube.scheduler;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Binding;
import io.fabric8.kubernetes.api.model.BindingBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.Status;
import io.vertikube.client.ApiClient;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.object.Json;
import io.vertikube.scheduler.snapshot.PodView;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/** What the scheduler writes of pods. Every call waits for the API server; refusals are {@code ApiException}s. */
final class PodWriter {

    private static final String SCHEDULED = "PodScheduled";

    private final TypedClient<Pod> pods;
    private final InstantSource clock;

    PodWriter(ApiClient api, InstantSource clock) {
        this.pods = api.of(Pod.class);
        this.clock = clock;
    }

    void bind(PodView pod, String node) {
        Binding binding = new BindingBuilder()
                .withNewMetadata()
                .withNamespace(pod.namespace())
                .withName(pod.key().name())
                .withUid(pod.pod().getMetadata().getUid())
                .endMetadata()
                .withNewTarget()
                .withApiVersion("v1")
                .withKind("Node")
                .withName(node)
                .endTarget()
                .build();
        pods.createSubresource(pod.namespace(), pod.key().name(), "binding", binding, Status.class);
    }

    /**
     * Says on the pod why it waits, unless it says so already.
     *
     * @param nominatedNode where room is being made for it, null to leave that as it is
     */
    void waits(PodView pod, String reason, String message, @Nullable String nominatedNode) {
        boolean nominatedAlready = nominatedNode == null || nominatedNode.equals(pod.nominatedNode());
        if (nominatedAlready && says(pod, reason, message)) {
            return;
        }
        ObjectNode patch = Json.object();
        ObjectNode status = patch.putObject("status");
        ObjectNode condition = status.putArray("conditions").addObject();
        condition.put("type", SCHEDULED);
        condition.put("status", "False");
        condition.put("reason", reason);
        condition.put("message", message);
        condition.put("lastTransitionTime", now());
        if (nominatedNode != null) {
            status.put("nominatedNodeName", nominatedNode);
        }
        pods.patch(pod.namespace(), pod.key().name(), PatchType.STRATEGIC, Json.bytes(patch), "status");
    }

    /** Has a pod leave its node for a more important one. */
    void evict(PodView victim, String schedulerName) {
        ObjectNode patch = Json.object();
        ObjectNode condition = patch.putObject("status").putArray("conditions").addObject();
        condition.put("type", "DisruptionTarget");
        condition.put("status", "True");
        condition.put("reason", "PreemptionByScheduler");
        condition.put("message", schedulerName + ": preempting to accommodate a higher priority pod");
        condition.put("lastTransitionTime", now());
        pods.patch(victim.namespace(), victim.key().name(), PatchType.STRATEGIC, Json.bytes(patch), "status");
        pods.delete(victim.namespace(), victim.key().name());
    }

    private static boolean says(PodView pod, String reason, String message) {
        if (pod.pod().getStatus() == null) {
            return false;
        }
        for (PodCondition condition : pod.pod().getStatus().getConditions()) {
            if (SCHEDULED.equals(condition.getType())) {
                return "False".equals(condition.getStatus())
                        && reason.equals(condition.getReason())
                        && message.equals(condition.getMessage());
            }
        }
        return false;
    }

    private String now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
