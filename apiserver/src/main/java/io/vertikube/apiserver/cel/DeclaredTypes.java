package io.vertikube.apiserver.cel;

import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import io.vertikube.apiserver.schema.Schema;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Kinds as expressions would see them if they were told their schema, for checks before anything runs. A type is made when
 * an expression gets to it, since types may contain themselves; what has no schema may be anything. Confined to one check.
 */
public final class DeclaredTypes implements CelEngine.TypesByName {

    private final Map<String, CelType> known = new HashMap<>();

    /** @param name of the type if its schema has none of its own */
    public CelType of(Schema schema, String name) {
        if (schema.intOrString()
                || schema.format().equals("quantity")
                || schema.format().endsWith("-time")) {
            return SimpleType.DYN;
        }
        return switch (schema.type()) {
            case OBJECT -> object(schema, name);
            case ARRAY ->
                schema.items()
                        .<CelType>map(items -> ListType.create(of(items, name + ".@idx")))
                        .orElse(SimpleType.DYN);
            case STRING -> SimpleType.STRING;
            case INTEGER -> SimpleType.INT;
            case NUMBER -> SimpleType.DOUBLE;
            case BOOLEAN -> SimpleType.BOOL;
            case ANY -> SimpleType.DYN;
        };
    }

    @SuppressWarnings("Immutable") // a type that is looked into late comes to the same
    private CelType object(Schema schema, String name) {
        if (schema.properties().isEmpty()) {
            return schema.additionalProperties()
                    .<CelType>map(values -> MapType.create(SimpleType.STRING, of(values, name + ".@elem")))
                    .orElse(SimpleType.DYN);
        }
        if (schema.preserveUnknownFields()) {
            return SimpleType.DYN;
        }
        String itsName = schema.definition().isEmpty() ? name : schema.definition();
        @Nullable CelType before = known.get(itsName);
        if (before != null) {
            return before;
        }
        Map<String, Schema> fields = new HashMap<>();
        schema.properties()
                .forEach((field, child) -> Names.escape(field).ifPresent(escaped -> {
                    fields.put(escaped, child);
                    fields.put(field.equals("namespace") ? field : escaped, child);
                }));
        StructType made = StructType.create(
                itsName,
                ImmutableSet.copyOf(fields.keySet()),
                field -> Optional.ofNullable(fields.get(field)).map(child -> of(child, itsName + "." + field)));
        known.put(itsName, made);
        return made;
    }

    @Override
    public Optional<CelType> find(String name) {
        return Optional.ofNullable(known.get(name));
    }
}
