package io.vertikube.e2e.clients;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.javaoperatorsdk.operator.api.reconciler.Cleaner;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.DeleteControl;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.Workflow;
import io.javaoperatorsdk.operator.api.reconciler.dependent.Dependent;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.CRUDKubernetesDependentResource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/** An operator on java-operator-sdk: two dependents that are applied, a status, a finalizer. */
@Workflow(
        dependents = {@Dependent(type = WebAppOperator.Settings.class), @Dependent(type = WebAppOperator.Workload.class)
        })
@ControllerConfiguration
public final class WebAppOperator implements Reconciler<WebApp>, Cleaner<WebApp> {

    /** The names of those that were cleaned up. */
    final List<String> cleaned = new CopyOnWriteArrayList<>();

    @Override
    public UpdateControl<WebApp> reconcile(WebApp app, Context<WebApp> context) {
        var progress = new WebApp.Progress();
        progress.observedGeneration = app.getMetadata().getGeneration();
        progress.available = context.getSecondaryResource(Deployment.class)
                .map(d -> d.getStatus() == null ? null : d.getStatus().getAvailableReplicas())
                .orElse(0);
        progress.phase = progress.available == app.getSpec().replicas ? "Ready" : "Waiting";
        var patch = new WebApp();
        patch.getMetadata().setName(app.getMetadata().getName());
        patch.getMetadata().setNamespace(app.getMetadata().getNamespace());
        patch.setStatus(progress);
        return UpdateControl.patchStatus(patch);
    }

    @Override
    public DeleteControl cleanup(WebApp app, Context<WebApp> context) {
        cleaned.add(app.getMetadata().getName());
        return DeleteControl.defaultDelete();
    }

    /** The Deployment of an app. */
    public static final class Workload extends CRUDKubernetesDependentResource<Deployment, WebApp> {
        public Workload() {
            super(Deployment.class);
        }

        @Override
        protected Deployment desired(WebApp app, Context<WebApp> context) {
            Map<String, String> labels = Map.of("app", app.getMetadata().getName());
            return new DeploymentBuilder()
                    .withNewMetadata()
                    .withName(app.getMetadata().getName())
                    .withNamespace(app.getMetadata().getNamespace())
                    .withLabels(labels)
                    .endMetadata()
                    .withNewSpec()
                    .withReplicas(app.getSpec().replicas)
                    .withNewSelector()
                    .withMatchLabels(labels)
                    .endSelector()
                    .withNewTemplate()
                    .withNewMetadata()
                    .withLabels(labels)
                    .endMetadata()
                    .withNewSpec()
                    .withTerminationGracePeriodSeconds(0L)
                    .addNewContainer()
                    .withName("app")
                    .withImage(app.getSpec().image)
                    .endContainer()
                    .endSpec()
                    .endTemplate()
                    .endSpec()
                    .build();
        }
    }

    /** The settings of an app. */
    public static final class Settings extends CRUDKubernetesDependentResource<ConfigMap, WebApp> {
        public Settings() {
            super(ConfigMap.class);
        }

        @Override
        protected ConfigMap desired(WebApp app, Context<WebApp> context) {
            return new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName(app.getMetadata().getName())
                    .withNamespace(app.getMetadata().getNamespace())
                    .endMetadata()
                    .addToData("image", app.getSpec().image)
                    .build();
        }
    }
}
