package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.resource.ScalePaths;
import io.vertikube.apiserver.resource.StatusReach;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.validation.ObjectValidation;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** The rules of one version's objects as the definition states them. Safe for any thread. */
final class CustomStrategy implements Strategy {

    private final ResourceType row;
    private final ObjectNode version;
    private final Supplier<Schema> schema;
    private final Supplier<ObjectValidation> validation;
    private final List<String> selectable;
    private final String warning;

    CustomStrategy(
            Definition definition,
            ResourceType row,
            ObjectNode version,
            Supplier<Schema> schema,
            Supplier<CelEngine> engine) {
        this.row = row;
        this.schema = schema;
        this.validation = new Once<>(() -> ObjectValidation.of(Definition.schema(version), engine));
        this.version = version;
        this.selectable = selectable(version);
        this.warning = version.path("deprecated").asBoolean()
                ? version.path("deprecationWarning")
                        .asText(definition.group() + "/" + row.version() + " " + row.kind() + " is deprecated")
                : "";
    }

    private static List<String> selectable(JsonNode version) {
        List<String> paths = new ArrayList<>();
        for (JsonNode field : version.path("selectableFields")) {
            paths.add(String.join(".", SimplePath.of(field.path("jsonPath").asText())));
        }
        return List.copyOf(paths);
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        Coercion.dropNulls(schema.get(), object);
    }

    @Override
    public List<String> keptByStatusWrites() {
        return StatusReach.ALL;
    }

    /** Through {@code /status} nothing changes but the status. */
    @Override
    public void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Trees.object(object, "metadata");
        JsonNode managed = metadata.path("managedFields");
        JsonNode revision = metadata.path("resourceVersion");
        ObjectNode kept = Trees.object(old, "metadata").deepCopy();
        if (managed.isMissingNode()) {
            kept.remove("managedFields");
        } else {
            kept.set("managedFields", managed);
        }
        if (!revision.isMissingNode()) {
            kept.set("resourceVersion", revision);
        }
        object.set("metadata", kept);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        return validation.get().validate(object, null);
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return validation.get().validate(object, old);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        return validation.get().validate(object, old);
    }

    @Override
    public List<String> selectableFields() {
        return selectable;
    }

    @Override
    public String unknownField(String field) {
        return "field label not supported: " + field;
    }

    @Override
    public boolean allowUnconditionalUpdate() {
        return false;
    }

    @Override
    public boolean allowStrategicMerge() {
        return false;
    }

    @Override
    public String requestWarning() {
        return warning;
    }

    @Override
    public ScalePaths scalePaths() {
        JsonNode scale = version.path("subresources").path("scale");
        String selector = scale.path("labelSelectorPath").asText();
        return new ScalePaths(
                SimplePath.of(scale.path("specReplicasPath").asText()),
                SimplePath.of(scale.path("statusReplicasPath").asText()),
                selector.isEmpty() ? List.of() : SimplePath.of(selector),
                true);
    }

    @Override
    public String toString() {
        return row.gvr().toString();
    }
}
