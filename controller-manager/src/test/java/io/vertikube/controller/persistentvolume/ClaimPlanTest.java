package io.vertikube.controller.persistentvolume;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.vertikube.controller.persistentvolume.ClaimStep.Bind;
import io.vertikube.controller.persistentvolume.ClaimStep.Lost;
import io.vertikube.controller.persistentvolume.ClaimStep.Nothing;
import io.vertikube.controller.persistentvolume.ClaimStep.Provision;
import io.vertikube.controller.persistentvolume.ClaimStep.Wait;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Claims that find, wait for, and lose their volumes. */
final class ClaimPlanTest {

    @Test
    void theSmallestThatIsLargeEnoughIsTaken() {
        assertThat(step(claim("2Gi"), volume("a", "5Gi"), volume("b", "3Gi"), volume("c", "1Gi")))
                .isEqualTo(new Bind(volume("b", "3Gi")));
    }

    @ParameterizedTest
    @CsvSource({"class", "mode", "access", "taken", "leaving", "failed", "labels"})
    void whatDoesNotSuitIsPassedOver(String difference) {
        PersistentVolume volume = volume("a", "5Gi");
        PersistentVolumeClaim claim = claim("2Gi");
        switch (difference) {
            case "class" -> volume.getSpec().setStorageClassName("other");
            case "mode" -> volume.getSpec().setVolumeMode("Block");
            case "access" -> claim.getSpec().setAccessModes(List.of("ReadWriteOnce", "ReadWriteMany"));
            case "taken" -> reserve(volume, "other", "");
            case "leaving" -> volume.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
            case "failed" -> volume.getStatus().setPhase("Failed");
            default ->
                claim.getSpec()
                        .setSelector(new io.fabric8.kubernetes.api.model.LabelSelectorBuilder()
                                .addToMatchLabels("disk", "fast")
                                .build());
        }
        assertThat(step(claim, volume)).isInstanceOf(Wait.class);
    }

    @Test
    void aReservedVolumeComesBeforeASmallerOne() {
        PersistentVolume reserved = volume("a", "9Gi");
        reserve(reserved, "data", "");
        assertThat(step(claim("2Gi"), volume("b", "2Gi"), reserved)).isEqualTo(new Bind(reserved));
    }

    @Test
    void aNamedVolumeIsTakenOrTheMismatchIsTold() {
        PersistentVolumeClaim claim = claim("2Gi");
        claim.getSpec().setVolumeName("a");
        assertThat(step(claim, volume("a", "2Gi"))).isInstanceOf(Bind.class);
        assertThat(step(claim, volume("a", "1Gi")))
                .isEqualTo(Wait.warning(
                        "VolumeMismatch", "Cannot bind to requested volume \"a\": requested PV is too small"));
        PersistentVolume taken = volume("a", "2Gi");
        reserve(taken, "other", "uid-other");
        assertThat(step(claim, taken))
                .isEqualTo(Wait.warning("FailedBinding", "volume \"a\" already bound to a different claim."));
        assertThat(step(claim)).isEqualTo(new Nothing());
    }

    @Test
    void withoutVolumesItsClassSaysWhatHappens() {
        PersistentVolumeClaim claim = claim("2Gi");
        assertThat(step(claim))
                .isEqualTo(Wait.normal(
                        "FailedBinding", "no persistent volumes available for this claim and no storage class is set"));
        claim.getSpec().setStorageClassName("fast");
        assertThat(step(claim))
                .isEqualTo(Wait.warning("ProvisioningFailed", "storageclass.storage.k8s.io \"fast\" not found"));
        assertThat(plan(claim, storageClass("x.io/y", "Immediate"), null).step())
                .isEqualTo(new Provision("x.io/y"));
        assertThat(plan(claim, storageClass("kubernetes.io/no-provisioner", "Immediate"), null)
                        .step())
                .isInstanceOf(Wait.class);
    }

    @Test
    void aClassMayWaitForTheFirstConsumerAndThenTakesWhatItsNodeReaches() {
        PersistentVolumeClaim claim = claim("2Gi");
        claim.getSpec().setStorageClassName("fast");
        StorageClass waits = storageClass("x.io/y", "WaitForFirstConsumer");
        PersistentVolume here = onNode(volume("a", "5Gi"), "one");
        PersistentVolume there = onNode(volume("b", "2Gi"), "two");
        here.getSpec().setStorageClassName("fast");
        there.getSpec().setStorageClassName("fast");
        assertThat(plan(claim, waits, null, here, there).step())
                .isEqualTo(
                        Wait.normal("WaitForFirstConsumer", "waiting for first consumer to be created before binding"));
        claim.getMetadata().setAnnotations(Map.of(VolumeNames.SELECTED_NODE, "one"));
        assertThat(plan(claim, waits, node("one"), here, there).step()).isEqualTo(new Bind(here));
        assertThat(plan(claim, waits, node("one"), there).step()).isEqualTo(new Provision("x.io/y"));
        assertThat(plan(claim, waits, null, here).step()).isEqualTo(new Provision("x.io/y"));
    }

