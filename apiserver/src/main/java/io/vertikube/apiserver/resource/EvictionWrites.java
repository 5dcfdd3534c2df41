package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.RevisionMismatch;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import io.vertikube.value.Selectors;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * {@code pods/eviction}: a delete that asks the pod's disruption budget first ("API-initiated Eviction" in the
 * documentation). Runs on virtual threads, safe for any.
 */
final class EvictionWrites {

    static final Gvk EVICTION = new Gvk("policy", "v1", "Eviction");
    private static final String BUDGETS = "/registry/policy/poddisruptionbudgets/";

    private final WritePipeline pipeline;
    private final Attempts attempts;
    private final DeleteWrites deletes;

    EvictionWrites(WritePipeline pipeline, Attempts attempts, DeleteWrites deletes) {
        this.pipeline = pipeline;
        this.attempts = attempts;
        this.deletes = deletes;
    }

    /**
     * @param write about the pod
     * @param options from the Eviction's {@code deleteOptions}
     */
    void evict(Write write, DeleteOptions options) {
        StoredObject stored = attempts.current(write);
        ObjectNode pod = stored.tree();
        if (asksBudget(pod)) {
            for (int attempt = 1; !allowedByBudget(write, stored, pod, options.dryRun()); attempt++) {
                if (attempt == attempts.most()) {
                    throw refused("the budget is being changed by others", 1);
                }
            }
        }
        if (!options.dryRun()) {
            attempts.onCurrent(write, now -> markDisrupted(write, now));
        }
        deletes.delete(write, options);
    }

    /** Says in the pod's status why it goes. */
    private StoredObject markDisrupted(Write write, StoredObject stored) {
        ObjectNode pod = stored.tree();
        var conditions = Trees.array(Trees.object(pod, "status"), "conditions");
        for (JsonNode condition : conditions) {
            if (condition.path("type").asText().equals("DisruptionTarget")) {
                return stored;
            }
        }
        ObjectNode condition = conditions.addObject();
        condition.put("type", "DisruptionTarget");
        condition.put("status", "True");
        condition.putNull("lastProbeTime");
        condition.put("lastTransitionTime", SystemFields.time(write.now()));
        condition.put("reason", "EvictionByEvictionAPI");
        condition.put("message", "Eviction API: evicting");
        return pipeline.storage().update(write.key(), stored.revision(), pod);
    }

    /** Pods that do not run, or are on their way out, disrupt nothing. */
    private static boolean asksBudget(JsonNode pod) {
        String phase = Trees.text(pod, "status", "phase");
        return !phase.equals("Succeeded")
                && !phase.equals("Failed")
                && !phase.equals("Pending")
                && !phase.isEmpty()
                && !pod.path("metadata").has("deletionTimestamp");
    }

    /** Takes one disruption from the budget; false if somebody else wrote to it meanwhile. */
    private boolean allowedByBudget(Write write, StoredObject stored, ObjectNode pod, boolean dryRun) {
        @Nullable StoredObject budget = budget(write, stored);
        if (budget == null) {
            return true;
        }
        ObjectNode tree = budget.tree();
        ObjectNode status = Trees.object(tree, "status");
        boolean alwaysUnready =
                Trees.text(tree, "spec", "unhealthyPodEvictionPolicy").equals("AlwaysAllow");
        boolean ready = isReady(pod);
        long healthy = status.path("currentHealthy").asLong(0);
        long desired = status.path("desiredHealthy").asLong(0);
        if (!ready && (alwaysUnready || (healthy >= desired && desired > 0))) {
            return true;
        }
        long allowed = status.path("disruptionsAllowed").asLong(0);
        long observed = status.path("observedGeneration").asLong(0);
        if (observed < tree.path("metadata").path("generation").asLong(0)) {
            throw refused("The disruption budget " + budget.name() + " is still being processed by the server.", 10);
        }
        if (allowed <= 0) {
            throw refused(
                    "The disruption budget " + budget.name() + " needs " + desired + " healthy pods and has " + healthy
                            + " currently",
                    0);
        }
        if (dryRun) {
            return true;
        }
        status.put("disruptionsAllowed", allowed - 1);
        Trees.object(status, "disruptedPods").put(write.name(), SystemFields.time(write.now()));
        try {
            pipeline.storage().update(budget.key(), budget.revision(), tree);
            return true;
        } catch (RevisionMismatch e) {
            return false;
        }
    }

    private @Nullable StoredObject budget(Write write, StoredObject pod) {
        @Nullable StoredObject found = null;
        var budgets = pipeline.storage().snapshot(Read.latest()).under(BUDGETS + write.namespace() + "/");
        for (StoredObject candidate : budgets.values()) {
            JsonNode selector = candidate.tree().path("spec").path("selector");
            if (!selector.isObject()
                    || !Selectors.labels(Json.fromTree(selector, LabelSelector.class))
                            .matches(pod.labels())) {
                continue;
            }
            if (found != null) {
                throw ApiErrors.internal(
                        "This pod has more than one PodDisruptionBudget, which the eviction subresource"
                                + " does not support.");
            }
            found = candidate;
        }
        return found;
    }

    private static boolean isReady(JsonNode pod) {
        for (JsonNode condition : pod.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Ready")) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static io.vertikube.object.ApiException refused(String why, int retryAfterSeconds) {
        var details = new StatusDetails();
        details.setCauses(List.of(new StatusCause(null, why, "DisruptionBudget")));
        if (retryAfterSeconds > 0) {
            details.setRetryAfterSeconds(retryAfterSeconds);
        }
        return ApiErrors.of(
                429, "TooManyRequests", "Cannot evict pod as it would violate the pod's disruption budget.", details);
    }
}
