package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** Persistent volumes and claims. Pure. */
final class VolumeColumns {

    /** The former way to name a storage class. */
    private static final String CLASS_ANNOTATION = "volume.beta.kubernetes.io/storage-class";

    private VolumeColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "/persistentvolumes",
                Columns.named()
                        .text("Capacity", "Size of the volume.", row -> row.text("spec.capacity.storage"))
                        .text("Access Modes", "How it may be mounted.", row -> modes(row.at("spec.accessModes")))
                        .text(
                                "Reclaim Policy",
                                "What happens when its claim goes.",
                                row -> row.text("spec.persistentVolumeReclaimPolicy"))
                        .text("Status", "Whether it is free, bound or going.", VolumeColumns::phase)
                        .text("Claim", "Claim it is bound to.", VolumeColumns::claim)
                        .text("StorageClass", "Storage class.", VolumeColumns::storageClass)
                        .text(
                                "VolumeAttributesClass",
                                "Class of attributes that may be changed.",
                                row -> row.text("spec.volumeAttributesClassName", Row.UNSET))
                        .text("Reason", "Why it is in its state.", row -> row.text("status.reason"))
                        .age()
                        .wide("VolumeMode", "File system or block device.", VolumeColumns::mode)
                        .build());
        known.put(
                "/persistentvolumeclaims",
                Columns.named()
                        .text("Status", "Whether it is bound or waits.", VolumeColumns::phase)
                        .text("Volume", "Volume it is bound to.", row -> row.text("spec.volumeName"))
                        .text(
                                "Capacity",
                                "Size of the volume.",
                                row -> bound(row) ? row.text("status.capacity.storage") : "")
                        .text(
                                "Access Modes",
                                "How it may be mounted.",
                                row -> bound(row) ? modes(row.at("status.accessModes")) : "")
                        .text("StorageClass", "Storage class.", VolumeColumns::storageClass)
                        .text(
                                "VolumeAttributesClass",
                                "Class of attributes that may be changed.",
                                row -> row.text("spec.volumeAttributesClassName", Row.UNSET))
                        .age()
                        .wide("VolumeMode", "File system or block device.", VolumeColumns::mode)
                        .build());
    }

    private static boolean bound(Row claim) {
        return !claim.text("spec.volumeName").isEmpty();
    }

    private static String phase(Row row) {
        return row.has("metadata.deletionTimestamp") ? "Terminating" : row.text("status.phase");
    }

    private static String claim(Row volume) {
        return volume.has("spec.claimRef")
                ? volume.text("spec.claimRef.namespace") + "/" + volume.text("spec.claimRef.name")
                : "";
    }

    private static String storageClass(Row row) {
        String annotated = row.at("metadata.annotations").path(CLASS_ANNOTATION).asText();
        return annotated.isEmpty() ? row.text("spec.storageClassName") : annotated;
    }

    private static String mode(Row row) {
        return row.text("spec.volumeMode", Row.UNSET);
    }

    private static String modes(JsonNode modes) {
        Set<String> shorts = new LinkedHashSet<>();
        for (String known : new String[] {"ReadWriteOnce", "ReadOnlyMany", "ReadWriteMany", "ReadWriteOncePod"}) {
            for (JsonNode mode : modes) {
                if (mode.asText().equals(known)) {
                    shorts.add(shortened(known));
                }
            }
        }
        return String.join(",", shorts);
    }

    private static String shortened(String mode) {
        return switch (mode) {
            case "ReadWriteOnce" -> "RWO";
            case "ReadOnlyMany" -> "ROX";
            case "ReadWriteMany" -> "RWX";
            default -> "RWOP";
        };
    }
}