    @Test
    void aBoundClaimKeepsItsVolumeOrIsLost() {
        PersistentVolumeClaim claim = claim("2Gi");
        claim.getMetadata().setAnnotations(Map.of(VolumeNames.BIND_COMPLETED, "yes"));
        assertThat(step(claim)).isInstanceOf(Lost.class);
        claim.getSpec().setVolumeName("a");
        assertThat(step(claim))
                .isEqualTo(new Lost(
                        "ClaimLost", "Bound claim has lost its PersistentVolume. Data on the volume is lost!"));
        PersistentVolume mine = volume("a", "2Gi");
        reserve(mine, "data", "uid-data");
        assertThat(step(claim, mine)).isEqualTo(new Bind(mine));
        PersistentVolume others = volume("a", "2Gi");
        reserve(others, "data", "uid-before");
        assertThat(step(claim, others)).isInstanceOf(Lost.class);
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // claimRef uid, claim's volume, policy, provisioned by, phase | plan
                "-,  -,     Delete, -,   -,        Phase[phase=Available]",
                "u,  a,     Delete, -,   -,        Phase[phase=Bound]",
                "u,  empty, Retain, -,   Pending,  Phase[phase=Available]",
                "u,  empty, Retain, -,   Bound,    Phase[phase=Bound]",
                "u,  -,     Retain, -,   Bound,    Phase[phase=Released]",
                "u,  -,     Delete, x/y, Bound,    Phase[phase=Released]",
                "u,  b,     Delete, x/y, Bound,    Phase[phase=Released]",
                "u,  b,     Retain, -,   Bound,    Release[keepReservation=true]",
            })
    void aVolumeFollowsItsClaim(String uid, String chosen, String policy, String by, String phase, String expected) {
        PersistentVolume volume = volume("a", "1Gi");
        volume.getStatus().setPhase(phase);
        volume.getSpec().setPersistentVolumeReclaimPolicy(policy);
        if (by != null) {
            volume.getMetadata().setAnnotations(Map.of(VolumeNames.PROVISIONED_BY, by));
        }
        if (uid != null) {
            reserve(volume, "data", uid);
        }
        PersistentVolumeClaim claim = claim("1Gi");
        claim.getSpec().setVolumeName("empty".equals(chosen) ? null : chosen);
        assertThat(VolumePlan.of(volume, chosen == null ? null : claim)).hasToString(expected);
    }

    @Test
    void whatNobodyCanDestroyFailsAndSaysWhy() {
        PersistentVolume volume = volume("a", "1Gi");
        reserve(volume, "data", "u");
        volume.getSpec().setPersistentVolumeReclaimPolicy("Delete");
        assertThat(VolumePlan.of(volume, null))
                .isEqualTo(new VolumePlan.Failed(
                        "VolumeFailedDelete",
                        "error getting deleter volume plugin for volume \"a\": no deletable volume plugin matched"));
    }

    private static ClaimStep step(PersistentVolumeClaim claim, PersistentVolume... volumes) {
        return plan(claim, null, null, volumes).step();
    }

    private static ClaimPlan plan(
            PersistentVolumeClaim claim, StorageClass storageClass, Node node, PersistentVolume... volumes) {
        return new ClaimPlan(claim, List.of(volumes), storageClass, node);
    }

    private static PersistentVolumeClaim claim(String size) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data")
                .withNamespace("ns")
                .withUid("uid-data")
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .addToRequests("storage", new Quantity(size))
                .endResources()
                .endSpec()
                .build();
    }

    private static PersistentVolume volume(String name, String size) {
        return new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .addToCapacity("storage", new Quantity(size))
                .withAccessModes("ReadWriteOnce", "ReadOnlyMany")
                .endSpec()
                .withNewStatus()
                .withPhase("Available")
                .endStatus()
                .build();
    }

    private static void reserve(PersistentVolume volume, String claim, String uid) {
        volume.getSpec()
                .setClaimRef(new ObjectReferenceBuilder()
                        .withNamespace("ns")
                        .withName(claim)
                        .withUid(uid)
                        .build());
    }

    private static PersistentVolume onNode(PersistentVolume volume, String node) {
        return new PersistentVolumeBuilder(volume)
                .editSpec()
                .withNewNodeAffinity()
                .withNewRequired()
                .addNewNodeSelectorTerm()
                .addNewMatchExpression()
                .withKey("kubernetes.io/hostname")
                .withOperator("In")
                .withValues(node)
                .endMatchExpression()
                .endNodeSelectorTerm()
                .endRequired()
                .endNodeAffinity()
                .endSpec()
                .build();
    }

    private static Node node(String name) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("kubernetes.io/hostname", name)
                .endMetadata()
                .build();
    }

    private static StorageClass storageClass(String provisioner, String mode) {
        return new StorageClassBuilder()
                .withNewMetadata()
                .withName("fast")
                .endMetadata()
                .withProvisioner(provisioner)
                .withVolumeBindingMode(mode)
                .build();
    }
}
