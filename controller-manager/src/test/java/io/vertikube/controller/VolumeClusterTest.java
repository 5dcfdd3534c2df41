package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.client.PatchType;
import io.vertikube.object.ObjectKey;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Claims and volumes against a real API server; the test is the scheduler. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class VolumeClusterTest {
    private TestCluster cluster;

    @BeforeAll
    void start() {
        cluster = new TestCluster();
        cluster.create(
                io.fabric8.kubernetes.api.model.Node.class,
                new NodeBuilder()
                        .withNewMetadata()
                        .withName("disk")
                        .addToLabels("kubernetes.io/hostname", "disk")
                        .endMetadata()
                        .build());
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void aClaimOfTheDefaultClassBecomesAFolderOnTheSelectedNodeAndGoesWithTheClaim() {
        String ns = cluster.namespace();
        eventually().until(() -> cluster.exists(StorageClass.class, "", "local-path"));
        cluster.create(PersistentVolumeClaim.class, claim(ns, "data", null, "1Gi"));
        eventually().until(() -> "Pending".equals(phase(ns, "data")));
        select(ns, "data", "disk");
        eventually().until(() -> "Bound".equals(phase(ns, "data")));
        String name =
                cluster.get(PersistentVolumeClaim.class, ns, "data").getSpec().getVolumeName();
        PersistentVolume volume = cluster.get(PersistentVolume.class, "", name);
        assertThat(volume.getStatus().getPhase()).isEqualTo("Bound");
        assertThat(volume.getSpec().getHostPath().getPath())
                .isEqualTo("/var/lib/vertikube/storage/" + name + "_" + ns + "_data");
        cluster.edit(PersistentVolumeClaim.class, new ObjectKey(ns, "data"), claim -> {
            claim.getSpec().getResources().setRequests(Map.of("storage", new Quantity("2Gi")));
            return claim;
        });
        eventually()
                .until(() -> new Quantity("2Gi")
                        .equals(cluster.get(PersistentVolumeClaim.class, ns, "data")
                                .getStatus()
                                .getCapacity()
                                .get("storage")));
        cluster.create(Pod.class, user(ns, "data"));
        cluster.client.of(PersistentVolumeClaim.class).delete(ns, "data");
        assertThat(cluster.get(PersistentVolumeClaim.class, ns, "data")
                        .getMetadata()
                        .getFinalizers())
                .contains("kubernetes.io/pvc-protection");
        var now = new io.fabric8.kubernetes.api.model.DeleteOptions();
        now.setGracePeriodSeconds(0L);
        cluster.client.of(Pod.class).delete(ns, "user", now);
        eventually().until(() -> !cluster.exists(PersistentVolumeClaim.class, ns, "data"));
        eventually().until(() -> !cluster.exists(PersistentVolume.class, "", name));
    }

    @Test
    void aVolumeMadeByHandIsBoundReleasedAndKept() {
        String ns = cluster.namespace();
        String name = "by-hand-" + ns;
        cluster.create(
                PersistentVolume.class,
                new PersistentVolumeBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .endMetadata()
                        .withNewSpec()
                        .addToCapacity("storage", new Quantity("5Gi"))
                        .withAccessModes("ReadWriteOnce")
                        .withStorageClassName("manual-" + ns)
                        .withNewHostPath("/tmp/x", "")
                        .endSpec()
                        .build());
        eventually().until(() -> "Available".equals(volumePhase(name)));
        cluster.create(PersistentVolumeClaim.class, claim(ns, "data", "manual-" + ns, "3Gi"));
        eventually().until(() -> "Bound".equals(phase(ns, "data")));
        assertThat(cluster.get(PersistentVolumeClaim.class, ns, "data")
                        .getStatus()
                        .getCapacity())
                .containsEntry("storage", new Quantity("5Gi"));
        cluster.client.of(PersistentVolumeClaim.class).delete(ns, "data");
        eventually().until(() -> "Released".equals(volumePhase(name)));
        cluster.client.of(PersistentVolume.class).delete("", name);
        eventually().until(() -> !cluster.exists(PersistentVolume.class, "", name));
    }

    @Test
    void anEphemeralVolumeGetsAClaimThatItsPodOwns() {
        String ns = cluster.namespace();
        Pod pod = new PodBuilder(user(ns, "unused"))
                .editSpec()
                .withVolumes()
                .addNewVolume()
                .withName("scratch")
                .withNewEphemeral()
                .withNewVolumeClaimTemplate()
                .withSpec(claim(ns, "x", null, "1Gi").getSpec())
                .endVolumeClaimTemplate()
                .endEphemeral()
                .endVolume()
                .endSpec()
                .build();
        cluster.create(Pod.class, pod);
        eventually()
                .untilAsserted(() -> assertThat(cluster.get(PersistentVolumeClaim.class, ns, "user-scratch")
                                .getMetadata()
                                .getOwnerReferences())
                        .singleElement()
                        .satisfies(owner -> assertThat(owner.getKind() + "/" + owner.getName())
                                .isEqualTo("Pod/user")));
    }

    @Test
    void aClaimThatWentBeforeItsPodRanComesAgain() {
        String ns = cluster.namespace();
        cluster.create(
                StatefulSet.class,
                new StatefulSetBuilder()
                        .withNewMetadata()
                        .withName("db")
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewSpec()
                        .withReplicas(1)
                        .withServiceName("db")
                        .withNewSelector()
                        .addToMatchLabels("app", "web")
                        .endSelector()
                        .withTemplate(Fixtures.template("web:1"))
                        .withVolumeClaimTemplates(claim(ns, "data", "nobody-makes-it", "1Gi"))
                        .endSpec()
                        .build());
        eventually().until(() -> cluster.exists(Pod.class, ns, "db-0"));
        eventually()
                .until(() -> "Running"
                        .equals(cluster.get(Pod.class, ns, "db-0").getStatus().getPhase()));
        String first = claimUid(ns);
        Pod ran = cluster.get(Pod.class, ns, "db-0");
        cluster.client
                .of(Pod.class)
                .updateStatus(new PodBuilder(ran)
                        .editStatus()
                        .withPhase("Pending")
                        .endStatus()
                        .build());
        cluster.client.of(PersistentVolumeClaim.class).delete(ns, "data-db-0");
        eventually()
                .until(() -> cluster.exists(PersistentVolumeClaim.class, ns, "data-db-0")
                        && !claimUid(ns).equals(first));
    }

    private String claimUid(String ns) {
        return cluster.get(PersistentVolumeClaim.class, ns, "data-db-0")
                .getMetadata()
                .getUid();
    }

    private String phase(String ns, String name) {
        return cluster.get(PersistentVolumeClaim.class, ns, name).getStatus().getPhase();
    }

    private String volumePhase(String name) {
        return cluster.get(PersistentVolume.class, "", name).getStatus().getPhase();
    }

    private void select(String ns, String name, String node) {
        cluster.client
                .of(PersistentVolumeClaim.class)
                .patch(
                        ns,
                        name,
                        PatchType.MERGE,
                        ("{\"metadata\":{\"annotations\":{\"volume.kubernetes.io/selected-node\":\"" + node + "\"}}}")
                                .getBytes(StandardCharsets.UTF_8),
                        null);
    }

    private static Pod user(String ns, String claim) {
        return new PodBuilder()
                .withNewMetadata()
                .withName("user")
                .withNamespace(ns)
                .endMetadata()
                .withNewSpec()
                .withNodeName("disk")
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .endContainer()
                .addNewVolume()
                .withName("v")
                .withNewPersistentVolumeClaim(claim, false)
                .endVolume()
                .endSpec()
                .build();
    }

    private static PersistentVolumeClaim claim(String ns, String name, String storageClass, String size) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(ns)
                .endMetadata()
                .withNewSpec()
                .withStorageClassName(storageClass)
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity(size))
                .endResources()
                .endSpec()
                .build();
    }
}
