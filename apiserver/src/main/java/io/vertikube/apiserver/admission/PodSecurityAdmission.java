package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.podsecurity.PodSecurityLevel;
import io.vertikube.apiserver.admission.podsecurity.PodSecurityStandard;
import io.vertikube.apiserver.admission.podsecurity.Violation;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Keeps a namespace's pods within the level that its labels name ("Pod Security Admission"): pods beyond {@code enforce}
 * are refused, those beyond {@code warn} are warned of, and so are the kinds that make pods. The versions that labels
 * may name are taken for what they are now.
 */
final class PodSecurityAdmission implements AdmissionPlugin {

    static final String NAME = "PodSecurity";

    private static final String LABEL = "pod-security.kubernetes.io/";
    private static final int MOST_SHOWN = 10;
    private static final Map<String, List<String>> TEMPLATES = Map.of(
            "podtemplates.", List.of("template"),
            "replicationcontrollers.", List.of("spec", "template"),
            "deployments.apps", List.of("spec", "template"),
            "replicasets.apps", List.of("spec", "template"),
            "daemonsets.apps", List.of("spec", "template"),
            "statefulsets.apps", List.of("spec", "template"),
            "jobs.batch", List.of("spec", "template"),
            "cronjobs.batch", List.of("spec", "jobTemplate", "spec", "template"));

    private final Stored stored;

    PodSecurityAdmission(ObjectStorage storage) {
        this.stored = new Stored(storage);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void validate(AdmissionRequest request) {
        boolean writes = request.operation() == Operation.CREATE || request.operation() == Operation.UPDATE;
        if (!writes) {
            return;
        }
        if (request.isFor("", "namespaces")) {
            namespace(request);
        } else if (request.isFor("", "pods") || isEphemeral(request)) {
            pod(request);
        } else if (request.subresource().isEmpty()) {
            String kind = request.type().plural() + "." + request.type().group();
            List<String> path = TEMPLATES.getOrDefault(kind, List.of());
            if (!path.isEmpty()) {
                JsonNode template = Trees.at(request.requireObject(), path.toArray(new String[0]));
                warn(request, labels(request.namespace()), template);
            }
        }
    }

    private static boolean isEphemeral(AdmissionRequest request) {
        return request.isForAnyPartOf("", "pods") && request.subresource().equals("ephemeralcontainers");
    }

    private void pod(AdmissionRequest request) {
        ObjectNode pod = request.requireObject();
        if (request.oldObject() != null && Trees.same(pod, request.oldObject(), "spec")) {
            return;
        }
        Map<String, String> labels = labels(request.namespace());
        PodSecurityLevel enforced = level(labels, "enforce");
        List<Violation> violations = PodSecurityStandard.violations(enforced, pod.path("metadata"), pod.path("spec"));
        if (!violations.isEmpty()) {
            throw ApiErrors.forbidden(
                    request.type().gvr(),
                    request.name(),
                    "violates PodSecurity \"" + shown(labels, "enforce", enforced) + "\": " + sentence(violations));
        }
        warn(request, labels, pod);
    }

    private static void warn(AdmissionRequest request, Map<String, String> labels, JsonNode pod) {
        PodSecurityLevel level = level(labels, "warn");
        List<Violation> violations = PodSecurityStandard.violations(level, pod.path("metadata"), pod.path("spec"));
        if (!violations.isEmpty()) {
            request.warn()
                    .accept("would violate PodSecurity \"" + shown(labels, "warn", level) + "\": "
                            + sentence(violations));
        }
    }

    private void namespace(AdmissionRequest request) {
        Map<String, String> now = Trees.strings(Trees.at(request.requireObject(), "metadata", "labels"));
        Map<String, String> before = request.oldObject() == null
                ? Map.of()
                : Trees.strings(Trees.at(request.oldObject(), "metadata", "labels"));
        var errors = new ArrayList<FieldError>();
        for (String mode : List.of("enforce", "audit", "warn")) {
            check(now, before, mode, errors);
        }
        if (!errors.isEmpty()) {
            throw ApiErrors.invalid(request.type().gvk(), request.name(), errors);
        }
        PodSecurityLevel level = level(now, "enforce");
        if (level.compareTo(level(before, "enforce")) > 0 && request.operation() == Operation.UPDATE) {
            warnOfThoseThere(request, now, level);
        }
    }

    private static void check(
            Map<String, String> now, Map<String, String> before, String mode, List<FieldError> errors) {
        String level = now.getOrDefault(LABEL + mode, "privileged");
        boolean same = level.equals(before.getOrDefault(LABEL + mode, "privileged"));
        if (!same && PodSecurityLevel.of(level).isEmpty()) {
            errors.add(FieldError.invalid(
                    "metadata.labels[" + LABEL + mode + "]", level, "must be one of privileged, baseline, restricted"));
        }
        String key = LABEL + mode + "-version";
        String version = now.getOrDefault(key, "latest");
        boolean sameVersion = version.equals(before.getOrDefault(key, "latest"));
        if (!sameVersion && !version.equals("latest") && !version.matches("v1\\.(0|[1-9][0-9]{0,4})")) {
            errors.add(FieldError.invalid("metadata.labels[" + key + "]", version, "must be \"latest\" or \"v1.x\""));
        }
    }

    private void warnOfThoseThere(AdmissionRequest request, Map<String, String> labels, PodSecurityLevel level) {
        var found = new TreeMap<String, List<String>>();
        for (ObjectNode pod : stored.trees("/registry/core/pods/" + request.name() + "/")) {
            List<Violation> violations = PodSecurityStandard.violations(level, pod.path("metadata"), pod.path("spec"));
            if (!violations.isEmpty()) {
                String why = violations.stream().map(Violation::reason).collect(Collectors.joining(", "));
                found.computeIfAbsent(why, any -> new ArrayList<>()).add(Trees.text(pod, "metadata", "name"));
            }
        }
        if (found.isEmpty()) {
            return;
        }
        request.warn()
                .accept("existing pods in namespace \"" + request.name() + "\" violate the new PodSecurity enforce"
                        + " level \"" + shown(labels, "enforce", level) + "\"");
        found.entrySet().stream().limit(MOST_SHOWN).forEach(e -> {
            int more = e.getValue().size() - 1;
            String others = more == 0 ? "" : more == 1 ? " (and 1 other pod)" : " (and " + more + " other pods)";
            request.warn().accept(e.getValue().getFirst() + others + ": " + e.getKey());
        });
    }

    private Map<String, String> labels(String namespace) {
        return stored.find("/registry/core/namespaces/" + namespace)
                .map(StoredObject::labels)
                .orElseGet(Map::of);
    }

    /** A label that says nothing known is taken for the strictest level. */
    private static PodSecurityLevel level(Map<String, String> labels, String mode) {
        String word = labels.getOrDefault(LABEL + mode, "privileged");
        return PodSecurityLevel.of(word).orElse(PodSecurityLevel.RESTRICTED);
    }

    private static String shown(Map<String, String> labels, String mode, PodSecurityLevel level) {
        return level.word() + ":" + labels.getOrDefault(LABEL + mode + "-version", "latest");
    }

    private static String sentence(List<Violation> violations) {
        return violations.stream().map(Violation::toString).collect(Collectors.joining(", "));
    }
}
