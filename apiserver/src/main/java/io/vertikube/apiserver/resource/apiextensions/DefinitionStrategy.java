package io.vertikube.apiserver.resource.apiextensions;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.validation.ObjectValidation;
import io.vertikube.object.FieldError;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The rules of CustomResourceDefinitions. Pure. */
public final class DefinitionStrategy implements Strategy {

    private static final String APPROVAL = "api-approved.kubernetes.io";
    private static final String APPROVAL_RULE = "protected groups must have approval annotation \"" + APPROVAL + "\"";
    private static final String APPROVAL_PAGE = ", see https://github.com/kubernetes/enhancements/pull/1111";
    private static final String FINALIZER = "customresourcecleanup.apiextensions.k8s.io";

    private final Supplier<CelEngine> engine;

    /** @param engine asked when a schema has rules */
    public DefinitionStrategy(Supplier<CelEngine> engine) {
        this.engine = engine;
    }

    @Override
    public void applyDefaults(ObjectNode definition) {
        Trees.find(definition, "spec")
                .flatMap(spec -> Trees.find(spec, "names"))
                .ifPresent(names -> {
                    String kind = names.path("kind").asText();
                    if (!kind.isEmpty()) {
                        Trees.setIfAbsent(names, "singular", kind.toLowerCase(Locale.ROOT));
                        Trees.setIfAbsent(names, "listKind", kind + "List");
                    }
                });
    }

    @Override
    public void prepareForCreate(ObjectNode definition) {
        ObjectNode status = definition.putObject("status");
        status.putArray("conditions");
        status.putObject("acceptedNames").put("plural", "").put("kind", "");
        status.putArray("storedVersions");
        rememberStorageVersion(definition);
    }

    @Override
    public void prepareForUpdate(ObjectNode definition, ObjectNode old) {
        rememberStorageVersion(definition);
    }

    /** Objects may be stored in this version from now on. */
    private static void rememberStorageVersion(ObjectNode definition) {
        ArrayNode stored = Trees.array(Trees.object(definition, "status"), "storedVersions");
        for (ObjectNode version : Trees.objects(definition.path("spec"), "versions")) {
            String name = version.path("name").asText();
            if (version.path("storage").asBoolean() && !Trees.contains(stored, name)) {
                stored.add(name);
            }
        }
    }

    /** The instances go first. */
    @Override
    public void prepareForDelete(ObjectNode definition, Instant now) {
        ArrayNode finalizers = Trees.array(Trees.object(definition, "metadata"), "finalizers");
        if (!Trees.contains(finalizers, FINALIZER)) {
            finalizers.add(FINALIZER);
        }
        ArrayNode conditions = Trees.array(Trees.object(definition, "status"), "conditions");
        conditions
                .addObject()
                .put("lastTransitionTime", now.truncatedTo(ChronoUnit.SECONDS).toString())
                .put("message", "CustomResource deletion will be initiated soon")
                .put("reason", "InstanceDeletionPending")
                .put("status", "True")
                .put("type", "Terminating");
    }

    @Override
    public List<FieldError> validate(ObjectNode definition) {
        var problems = new Problems();
        all(definition, problems);
        approval(definition, problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode definition, ObjectNode old) {
        var problems = new Problems();
        all(definition, problems);
        SpecRules.unchanged(Place.root(definition), Place.root(old), isEstablished(old), problems);
        boolean before = isApproved(old);
        if (before) {
            approval(definition, problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode definition, ObjectNode old) {
        var problems = new Problems();
        SpecRules.storedVersions(Place.root(definition), problems);
        return problems.list();
    }

    private void all(ObjectNode definition, Problems problems) {
        Place root = Place.root(definition);
        SpecRules.check(root, problems);
        ConversionRules.check(root.get("spec"), problems);
        VersionRules.check(root.get("spec"), problems);
        // Rules and defaults are looked at once the schema has a shape that they can be read by.
        if (problems.none()) {
            VersionRules.eachSchema(root.get("spec"), schema -> {
                DefaultRules.check(schema, problems);
                problems.addAll(ObjectValidation.definitionProblems(schema.node(), schema.path(), engine));
            });
        }
        SpecRules.storedVersions(root, problems);
    }

    private static boolean isEstablished(ObjectNode definition) {
        return Trees.objects(definition.path("status"), "conditions").stream()
                .anyMatch(c -> c.path("type").asText().equals("Established")
                        && c.path("status").asText().equals("True"));
    }

    private static boolean isApproved(ObjectNode definition) {
        var problems = new Problems();
        approval(definition, problems);
        return problems.none();
    }

    private static void approval(ObjectNode definition, Problems problems) {
        Place root = Place.root(definition);
        if (!DefinitionRules.isProtected(root.get("spec").text("group"))) {
            return;
        }
        Place said = root.get("metadata", "annotations").key(APPROVAL);
        switch (DefinitionRules.approval(said.text())) {
            case APPROVED, BYPASSED -> {}
            case MISSING -> problems.required(said, APPROVAL_RULE + APPROVAL_PAGE);
            case INVALID ->
                problems.invalid(
                        said,
                        APPROVAL_RULE + " with either a URL or a reason starting with \"unapproved\"" + APPROVAL_PAGE);
        }
    }
}
