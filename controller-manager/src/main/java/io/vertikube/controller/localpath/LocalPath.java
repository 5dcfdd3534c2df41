package io.vertikube.controller.localpath;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.vertikube.controller.persistentvolume.VolumeNames;
import io.vertikube.controller.workload.Fields;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the local-path provisioner makes: its class, and the volume of a claim. Pure. */
final class LocalPath {

    static final String PROVISIONER = "vertikube.io/local-path";
    static final String CLASS = "local-path";

    /** A parameter of the class: the folder on each node below which volumes lie. */
    static final String ROOT = "path";

    private static final String DEFAULT_CLASS = "storageclass.kubernetes.io/is-default-class";
    private static final List<String> MODES = List.of("ReadWriteOnce", "ReadWriteOncePod");

    private LocalPath() {}

    static StorageClass storageClass(String root) {
        return new StorageClassBuilder()
                .withNewMetadata()
                .withName(CLASS)
                .addToAnnotations(DEFAULT_CLASS, "true")
                .endMetadata()
                .withProvisioner(PROVISIONER)
                .withParameters(Map.of(ROOT, root))
                .withReclaimPolicy("Delete")
                .withVolumeBindingMode("WaitForFirstConsumer")
                .withAllowVolumeExpansion(true)
                .build();
    }

    /** Why a folder cannot be what the claim asks for, if it cannot. */
    static Optional<String> problem(PersistentVolumeClaim claim) {
        if ("Block".equals(claim.getSpec().getVolumeMode())) {
            return Optional.of("a folder is no block device: use volumeMode Filesystem");
        }
        if (claim.getSpec().getSelector() != null) {
            return Optional.of("claim.Spec.Selector is not supported");
        }
        return Fields.list(claim.getSpec().getAccessModes()).stream()
                .filter(mode -> !MODES.contains(mode))
                .findFirst()
                .map(mode -> "access mode " + mode + " is not possible on the disk of one node: use "
                        + String.join(" or ", MODES));
    }

    static String volumeName(PersistentVolumeClaim claim) {
        return "pvc-" + claim.getMetadata().getUid();
    }

    static PersistentVolume volume(PersistentVolumeClaim claim, StorageClass storageClass, Node node, String root) {
        String name = volumeName(claim);
        String below = Fields.map(storageClass.getParameters()).getOrDefault(ROOT, root);
        String folder = name + "_" + claim.getMetadata().getNamespace() + "_"
                + claim.getMetadata().getName();
        String host = Fields.map(node.getMetadata().getLabels())
                .getOrDefault("kubernetes.io/hostname", node.getMetadata().getName());
        return new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToAnnotations(VolumeNames.PROVISIONED_BY, PROVISIONER)
                .endMetadata()
                .withNewSpec()
                .withCapacity(claim.getSpec().getResources().getRequests())
                .withAccessModes(claim.getSpec().getAccessModes())
                .withVolumeMode("Filesystem")
                .withPersistentVolumeReclaimPolicy(
                        storageClass.getReclaimPolicy() == null ? "Delete" : storageClass.getReclaimPolicy())
                .withStorageClassName(storageClass.getMetadata().getName())
                .withNewHostPath(below + "/" + folder, "DirectoryOrCreate")
                .withClaimRef(new ObjectReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("PersistentVolumeClaim")
                        .withNamespace(claim.getMetadata().getNamespace())
                        .withName(claim.getMetadata().getName())
                        .withUid(claim.getMetadata().getUid())
                        .withResourceVersion(claim.getMetadata().getResourceVersion())
                        .build())
                .withNewNodeAffinity()
                .withNewRequired()
                .addNewNodeSelectorTerm()
                .addNewMatchExpression()
                .withKey("kubernetes.io/hostname")
                .withOperator("In")
                .withValues(host)
                .endMatchExpression()
                .endNodeSelectorTerm()
                .endRequired()
                .endNodeAffinity()
                .endSpec()
                .build();
    }
}
