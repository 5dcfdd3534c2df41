package io.vertikube.controller;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.vertikube.object.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Map;

/** Objects for tables of cases, in a world where it is noon. */
public final class Fixtures {
    public static final Instant NOW = Instant.parse("2026-01-01T12:00:00Z");

    private Fixtures() {}

    public static String ago(long seconds) {
        return NOW.minusSeconds(seconds).toString();
    }

    public static PodTemplateSpec template(String image) {
        return new PodTemplateSpecBuilder()
                .withNewMetadata()
                .withLabels(Map.of("app", "web"))
                .endMetadata()
                .withNewSpec()
                .withContainers(
                        new ContainerBuilder().withName("web").withImage(image).build())
                .endSpec()
                .build();
    }

    /** A running pod on a node, ready for a minute. */
    public static Pod pod(String name) {
        return new PodBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(name)
                        .withNamespace("ns")
                        .withUid("uid-" + name)
                        .withCreationTimestamp(ago(100))
                        .withLabels(Map.of("app", "web"))
                        .build())
                .withNewSpec()
                .withNodeName("node-1")
                .withContainers(new ContainerBuilder()
                        .withName("web")
                        .withImage("web:1")
                        .addNewPort()
                        .withName("http")
                        .withContainerPort(8080)
                        .endPort()
                        .build())
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withPodIP("10.244.0." + (1 + Math.abs(name.hashCode() % 200)))
                .withConditions(new PodConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withLastTransitionTime(ago(60))
                        .build())
                .endStatus()
                .build();
    }

    public static Pod notReady(Pod pod) {
        return new PodBuilder(pod)
                .editStatus()
                .withConditions(new PodConditionBuilder()
                        .withType("Ready")
                        .withStatus("False")
                        .withLastTransitionTime(ago(60))
                        .build())
                .endStatus()
                .build();
    }

    public static Pod phase(Pod pod, String phase) {
        return new PodBuilder(pod).editStatus().withPhase(phase).endStatus().build();
    }

    public static Pod onNode(Pod pod, String node) {
        return new PodBuilder(pod).editSpec().withNodeName(node).endSpec().build();
    }

    public static Pod terminating(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .withDeletionTimestamp(ago(1))
                .endMetadata()
                .build();
    }

    public static Pod labelled(Pod pod, Map<String, String> labels) {
        return new PodBuilder(pod)
                .editMetadata()
                .withLabels(labels)
                .endMetadata()
                .build();
    }

    public static Pod controlledBy(Pod pod, HasMetadata owner) {
        return new PodBuilder(pod)
                .editMetadata()
                .withOwnerReferences(new OwnerReference(
                        "apps/v1",
                        true,
                        true,
                        "ReplicaSet",
                        owner.getMetadata().getName(),
                        owner.getMetadata().getUid()))
                .endMetadata()
                .build();
    }

    public static ReplicaSet replicaSet(String name, int replicas) {
        return new ReplicaSetBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(name)
                        .withNamespace("ns")
                        .withUid("uid-" + name)
                        .withGeneration(1L)
                        .withCreationTimestamp(ago(1000))
                        .build())
                .withNewSpec()
                .withReplicas(replicas)
                .withSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Map.of("app", "web"))
                        .build())
                .withTemplate(template("web:1"))
                .endSpec()
                .build();
    }

    /** A rolling Deployment with a deadline of ten minutes. */
    public static Deployment deployment(int replicas, String maxSurge, String maxUnavailable) {
        return new DeploymentBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName("web")
                        .withNamespace("ns")
                        .withUid("uid-web")
                        .withGeneration(1L)
                        .withCreationTimestamp(ago(2000))
                        .build())
                .withNewSpec()
                .withReplicas(replicas)
                .withProgressDeadlineSeconds(600)
                .withRevisionHistoryLimit(10)
                .withSelector(new LabelSelectorBuilder()
                        .withMatchLabels(Map.of("app", "web"))
                        .build())
                .withTemplate(template("web:1"))
                .withNewStrategy()
                .withType("RollingUpdate")
                .withNewRollingUpdate()
                .withMaxSurge(intOrString(maxSurge))
                .withMaxUnavailable(intOrString(maxUnavailable))
                .endRollingUpdate()
                .endStrategy()
                .endSpec()
                .build();
    }

    public static Deployment recreate(int replicas) {
        return new DeploymentBuilder(deployment(replicas, "0", "0"))
                .editSpec()
                .withNewStrategy()
                .withType("Recreate")
                .endStrategy()
                .endSpec()
                .build();
    }

    public static Deployment withImage(Deployment deployment, String image) {
        return new DeploymentBuilder(deployment)
                .editMetadata()
                .withGeneration(deployment.getMetadata().getGeneration() + 1)
                .endMetadata()
                .editSpec()
                .withTemplate(template(image))
                .endSpec()
                .build();
    }

    /** An object as one would write it by hand. */
    public static <T extends HasMetadata> T yaml(Class<T> type, String text) {
        try {
            return Json.mapper().convertValue(new YAMLMapper().readTree(text), type);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static IntOrString intOrString(String text) {
        return text.endsWith("%") ? new IntOrString(text) : new IntOrString(Integer.valueOf(text));
    }
}
