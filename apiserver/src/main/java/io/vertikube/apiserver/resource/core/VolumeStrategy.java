package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.DriverVolumeRules;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.core.pod.SchedulingRules;
import io.vertikube.apiserver.resource.core.pod.VolumeRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The rules of persistent volumes. Pure. */
public final class VolumeStrategy implements Strategy {

    static final List<String> ACCESS_MODES =
            List.of("ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod");
    private static final Set<String> NOT_SOURCES = Set.of(
            "capacity",
            "accessModes",
            "claimRef",
            "persistentVolumeReclaimPolicy",
            "storageClassName",
            "mountOptions",
            "volumeMode",
            "nodeAffinity",
            "volumeAttributesClassName");

    @Override
    public void applyDefaults(ObjectNode volume) {
        Trees.find(volume, "spec").ifPresent(spec -> {
            Trees.setIfAbsent(spec, "persistentVolumeReclaimPolicy", "Retain");
            Trees.setIfAbsent(spec, "volumeMode", "Filesystem");
            Trees.find(spec, "hostPath").ifPresent(h -> Trees.setIfAbsent(h, "type", ""));
        });
    }

    @Override
    public void prepareForCreate(ObjectNode volume) {
        volume.putObject("status").put("phase", "Pending");
    }

    @Override
    public List<FieldError> validate(ObjectNode volume) {
        var problems = new Problems();
        Place spec = Place.root(volume).get("spec");
        modes(spec.get("accessModes"), problems);
        Place capacity = spec.get("capacity");
        if (capacity.empty()) {
            problems.required(capacity);
        } else if (!capacity.node().has("storage") || capacity.node().size() > 1) {
            problems.supported(capacity, List.of("storage"));
        }
        ResourceRules.amounts(capacity, problems);
        Place storage = capacity.key("storage");
        if (Quantities.isQuantity(storage.text())
                && Quantities.parse(storage.text()).signum() <= 0) {
            problems.invalid(storage, "must be greater than zero");
        }
        Place policy = spec.get("persistentVolumeReclaimPolicy");
        if (!policy.empty()) {
            problems.supported(policy, List.of("Delete", "Recycle", "Retain"));
        }
        List<String> sources = spec.entries().keySet().stream()
                .filter(k -> !NOT_SOURCES.contains(k) && spec.has(k))
                .toList();
        if (sources.isEmpty()) {
            problems.required(spec, "must specify a volume type");
        }
        sources.stream()
                .skip(1)
                .forEach(s -> problems.forbidden(spec.get(s), "may not specify more than 1 volume type"));
        if (spec.has("hostPath")) {
            Place path = spec.get("hostPath", "path");
            if (problems.require(path, "")) {
                VolumeRules.noParents(path, problems);
            }
        }
        for (String source : sources) {
            DriverVolumeRules.validate(source, spec.get(source), problems);
        }
        if (spec.has("csi")) {
            DriverVolumeRules.csi(spec.get("csi"), problems);
        }
        if (policy.text().equals("Recycle") && spec.get("hostPath").text("path").equals("/")) {
            problems.forbidden(policy, "may not be 'recycle' for a hostPath mount of '/'");
        }
        Place affinity = spec.get("nodeAffinity");
        if (spec.has("local")) {
            problems.require(spec.get("local", "path"), "");
            if (!affinity.has("required")) {
                problems.required(affinity, "Local volume requires node affinity");
            }
        }
        if (affinity.has("required")) {
            SchedulingRules.nodeSelector(affinity.get("required"), problems);
        } else if (affinity.present()) {
            problems.required(affinity.get("required"), "must specify required node constraints");
        }
        problems.checkIfAny(spec.get("storageClassName"), Names::dnsSubdomain);
        problems.supportedIfAny(spec.get("volumeMode"), List.of("Block", "Filesystem"));
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode volume, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(volume));
        Place spec = Place.root(volume).get("spec");
        Place before = Place.root(old).get("spec");
        before.entries().keySet().stream()
                .filter(field -> !NOT_SOURCES.contains(field))
                .filter(field ->
                        !Trees.equal(spec.get(field).node(), before.get(field).node()))
                .forEach(field -> problems.forbidden(
                        Place.of(spec.node(), "spec.persistentvolumesource"),
                        "spec.persistentvolumesource is immutable after creation"));
        problems.immutable(spec.get("volumeMode"), before.get("volumeMode"));
        if (before.has("nodeAffinity") && !Trees.same(spec.node(), before.node(), "nodeAffinity")) {
            problems.invalid(spec.get("nodeAffinity"), "field is immutable, except for updating from beta label to GA");
        }
        return problems.list();
    }

    @Override
    public List<String> warnings(ObjectNode volume, @Nullable ObjectNode old) {
        var warnings = new ArrayList<String>();
        Place spec = Place.root(volume).get("spec");
        StorageWarnings.annotations(Place.root(volume), warnings);
        if (spec.text("persistentVolumeReclaimPolicy").equals("Recycle")) {
            warnings.add(spec.get("persistentVolumeReclaimPolicy").path()
                    + ": The Recycle reclaim policy is deprecated. Instead, the recommended approach is to use dynamic"
                    + " provisioning.");
        }
        return warnings;
    }

    static void modes(Place modes, Problems problems) {
        if (modes.empty()) {
            problems.required(modes, "at least 1 access mode is required");
        }
        for (Place mode : modes.items()) {
            if (!ACCESS_MODES.contains(mode.text())) {
                problems.add(FieldError.notSupported(modes.path(), mode.text(), ACCESS_MODES));
            }
        }
        if (modes.texts().contains("ReadWriteOncePod") && modes.node().size() > 1) {
            problems.forbidden(modes, "may not use ReadWriteOncePod with other access modes");
        }
    }
}
