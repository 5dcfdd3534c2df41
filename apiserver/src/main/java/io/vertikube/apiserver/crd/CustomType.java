package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.resource.Conversion;
import io.vertikube.apiserver.resource.Strategies;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.table.Columns;
import io.vertikube.apiserver.webhook.WebhookClient;
import io.vertikube.catalog.ResourceType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    private final Conversion conversion;

    private CustomType(
            Definition definition,
            ObjectNode version,
            Map<String, Supplier<Schema>> schemas,
            VersionConverter converter,
            Supplier<CelEngine> engine) {
        this.definition = definition;
        this.row = Rows.of(definition, version);
        this.version = version;
        this.schema = Objects.requireNonNull(schemas.get(row.apiVersion()));
        this.conversion = new CustomConversion(definition, row.apiVersion(), schemas, converter);
        this.columns = new Once<>(() -> Columns.fromPrinterColumns(version.path("additionalPrinterColumns")));
        this.strategy = Strategies.around(row, new CustomStrategy(definition, row, version, schema, engine));
    }

    /** Every version that is served; none before the definition is established. */
    static List<CustomType> of(
            Definition definition, BuiltInSchemas builtIn, WebhookClient webhooks, Supplier<CelEngine> engine) {
        if (!definition.is("Established")) {
            return List.of();
        }
        Map<String, Supplier<Schema>> schemas = new HashMap<>();
        for (ObjectNode version : definition.versions()) {
            String apiVersion = definition.group() + "/" + version.path("name").asText();
            schemas.put(apiVersion, new Once<>(() -> builtIn.read(RootSchema.of(Definition.schema(version)))));
        }
        JsonNode conversion = definition.tree().path("spec").path("conversion");
        VersionConverter converter = conversion.path("strategy").asText().equals("Webhook")
                ? new ConversionWebhook(conversion, webhooks)
                : VersionConverter.NONE;
        return definition.versions().stream()
                .filter(version -> version.path("served").asBoolean())
                .map(version -> new CustomType(definition, version, schemas, converter, engine))
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

    Conversion conversion() {
        return conversion;
    }

    /** The schema as its definition states it; not to be changed. */
    ObjectNode document() {
        return Definition.schema(version) instanceof ObjectNode stated ? stated : version.objectNode();
    }
}
