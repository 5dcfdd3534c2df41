package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A pod's volumes and where containers mount them. Pure. */
public final class VolumeRules {

    private static final List<String> HOST_PATH_TYPES = List.of(
            "", "BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate", "File", "FileOrCreate", "Socket");

    private VolumeRules() {}

    /** The volumes by name: what kind of source each has. */
    static Map<String, String> validate(Place spec, Problems problems) {
        var volumes = new HashMap<String, String>();
        for (Place volume : spec.items("volumes")) {
            Place name = volume.get("name");
            if (problems.require(name, "")) {
                problems.check(name, Problems::dnsLabel);
            }
            if (volumes.containsKey(name.text())) {
                problems.duplicate(name);
            }
            volumes.put(name.text(), source(volume, problems));
        }
        return volumes;
    }

    static void mounts(Place container, Map<String, String> volumes, Problems problems) {
        Set<String> paths = new HashSet<>();
        for (Place mount : container.items("volumeMounts")) {
            Place name = mount.get("name");
            if (problems.require(name, "") && !volumes.containsKey(name.text())) {
                problems.notFound(name);
            }
            Place path = mount.get("mountPath");
            if (problems.require(path, "") && !paths.add(path.text())) {
                problems.invalid(path, "must be unique");
            }
            if (!mount.get("subPath").empty()) {
                descending(mount.get("subPath"), problems);
                if (!mount.get("subPathExpr").empty()) {
                    problems.invalid(mount.get("subPathExpr"), "subPathExpr and subPath are mutually exclusive");
                }
            }
            if (!mount.get("subPathExpr").empty()) {
                descending(mount.get("subPathExpr"), problems);
            }
            propagation(container, mount, problems);
        }
        for (Place device : container.items("volumeDevices")) {
            String kind = volumes.getOrDefault(device.text("name"), "");
            if (kind.isEmpty()) {
                problems.notFound(device.get("name"));
            } else if (!kind.equals("persistentVolumeClaim") && !kind.equals("ephemeral")) {
                problems.invalid(
                        device.get("name"),
                        "can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode");
            }
            problems.require(device.get("devicePath"), "");
        }
    }

    /** A relative path that does not climb. */
    static void descending(Place path, Problems problems) {
        if (path.text().startsWith("/")) {
            problems.invalid(path, "must be a relative path");
        }
        noParents(path, problems);
    }

    /** A path that stays where it is. */
    public static void noParents(Place path, Problems problems) {
        for (String part : path.text().split("/", -1)) {
            if (part.equals("..")) {
                problems.invalid(path, "must not contain '..'");
                return;
            }
        }
    }

    private static void propagation(Place container, Place mount, Problems problems) {
        Place propagation = mount.get("mountPropagation");
        problems.supportedIfAny(propagation, List.of("Bidirectional", "HostToContainer", "None"));
        if (propagation.text().equals("Bidirectional")
                && !container.get("securityContext").is("privileged")) {
            problems.forbidden(
                    propagation.at(mount.path() + ".mountPropagation"),
                    "Bidirectional mount propagation is available only to privileged containers");
        }
        recursive(mount, problems);
    }

    /** What is read-only through and through is read-only to begin with, and nothing is mounted into it from elsewhere. */
    private static void recursive(Place mount, Problems problems) {
        Place recursive = mount.get("recursiveReadOnly");
        problems.supportedIfAny(recursive, List.of("Disabled", "Enabled", "IfPossible"));
        if (recursive.text().equals("Enabled") || recursive.text().equals("IfPossible")) {
            if (!mount.is("readOnly")) {
                problems.forbidden(recursive, "may only be specified when readOnly is true");
            }
            if (!mount.text("mountPropagation").isEmpty()
                    && !mount.text("mountPropagation").equals("None")) {
                problems.forbidden(recursive, "may only be specified when mountPropagation is None or not specified");
            }
        }
    }

    private static String source(Place volume, Problems problems) {
        var kinds = new ArrayList<String>(1);
        for (var field : volume.node().properties()) {
            if (!field.getKey().equals("name") && !field.getValue().isNull()) {
                kinds.add(field.getKey());
            }
        }
        if (kinds.isEmpty()) {
            problems.required(volume, "must specify a volume type");
            return "";
        }
        for (String extra : kinds.subList(1, kinds.size())) {
            problems.forbidden(volume.get(extra), "may not specify more than 1 volume type");
        }
        String kind = kinds.getFirst();
        details(kind, volume.get(kind), problems);
        return kind;
    }

