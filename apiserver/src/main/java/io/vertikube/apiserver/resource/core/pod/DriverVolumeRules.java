package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import java.util.List;
import java.util.Map;

/** Volume sources of storage systems, the same in pods and in persistent volumes. Pure. */
public final class DriverVolumeRules {

    private static final Map<String, List<String>> REQUIRED = Map.ofEntries(
            Map.entry("gcePersistentDisk", List.of("pdName")),
            Map.entry("awsElasticBlockStore", List.of("volumeID")),
            Map.entry("glusterfs", List.of("endpoints", "path")),
            Map.entry("rbd", List.of("monitors", "image")),
            Map.entry("cephfs", List.of("monitors")),
            Map.entry("cinder", List.of("volumeID")),
            Map.entry("flexVolume", List.of("driver")),
            Map.entry("azureFile", List.of("secretName", "shareName")),
            Map.entry("azureDisk", List.of("diskName", "diskURI")),
            Map.entry("vsphereVolume", List.of("volumePath")),
            Map.entry("photonPersistentDisk", List.of("pdID")),
            Map.entry("portworxVolume", List.of("volumeID")),
            Map.entry("quobyte", List.of("registry", "volume")),
            Map.entry("scaleIO", List.of("gateway", "system", "volumeName")),
            Map.entry("iscsi", List.of("targetPortal", "iqn")),
            Map.entry("nfs", List.of("server", "path")));
    private static final int HIGHEST_UNIT = 255;

    private DriverVolumeRules() {}

    /** Whether the kind of source is known here. */
    public static boolean validate(String kind, Place source, Problems problems) {
        List<String> required = REQUIRED.getOrDefault(kind, List.of());
        for (String field : required) {
            problems.require(source.get(field), "");
        }
        switch (kind) {
            case "gcePersistentDisk", "awsElasticBlockStore" -> unit(source.get("partition"), problems);
            case "iscsi" -> {
                unit(source.get("lun"), problems);
                String name = source.text("iqn");
                boolean known = name.startsWith("iqn.") || name.startsWith("eui.") || name.startsWith("naa.");
                if (!name.isEmpty() && !known) {
                    problems.invalid(source.get("iqn"), "must be valid format starting with iqn, eui, or naa");
                }
                boolean authenticates = source.is("chapAuthDiscovery") || source.is("chapAuthSession");
                if (authenticates && !source.has("secretRef")) {
                    problems.required(source.get("secretRef"));
                }
            }
            case "nfs" -> {
                if (!source.get("path").empty() && !source.text("path").startsWith("/")) {
                    problems.invalid(source.get("path"), "must be an absolute path");
                }
            }
            case "fc" -> fibreChannel(source, problems);
            case "scaleIO" -> {
                if (!source.has("secretRef")) {
                    problems.required(source.get("secretRef"));
                }
            }
            case "azureDisk" -> {
                problems.supportedIfAny(source.get("cachingMode"), List.of("None", "ReadOnly", "ReadWrite"));
                problems.supportedIfAny(source.get("kind"), List.of("Dedicated", "Managed", "Shared"));
            }
            default -> {
                return !required.isEmpty();
            }
        }
        return true;
    }

    /** A driver that speaks the Container Storage Interface, in a persistent volume. */
    public static void csi(Place source, Problems problems) {
        CommonRules.driverName(source.get("driver"), problems);
        problems.require(source.get("volumeHandle"), "");
        for (String secret : List.of(
                "controllerPublishSecretRef",
                "nodePublishSecretRef",
                "nodeStageSecretRef",
                "controllerExpandSecretRef",
                "nodeExpandSecretRef")) {
            if (source.has(secret)) {
                problems.require(source.get(secret, "name"), "");
                problems.require(source.get(secret, "namespace"), "");
            }
        }
    }

    private static void unit(Place number, Problems problems) {
        if (number.number(0) < 0 || number.number(0) > HIGHEST_UNIT) {
            problems.invalid(number, "must be between 0 and " + HIGHEST_UNIT + ", inclusive");
        }
    }

    private static void fibreChannel(Place source, Problems problems) {
        Place names = source.get("targetWWNs");
        Place ids = source.get("wwids");
        if (names.empty() && ids.empty()) {
            problems.required(names, "must specify either targetWWNs or wwids, but not both");
        } else if (!names.empty() && !ids.empty()) {
            problems.invalid(names, "targetWWNs and wwids can not be specified simultaneously");
        }
        if (!names.empty()) {
            if (source.has("lun")) {
                unit(source.get("lun"), problems);
            } else {
                problems.required(source.get("lun"), "lun is required if targetWWNs is specified");
            }
        }
    }
}
