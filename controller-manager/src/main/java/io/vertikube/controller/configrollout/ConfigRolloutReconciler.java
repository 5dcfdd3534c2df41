package io.vertikube.controller.configrollout;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.vertikube.cache.Informer;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.configrollout.NamespaceConfigs.Digests;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.workload.FencedPatch;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** Compares the configuration of one workload with what was seen last, and rolls the workload if it is another. */
final class ConfigRolloutReconciler<T extends HasMetadata> implements Reconciler {
    private static final Duration UNTIL_READ = Duration.ofMillis(100);

    private final Informer<T> workloads;
    private final Function<T, PodTemplateSpec> template;
    private final NamespaceConfigs configs;
    private final TypedClient<T> client;
    private final EventRecorder events;

    ConfigRolloutReconciler(
            ControllerContext context, Class<T> type, Function<T, PodTemplateSpec> template, NamespaceConfigs configs) {
        this.workloads = context.informer(type);
        this.template = template;
        this.configs = configs;
        this.client = context.client().of(type);
        this.events = context.events("config-rollout-controller");
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<T> found = workloads.get(key).filter(ConfigPlan::asked);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Optional<Digests> digests = configs.of(key.namespace());
        if (digests.isEmpty()) {
            return Outcome.again(UNTIL_READ);
        }
        T workload = found.get();
        Optional<ConfigPlan> plan = ConfigPlan.of(workload, template.apply(workload), digests.get());
        plan.ifPresent(due -> write(workload, due));
        return Outcome.done();
    }

    private void write(T workload, ConfigPlan plan) {
        var seen = workload.getMetadata();
        ObjectNode patch = FencedPatch.annotating(seen, ConfigPlan.SEEN, plan.seen());
        boolean rolls = !plan.changed().isEmpty();
        if (rolls) {
            patch.putObject("spec")
                    .putObject("template")
                    .putObject("metadata")
                    .putObject("annotations")
                    .put(ConfigPlan.ROLLED, ConfigDigest.of(plan.seen()));
        }
        try {
            client.patch(seen.getNamespace(), seen.getName(), PatchType.MERGE, Json.bytes(patch), null);
        } catch (ApiException refused) {
            if (refused.isNotFound()) {
                return;
            }
            throw refused;
        }
        if (rolls) {
            events.normal(
                    workload,
                    "ConfigurationChanged",
                    "Rolling, because its configuration has changed: " + String.join(", ", plan.changed()));
        }
    }
}