    private static void details(String kind, Place source, Problems problems) {
        switch (kind) {
            case "emptyDir" -> {
                if (source.has("sizeLimit")) {
                    ResourceRules.notNegative(source.get("sizeLimit"), problems);
                }
            }
            case "hostPath" -> {
                if (problems.require(source.get("path"), "")) {
                    noParents(source.get("path"), problems);
                }
                problems.supportedIfAny(source.get("type"), HOST_PATH_TYPES);
            }
            case "gitRepo" -> {
                problems.require(source.get("repository"), "");
                descending(source.get("directory"), problems);
            }
            case "secret" -> {
                problems.require(source.get("secretName"), "");
                mode(source.get("defaultMode"), problems);
                items(source, problems);
            }
            case "configMap" -> {
                problems.require(source.get("name"), "");
                mode(source.get("defaultMode"), problems);
                items(source, problems);
            }
            case "downwardAPI" -> {
                mode(source.get("defaultMode"), problems);
                downward(source, problems);
            }
            case "projected" -> projected(source, problems);
            case "persistentVolumeClaim" -> problems.require(source.get("claimName"), "");
            case "csi" -> CommonRules.driverName(source.get("driver"), problems);
            case "ephemeral" -> {
                if (!source.has("volumeClaimTemplate")) {
                    problems.required(source.get("volumeClaimTemplate"));
                }
            }
            case "image" ->
                problems.supportedIfAny(source.get("pullPolicy"), List.of("Always", "IfNotPresent", "Never"));
            default -> DriverVolumeRules.validate(kind, source, problems);
        }
    }

    private static void projected(Place source, Problems problems) {
        mode(source.get("defaultMode"), problems);
        Set<String> paths = new HashSet<>();
        for (Place part : source.items("sources")) {
            List<String> kinds = List.of(
                            "secret",
                            "configMap",
                            "downwardAPI",
                            "serviceAccountToken",
                            "clusterTrustBundle",
                            "podCertificate")
                    .stream()
                    .filter(part::has)
                    .toList();
            if (kinds.size() != 1) {
                problems.add(FieldError.forbidden(
                        part.path(),
                        kinds.isEmpty() ? "must specify a source" : "may not specify more than 1 volume type"));
                continue;
            }
            Place inner = part.get(kinds.getFirst());
            switch (kinds.getFirst()) {
                case "secret", "configMap" -> {
                    problems.require(inner.get("name"), "");
                    items(inner, problems);
                }
                case "downwardAPI" -> downward(inner, problems);
                case "serviceAccountToken" -> {
                    long seconds = inner.number("expirationSeconds", 3600);
                    if (seconds < 600) {
                        problems.invalid(
                                inner.get("expirationSeconds"), "may not specify a duration less than 10 minutes");
                    }
                    if (problems.require(inner.get("path"), "")) {
                        descending(inner.get("path"), problems);
                    }
                }
                default -> {
                    // nothing a schema does not say
                }
            }
            for (Place item : inner.items("items")) {
                if (!item.get("path").empty() && !paths.add(item.text("path"))) {
                    problems.invalid(item.get("path"), "conflicting duplicate paths");
                }
            }
        }
    }

    private static void items(Place source, Problems problems) {
        for (Place item : source.items("items")) {
            problems.require(item.get("key"), "");
            if (problems.require(item.get("path"), "")) {
                descending(item.get("path"), problems);
            }
            mode(item.get("mode"), problems);
        }
    }

    private static void downward(Place source, Problems problems) {
        for (Place item : source.items("items")) {
            if (problems.require(item.get("path"), "")) {
                descending(item.get("path"), problems);
            }
            if (item.has("fieldRef")) {
                EnvRules.volumeFieldRef(item.get("fieldRef"), problems);
                if (item.has("resourceFieldRef")) {
                    problems.invalid(
                            item.at(item.path()), "fieldRef and resourceFieldRef can not be specified simultaneously");
                }
            } else if (item.has("resourceFieldRef")) {
                EnvRules.volumeResourceRef(item.get("resourceFieldRef"), problems);
            } else {
                problems.required(item.get("fieldRef"), "one of fieldRef and resourceFieldRef is required");
            }
            mode(item.get("mode"), problems);
        }
    }

    private static void mode(Place mode, Problems problems) {
        if (mode.present() && (mode.number(0) < 0 || mode.number(0) > 0777)) {
            problems.invalid(mode, "must be a number between 0 and 0777 (octal), both inclusive");
        }
    }
}
