package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.AttachedVolume;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.vertikube.client.ListOptions;
import io.vertikube.client.PatchType;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Attachments against a real API server; the test is the scheduler, the driver's attacher and the kubelets. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AttachDetachClusterTest {
    private static final String DRIVER = "disks.example.com";
    private TestCluster cluster;

    @BeforeAll
    void start() {
        cluster = new TestCluster();
        for (String name : List.of("left", "right")) {
            cluster.create(
                    Node.class,
                    new NodeBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build());
        }
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void aVolumeIsAttachedWhereItsPodIsAndMovesOnlyWhenItWasGivenBack() {
        String ns = cluster.namespace();
        String volume = "pv-" + ns;
        bind(ns, volume);
        cluster.create(Pod.class, pod(ns, "first", "left"));
        eventually().until(() -> attachment(volume).isPresent());
        VolumeAttachment made = attachment(volume).orElseThrow();
        assertThat(made.getMetadata().getName()).matches("csi-[0-9a-f]{64}");
        assertThat(made.getSpec().getAttacher()).isEqualTo(DRIVER);
        assertThat(made.getSpec().getNodeName()).isEqualTo("left");

        attached(made.getMetadata().getName(), "{\"status\":{\"attached\":true}}");
        eventually().until(() -> attachedTo("left").contains("kubernetes.io/csi/" + DRIVER + "^handle-of-" + volume));
        eventually().until(() -> hasEvent(ns, "first", "SuccessfulAttachVolume", "AttachVolume.Attach succeeded"));
        inUse("left", "[\"kubernetes.io/csi/" + DRIVER + "^handle-of-" + volume + "\"]");

        cluster.create(Pod.class, pod(ns, "second", "right"));
        eventually()
                .until(() -> hasEvent(ns, "second", "FailedAttachVolume", "Volume is already used by pod(s) first"));
        delete(ns, "first");
        eventually().until(() -> !cluster.exists(Pod.class, ns, "first"));
        assertThat(attachment(volume).orElseThrow().getSpec().getNodeName())
                .as("the node still uses it")
                .isEqualTo("left");

        inUse("left", "null");
        eventually()
                .until(() -> attachment(volume)
                        .filter(found -> found.getSpec().getNodeName().equals("right"))
                        .isPresent());
        eventually().until(() -> attachedTo("left").isEmpty());
        delete(ns, "second");
        eventually().until(() -> attachment(volume).isEmpty());
    }

    private void bind(String ns, String volume) {
        cluster.create(
                PersistentVolume.class,
                new PersistentVolumeBuilder()
                        .withNewMetadata()
                        .withName(volume)
                        .endMetadata()
                        .withNewSpec()
                        .addToCapacity("storage", new Quantity("1Gi"))
                        .withAccessModes("ReadWriteOnce")
                        .withStorageClassName("none")
                        .withPersistentVolumeReclaimPolicy("Retain")
                        .withNewClaimRef()
                        .withNamespace(ns)
                        .withName("data")
                        .endClaimRef()
                        .withNewCsi()
                        .withDriver(DRIVER)
                        .withVolumeHandle("handle-of-" + volume)
                        .endCsi()
                        .endSpec()
                        .build());
        cluster.create(
                PersistentVolumeClaim.class,
                new PersistentVolumeClaimBuilder()
                        .withNewMetadata()
                        .withNamespace(ns)
                        .withName("data")
                        .endMetadata()
                        .withNewSpec()
                        .withAccessModes("ReadWriteOnce")
                        .withStorageClassName("none")
                        .withVolumeName(volume)
                        .withNewResources()
                        .addToRequests("storage", new Quantity("1Gi"))
                        .endResources()
                        .endSpec()
                        .build());
    }

    private static Pod pod(String ns, String name, String node) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace(ns)
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNodeName(node)
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .endContainer()
                .addNewVolume()
                .withName("v")
                .withNewPersistentVolumeClaim("data", false)
                .endVolume()
                .endSpec()
                .build();
    }

    private Optional<VolumeAttachment> attachment(String volume) {
        return cluster.client.of(VolumeAttachment.class).list("", ListOptions.all()).items().stream()
                .filter(found -> volume.equals(found.getSpec().getSource().getPersistentVolumeName()))
                .findFirst();
    }

    private List<String> attachedTo(String node) {
        List<AttachedVolume> told =
                cluster.get(Node.class, "", node).getStatus().getVolumesAttached();
        return told == null
                ? List.of()
                : told.stream().map(AttachedVolume::getName).toList();
    }

    private void inUse(String node, String names) {
        cluster.client
                .of(Node.class)
                .patch("", node, PatchType.MERGE, bytes("{\"status\":{\"volumesInUse\":" + names + "}}"), "status");
    }

    private void attached(String name, String patch) {
        cluster.client.of(VolumeAttachment.class).patch("", name, PatchType.MERGE, bytes(patch), "status");
    }

    private void delete(String ns, String name) {
        var now = new DeleteOptions();
        now.setGracePeriodSeconds(0L);
        cluster.client.of(Pod.class).delete(ns, name, now);
    }

    private boolean hasEvent(String ns, String pod, String reason, String text) {
        return cluster.client.of(Event.class).list(ns, ListOptions.all()).items().stream()
                .anyMatch(event -> event.getInvolvedObject().getName().equals(pod)
                        && event.getReason().equals(reason)
                        && event.getMessage().contains(text));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
