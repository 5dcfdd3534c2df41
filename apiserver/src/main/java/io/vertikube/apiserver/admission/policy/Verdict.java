package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What all validating policies come to for one write: the first denial refuses it, the others warn and are noted as their
 * bindings say. Confined to that write.
 */
final class Verdict {

    private static final String FAILURES = "validation.policy.admission.k8s.io/validation_failure";

    private record First(String reason, String sentence) {}

    private final AdmissionRequest request;
    private final ArrayNode noted = JsonNodeFactory.instance.arrayNode();
    private final Map<String, Set<String>> annotations = new LinkedHashMap<>();
    private @Nullable First first;

    Verdict(AdmissionRequest request) {
        this.request = request;
    }

    /** A binding that could not be asked. */
    void misconfigured(Policy policy, Binding binding, String why) {
        if (!policy.ignoresFailures()) {
            deny(policy, binding, "Invalid", "failed to configure binding: " + why);
        }
    }

    void add(Policy policy, Binding binding, ValidatingProgram.Judgement judgement) {
        for (ValidatingProgram.Denial denial : judgement.denials()) {
            for (String action : binding.actions()) {
                switch (action) {
                    case "Deny" -> deny(policy, binding, denial.reason(), denial.message());
                    case "Warn" ->
                        request.warn()
                                .accept("Validation failed for ValidatingAdmissionPolicy '" + policy.name()
                                        + "' with binding '" + binding.name() + "': " + denial.message());
                    default -> note(policy, binding, denial);
                }
            }
        }
        judgement
                .annotations()
                .forEach((key, value) -> annotations
                        .computeIfAbsent(key, k -> new LinkedHashSet<>())
                        .add(value));
    }

    private void deny(Policy policy, Binding binding, String reason, String message) {
        if (first == null) {
            first = new First(
                    reason,
                    "ValidatingAdmissionPolicy '" + policy.name() + "' with binding '" + binding.name()
                            + "' denied request: " + message);
        }
    }

    private void note(Policy policy, Binding binding, ValidatingProgram.Denial denial) {
        ObjectNode failure = noted.addObject();
        failure.put("message", denial.message());
        failure.put("policy", policy.name());
        failure.put("binding", binding.name());
        if (denial.index() >= 0) {
            failure.put("expressionIndex", denial.index());
        }
        binding.actions().forEach(failure.putArray("validationActions")::add);
    }

    /** Writes what is to be noted, and refuses if somebody said no. */
    void pronounce() {
        annotations.forEach((key, values) -> request.notes().annotate(key, String.join(", ", values)));
        if (!noted.isEmpty()) {
            request.notes().annotate(FAILURES, noted.toString());
        }
        if (first != null) {
            throw Refusals.of(request, first.reason(), first.sentence());
        }
    }
}
