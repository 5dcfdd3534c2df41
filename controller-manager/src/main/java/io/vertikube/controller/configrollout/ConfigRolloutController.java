package io.vertikube.controller.configrollout;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.vertikube.cache.Informer;
import io.vertikube.control.Controller;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * One queue for each kind of workload that rolls, all over the same configuration. Built and closed with a term of leadership; safe
 * for any thread.
 */
public final class ConfigRolloutController implements ManagedController {
    private static final String NAME = "config-rollout-controller";

    private final NamespaceConfigs configs;
    private final List<Workloads<?>> kinds = new ArrayList<>();

    /** The workloads of one kind that asked, and their queue. */
    private record Workloads<T extends HasMetadata>(Informer<T> informer, Controller queue) {
        boolean askIn(String namespace) {
            return informer.list(namespace).stream().anyMatch(ConfigPlan::asked);
        }

        void enqueue(String namespace) {
            informer.list(namespace).stream()
                    .filter(ConfigPlan::asked)
                    .forEach(workload -> queue.enqueue(ObjectKey.of(workload)));
        }
    }

    private ConfigRolloutController(ControllerContext context) {
        this.configs = new NamespaceConfigs(
                context.client(), namespace -> kinds.forEach(workloads -> workloads.enqueue(namespace)));
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var controller = new ConfigRolloutController(context);
        controller.add(context, workers, Deployment.class, d -> d.getSpec().getTemplate());
        controller.add(context, workers, StatefulSet.class, s -> s.getSpec().getTemplate());
        controller.add(context, workers, DaemonSet.class, d -> d.getSpec().getTemplate());
        return controller;
    }

    private <T extends HasMetadata> void add(
            ControllerContext context, int workers, Class<T> type, Function<T, PodTemplateSpec> template) {
        Informer<T> informer = context.informer(type);
        var reconciler = new ConfigRolloutReconciler<>(context, type, template, configs);
        Controller queue = context.queue(NAME + "-" + HasMetadata.getPlural(type), workers, reconciler);
        kinds.add(new Workloads<>(informer, queue));
        informer.onChange((before, after) -> {
            if (after != null && ConfigPlan.asked(after)) {
                queue.enqueue(ObjectKey.of(after));
            } else if (before != null && ConfigPlan.asked(before)) {
                configs.keepOnly(this::needed);
            }
        });
    }

    private boolean needed(String namespace) {
        return kinds.stream().anyMatch(workloads -> workloads.askIn(namespace));
    }

    @Override
    public void start() {
        kinds.forEach(workloads -> workloads.queue().start());
    }

    @Override
    public void close() {
        kinds.forEach(workloads -> workloads.queue().close());
        configs.close();
    }
}
