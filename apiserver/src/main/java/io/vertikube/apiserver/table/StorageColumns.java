package io.vertikube.apiserver.table;

import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/** The groups {@code storage.k8s.io} and {@code storagemigration.k8s.io}. Pure. */
final class StorageColumns {

    private static final List<String> DEFAULT_CLASS =
            List.of("storageclass.kubernetes.io/is-default-class", "storageclass.beta.kubernetes.io/is-default-class");

    private StorageColumns() {}

    static void addTo(Map<String, Columns> known) {
        known.put(
                "storage.k8s.io/storageclasses",
                Columns.builder()
                        .add(Columns.name(0, StorageColumns::className))
                        .text("Provisioner", "Who makes the volumes.", row -> row.text("provisioner"))
                        .text(
                                "ReclaimPolicy",
                                "What happens when a claim goes.",
                                row -> row.text("reclaimPolicy", "Delete"))
                        .text(
                                "VolumeBindingMode",
                                "When volumes are made and bound.",
                                row -> row.text("volumeBindingMode", "Immediate"))
                        .text(
                                "AllowVolumeExpansion",
                                "Whether volumes may grow.",
                                row -> row.flag("allowVolumeExpansion"))
                        .age()
                        .build());
        known.put(
                "storage.k8s.io/volumeattachments",
                Columns.named()
                        .add(new Column(
                                "Attacher",
                                "string",
                                "name",
                                "Driver that attaches.",
                                0,
                                row -> row.text("spec.attacher")))
                        .text("PV", "Volume.", row -> row.text("spec.source.persistentVolumeName"))
                        .text("Node", "Node it is attached to.", row -> row.text("spec.nodeName"))
                        .flag("Attached", "Whether it is attached.", row -> row.flag("status.attached"))
                        .age()
                        .build());
        known.put(
                "storage.k8s.io/csidrivers",
                Columns.named()
                        .flag(
                                "AttachRequired",
                                "Whether volumes are attached before use.",
                                row -> !row.has("spec.attachRequired") || row.flag("spec.attachRequired"))
                        .flag(
                                "PodInfoOnMount",
                                "Whether the driver is told of the pod.",
                                row -> row.flag("spec.podInfoOnMount"))
                        .flag(
                                "StorageCapacity",
                                "Whether free capacity counts.",
                                row -> row.flag("spec.storageCapacity"))
                        .text("TokenRequests", "Audiences of the tokens it gets.", StorageColumns::audiences)
                        .flag(
                                "RequiresRepublish",
                                "Whether mounts are renewed.",
                                row -> row.flag("spec.requiresRepublish"))
                        .text(
                                "Modes",
                                "Lifecycles it supports.",
                                row -> row.joined("spec.volumeLifecycleModes", ",", "Persistent"))
                        .age()
                        .build());
        known.put(
                "storage.k8s.io/csinodes",
                Columns.named()
                        .number("Drivers", "Number of drivers.", row -> row.count("spec.drivers"))
                        .age()
                        .build());
        known.put("storage.k8s.io/csistoragecapacities", Columns.plain());
        known.put(
                "storage.k8s.io/volumeattributesclasses",
                Columns.named()
                        .text("DriverName", "Driver of the volumes.", row -> row.text("driverName"))
                        .age()
                        .build());
        known.put(
                "storagemigration.k8s.io/storageversionmigrations",
                Columns.named()
                        .text("Resource", "What is written again.", row -> row.text("spec.resource.resource"))
                        .age()
                        .build());
    }

    private static String className(Row row) {
        boolean isDefault = DEFAULT_CLASS.stream()
                .anyMatch(
                        key -> row.at("metadata.annotations").path(key).asText().equals("true"));
        return row.text("metadata.name") + (isDefault ? " (default)" : "");
    }

    private static String audiences(Row row) {
        var audiences = new StringJoiner(",");
        audiences.setEmptyValue(Row.UNSET);
        row.at("spec.tokenRequests")
                .forEach(request -> audiences.add(request.path("audience").asText()));
        return audiences.toString();
    }
}
