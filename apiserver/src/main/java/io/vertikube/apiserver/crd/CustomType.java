package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.resource.Strategies;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.table.Columns;
import io.vertikube.catalog.ResourceType;
import java.util.List;
import java.util.function.Supplier;

/**
 * One version of a definition as it is served: the row of the catalogue and what goes with it. Schemas are read when
 * first asked for. Immutable to the eye, safe for any thread.
 */
final class CustomType {

    private final Definition definition;
    private final ResourceType row;
    private final ObjectNode version;
    private final Supplier<Schema> schema;
    private final Supplier<Columns> columns;
    private final Strategy strategy;

    private CustomType(Definition definition, ResourceType row, ObjectNode version, BuiltInSchemas builtIn) {
        this.definition = definition;
        this.row = row;
        this.version = version;
        this.schema = new Once<>(() -> builtIn.read(RootSchema.of(stated())));
        this.columns = new Once<>(() -> Columns.fromPrinterColumns(version.path("additionalPrinterColumns")));
        this.strategy = Strategies.around(row, new CustomStrategy(definition, row, version));
    }

    /** Every version that is served; none before the definition is established. */
    static List<CustomType> of(Definition definition, BuiltInSchemas builtIn) {
        if (!definition.is("Established")) {
            return List.of();
        }
        return definition.versions().stream()
                .filter(version -> version.path("served").asBoolean())
                .map(version -> new CustomType(definition, Rows.of(definition, version), version, builtIn))
                .toList();
    }

    Definition definition() {
        return definition;
    }

    ResourceType row() {
        return row;
    }

    Schema schema() {
        return schema.get();
    }

    Columns columns() {
        return columns.get();
    }

    Strategy strategy() {
        return strategy;
    }

    /** The schema as its definition states it; not to be changed. */
    ObjectNode document() {
        return stated() instanceof ObjectNode object ? object : version.objectNode();
    }

    private JsonNode stated() {
        JsonNode stated = Definition.schema(version);
        return stated.isObject() ? stated : version.objectNode();
    }
}
