package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.apiextensions.DefinitionRules;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.FieldError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * What the status of every definition should be, given all of them: which names they get, whether they are established,
 * what else is to be told. The older definition goes first, so that every server comes to the same result. Pure.
 */
final class StatusPlan {

    private static final String APPROVAL = "api-approved.kubernetes.io";
    private static final String APPROVAL_RULE = "protected groups must have approval annotation \"" + APPROVAL
            + "\", see https://github.com/kubernetes/enhancements/pull/1111";

    private StatusPlan() {}

    /**
     * The definitions whose status is to change, by key, as they should be.
     *
     * @param unread those whose schemas nobody has looked at yet
     */
    static Map<String, ObjectNode> of(
            Collection<Definition> all, Predicate<Definition> unread, Catalog builtIn, Instant now) {
        Map<String, TypeNames> given = new LinkedHashMap<>();
        all.forEach(d -> given.put(d.key(), d.accepted()));
        Map<String, ObjectNode> changed = new LinkedHashMap<>();
        all.stream()
                .sorted(Comparator.comparing((Definition d) -> Trees.text(d.tree(), "metadata", "creationTimestamp"))
                        .thenComparing(Definition::name))
                .forEach(definition -> {
                    List<TypeNames> others = builtIn.all().stream()
                            .filter(row -> row.group().equals(definition.group()))
                            .map((ResourceType row) -> TypeNames.of(row))
                            .collect(Collectors.toCollection(ArrayList::new));
                    for (Definition other : all) {
                        if (!other.key().equals(definition.key())
                                && other.group().equals(definition.group())) {
                            others.add(given.getOrDefault(other.key(), TypeNames.NONE));
                        }
                    }
                    ObjectNode wanted = definition.tree().deepCopy();
                    given.put(definition.key(), names(definition, NamesTaken.by(others), wanted, now));
                    if (unread.test(definition)) {
                        structure(wanted, now);
                    }
                    approval(definition, wanted, now);
                    if (!Trees.equal(wanted, definition.tree())) {
                        changed.put(definition.key(), wanted);
                    }
                });
        return changed;
    }

    private static TypeNames names(Definition definition, NamesTaken taken, ObjectNode wanted, Instant now) {
        NamesTaken.Outcome outcome = taken.judge(definition.asked(), definition.accepted());
        Trees.object(wanted, "status").set("acceptedNames", outcome.accepted().tree());
        Conditions.set(wanted, "NamesAccepted", outcome.all(), outcome.reason(), outcome.message(), now);
        boolean established = definition.is("Established");
        if (established || outcome.all()) {
            // Once established, always established: its objects do not vanish because of a later quarrel over names.
            Conditions.set(
                    wanted, "Established", true, "InitialNamesAccepted", "the initial names have been accepted", now);
        } else {
            Conditions.set(wanted, "Established", false, "NotAccepted", "not all names are accepted", now);
        }
        return outcome.accepted();
    }

    private static void structure(ObjectNode wanted, Instant now) {
        List<FieldError> violations = DefinitionRules.structuralProblems(wanted);
        if (violations.isEmpty()) {
            Conditions.remove(wanted, "NonStructuralSchema");
        } else {
            String list =
                    violations.stream().map(FieldError::message).distinct().collect(Collectors.joining(", "));
            Conditions.set(
                    wanted,
                    "NonStructuralSchema",
                    true,
                    "Violations",
                    violations.size() == 1 ? list : "[" + list + "]",
                    now);
        }
    }

    private static void approval(Definition definition, ObjectNode wanted, Instant now) {
        if (!DefinitionRules.isProtected(definition.group())) {
            Conditions.remove(wanted, "KubernetesAPIApprovalPolicyConformant");
            return;
        }
        String said = definition
                .tree()
                .path("metadata")
                .path("annotations")
                .path(APPROVAL)
                .asText();
        String type = "KubernetesAPIApprovalPolicyConformant";
        switch (DefinitionRules.approval(said)) {
            case APPROVED -> Conditions.set(wanted, type, true, "ApprovedAnnotation", "approved in " + said, now);
            case BYPASSED ->
                Conditions.set(wanted, type, false, "UnapprovedAnnotation", "not approved: \"" + said + "\"", now);
            case MISSING -> Conditions.set(wanted, type, false, "MissingAnnotation", APPROVAL_RULE, now);
            case INVALID ->
                Conditions.set(
                        wanted,
                        type,
                        false,
                        "InvalidAnnotation",
                        "protected groups must have approval annotation \"" + APPROVAL
                                + "\" with either a URL or a reason starting with \"unapproved\", see"
                                + " https://github.com/kubernetes/enhancements/pull/1111",
                        now);
        }
    }
}
