package io.vertikube.apiserver.crd;

import io.vertikube.apiserver.openapi.CustomSchemas;
import io.vertikube.apiserver.resource.Conversion;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.apiserver.table.Columns;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertikube.object.Gvr;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Everything that is served now: the catalogue of built-in rows with those that definitions add, and what goes with the
 * latter. One picture takes the place of the other as a whole. Safe for any thread.
 */
public final class ServedTypes implements Supplier<Catalog> {

    private record Picture(Catalog catalog, Map<Gvr, CustomType> byResource, Map<Gvk, CustomType> byKind) {}

    private final Catalog builtIn;
    private volatile Picture now;

    /** Only what every server has. */
    public ServedTypes() {
        this(Catalog.builtIn());
    }

    /** @param builtIn the rows that no definition brings */
    public ServedTypes(Catalog builtIn) {
        this.builtIn = builtIn;
        this.now = new Picture(builtIn, Map.of(), Map.of());
    }

    /** The rows that no definition brings. */
    Catalog builtIn() {
        return builtIn;
    }

    @Override
    public Catalog get() {
        return now.catalog();
    }

    void serve(Collection<CustomType> types) {
        Map<Gvr, CustomType> byResource = new HashMap<>();
        Map<Gvk, CustomType> byKind = new HashMap<>();
        for (CustomType type : types) {
            byResource.put(type.row().gvr(), type);
            byKind.put(type.row().gvk(), type);
        }
        Catalog catalog = builtIn.and(types.stream().map(CustomType::row).toList());
        now = new Picture(catalog, byResource, byKind);
    }

    Map<Gvr, CustomType> types() {
        return now.byResource();
    }

    Optional<CustomType> type(ResourceType row) {
        return Optional.ofNullable(now.byResource().get(row.gvr()));
    }

    /** Schemas of whole objects. */
    public Schemas schemas() {
        return this::schema;
    }

    private Optional<Schema> schema(Gvk kind) {
        return Optional.ofNullable(now.byKind().get(kind)).map(CustomType::schema);
    }

    /** Schemas as their definitions state them, to be published. */
    public CustomSchemas documents() {
        return kind -> Optional.ofNullable(now.byKind().get(kind)).map(CustomType::document);
    }

    public Optional<Columns> columns(ResourceType row) {
        return type(row).map(CustomType::columns);
    }

    public Optional<Conversion> conversion(ResourceType row) {
        return type(row).map(CustomType::conversion);
    }

    public Optional<Strategy> strategy(ResourceType row) {
        return type(row).map(CustomType::strategy);
    }
}
