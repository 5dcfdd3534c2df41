package io.vertikube.catalog;

import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Every resource that is served, in the order in which discovery lists groups. Immutable; {@link #with} and
 * {@link #without} make another.
 */
public final class Catalog {

    private static final Catalog BUILT_IN = new Catalog(BuiltIn.rows());

    private final List<ResourceType> rows;
    private final Map<String, ResourceType> byResource = new HashMap<>();
    private final Map<Gvk, ResourceType> byKind = new HashMap<>();

    private Catalog(List<ResourceType> rows) {
        this.rows = List.copyOf(rows);
        for (ResourceType row : rows) {
            byResource.put(row.group() + "/" + row.version() + "/" + row.plural(), row);
            byKind.put(row.gvk(), row);
        }
    }

    /** The resources that every server has. */
    public static Catalog builtIn() {
        return BUILT_IN;
    }

    public Optional<ResourceType> byResource(String group, String version, String plural) {
        return Optional.ofNullable(byResource.get(group + "/" + version + "/" + plural));
    }

    public Optional<ResourceType> byKind(Gvk kind) {
        return Optional.ofNullable(byKind.get(kind));
    }

    /** The row of a kind that must be there. */
    public ResourceType require(Gvk kind) {
        return byKind(kind).orElseThrow(() -> new IllegalArgumentException("no resource serves " + kind));
    }

    public List<ResourceType> all() {
        return rows;
    }

    /** This catalogue and another row, which takes the place of one with the same names. */
    public Catalog with(ResourceType row) {
        var next = new ArrayList<>(without(row).rows);
        next.add(row);
        return new Catalog(next);
    }

    /** This catalogue and more rows, whose names it does not have yet. */
    public Catalog and(Collection<ResourceType> more) {
        if (more.isEmpty()) {
            return this;
        }
        var next = new ArrayList<>(rows);
        next.addAll(more);
        return new Catalog(next);
    }

    /** This catalogue without a row. */
    public Catalog without(ResourceType row) {
        return new Catalog(rows.stream().filter(r -> !r.gvr().equals(row.gvr())).toList());
    }
}
