package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** A container's environment, and the references into the pod that it and volumes make. Pure. */
final class EnvRules {

    private static final Pattern SUBSCRIPT = Pattern.compile("(metadata\\.(labels|annotations))\\['(.*)'\\]");
    private static final Set<String> ENV_FIELDS = Set.of(
            "metadata.name",
            "metadata.namespace",
            "metadata.uid",
            "spec.nodeName",
            "spec.serviceAccountName",
            "status.hostIP",
            "status.hostIPs",
            "status.podIP",
            "status.podIPs");
    private static final Set<String> VOLUME_FIELDS =
            Set.of("metadata.name", "metadata.namespace", "metadata.uid", "metadata.labels", "metadata.annotations");
    private static final Set<String> KNOWN_FIELDS =
            Set.of("metadata.labels", "metadata.annotations", "spec.restartPolicy", "status.phase");
    private static final List<String> SOURCES =
            List.of("fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef", "fileKeyRef");
    private static final List<String> CONTAINER_RESOURCES = List.of(
            "limits.cpu",
            "limits.ephemeral-storage",
            "limits.memory",
            "requests.cpu",
            "requests.ephemeral-storage",
            "requests.memory");

    private EnvRules() {}

    static void validate(Place container, Problems problems) {
        for (Place env : container.items("env")) {
            if (problems.require(env.get("name"), "")) {
                problems.check(env.get("name"), Names::envVarName);
            }
            if (env.has("valueFrom")) {
                source(env, env.get("valueFrom"), problems);
            }
        }
        for (Place from : container.items("envFrom")) {
            problems.checkIfAny(from.get("prefix"), Names::envVarName);
            boolean map = from.has("configMapRef");
            boolean secret = from.has("secretRef");
            if (map && secret) {
                problems.invalid(from.at(from.path()), "may not have more than one field specified at a time");
            } else if (!map && !secret) {
                problems.add(FieldError.invalid(from.path(), "", "must specify one of: `configMapRef` or `secretRef`"));
            } else {
                reference(from.get(map ? "configMapRef" : "secretRef"), problems);
            }
        }
    }

    private static void source(Place env, Place from, Problems problems) {
        List<String> given = SOURCES.stream().filter(from::has).toList();
        if (given.isEmpty()) {
            problems.add(FieldError.invalid(
                    from.path(),
                    "",
                    "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`"));
            return;
        }
        if (!env.get("value").empty()) {
            problems.add(FieldError.invalid(from.path(), "", "may not be specified when `value` is not empty"));
        } else if (given.size() > 1) {
            problems.add(FieldError.invalid(from.path(), "", "may not have more than one field specified at a time"));
        }
        if (from.has("fieldRef")) {
            fieldRef(from.get("fieldRef"), ENV_FIELDS, problems);
        }
        if (from.has("resourceFieldRef")) {
            resourceRef(from.get("resourceFieldRef"), false, problems);
        }
        if (from.has("fileKeyRef")) {
            fileKey(from.get("fileKeyRef"), problems);
        }
        for (String keyed : List.of("configMapKeyRef", "secretKeyRef")) {
            Place ref = from.get(keyed);
            if (ref.present()) {
                reference(ref, problems);
                if (problems.require(ref.get("key"), "")) {
                    problems.check(ref.get("key"), Names::configMapKey);
                }
            }
        }
    }

    /** A key of a file that one of the pod's own containers writes. */
    private static void fileKey(Place ref, Problems problems) {
        if (problems.require(ref.get("volumeName"), "")) {
            problems.check(ref.get("volumeName"), Names::dnsLabel);
        }
        if (problems.require(ref.get("path"), "")) {
            VolumeRules.descending(ref.get("path"), problems);
        }
        if (problems.require(ref.get("key"), "")) {
            problems.check(ref.get("key"), Names::envVarName);
        }
    }

    private static void reference(Place ref, Problems problems) {
        if (problems.require(ref.get("name"), "")) {
            problems.check(ref.get("name"), Names::dnsSubdomain);
        }
    }

    static void volumeFieldRef(Place ref, Problems problems) {
        fieldRef(ref, VOLUME_FIELDS, problems);
    }

    static void volumeResourceRef(Place ref, Problems problems) {
        resourceRef(ref, true, problems);
    }

    private static void fieldRef(Place ref, Set<String> supported, Problems problems) {
        if (ref.get("apiVersion").empty()) {
            problems.required(ref.get("apiVersion"));
            return;
        }
        Place path = ref.get("fieldPath");
        if (path.empty()) {
            problems.required(path);
            return;
        }
        var subscript = SUBSCRIPT.matcher(path.text());
        if (subscript.matches()) {
            problems.invalid(path, Names.qualifiedName(subscript.group(3)));
        } else if (!ENV_FIELDS.contains(path.text())
                && !VOLUME_FIELDS.contains(path.text())
                && !KNOWN_FIELDS.contains(path.text())) {
            problems.invalid(path, "error converting fieldPath: field label not supported: " + path.text());
        } else if (!supported.contains(path.text())) {
            problems.supported(path, supported.stream().sorted().toList());
        }
    }

    private static void resourceRef(Place ref, boolean volume, Problems problems) {
        if (volume && ref.get("containerName").empty()) {
            problems.required(ref.get("containerName"));
        } else if (problems.require(ref.get("resource"), "")) {
            String name = ref.text("resource");
            boolean hugePages = name.startsWith("limits.hugepages-") || name.startsWith("requests.hugepages-");
            if (!hugePages) {
                problems.supported(ref.get("resource"), CONTAINER_RESOURCES);
            }
        }
    }
}
