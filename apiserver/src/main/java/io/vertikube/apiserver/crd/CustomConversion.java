package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Conversion;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.storage.StoredObject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How objects of a definition are seen in one of its versions. What was written since the definition last changed is as
 * the schema wants it; older objects are pruned and get defaults by the version they were stored in, then they are
 * converted. Safe for any thread.
 */
final class CustomConversion implements Conversion {

    private final long definedAt;
    private final String asked;
    private final String stored;
    private final byte[] askedHead;
    private final byte[] storedHead;
    private final Map<String, Supplier<Schema>> schemas;
    private final VersionConverter converter;

    /**
     * @param asked the {@code apiVersion} that clients see
     * @param schemas of all versions, by {@code apiVersion}
     */
    CustomConversion(
            Definition definition, String asked, Map<String, Supplier<Schema>> schemas, VersionConverter converter) {
        this.definedAt = definition.revision();
        this.asked = asked;
        this.stored = definition.group() + "/" + definition.storageVersion();
        this.askedHead = head(asked);
        this.storedHead = head(stored);
        this.schemas = Map.copyOf(schemas);
        this.converter = converter;
    }

    private static byte[] head(String apiVersion) {
        return ("{\"apiVersion\":\"" + apiVersion + "\"").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean isAsAsked(StoredObject object) {
        return object.revision() > definedAt && object.startsWith(askedHead);
    }

    @Override
    public List<ObjectNode> asAsked(List<StoredObject> objects) {
        List<ObjectNode> trees = new ArrayList<>(objects.size());
        List<Integer> others = new ArrayList<>();
        for (StoredObject object : objects) {
            ObjectNode tree = object.tree();
            String version = tree.path("apiVersion").asText();
            Optional.ofNullable(schemas.get(version)).ifPresent(schema -> Coercion.apply(schema.get(), tree));
            if (!version.equals(asked)) {
                others.add(trees.size());
            }
            trees.add(tree);
        }
        List<ObjectNode> converted = convert(others.stream().map(trees::get).toList(), asked);
        for (int i = 0; i < converted.size(); i++) {
            trees.set(others.get(i), converted.get(i));
        }
        return trees;
    }

    @Override
    public ObjectNode toStored(ObjectNode object) {
        return asked.equals(stored)
                ? object
                : convert(List.of(object.deepCopy()), stored).getFirst();
    }

    @Override
    public ObjectNode fromStored(ObjectNode object) {
        return asked.equals(stored) ? object : convert(List.of(object), asked).getFirst();
    }

    @Override
    public boolean isAsStored(StoredObject object) {
        return object.startsWith(storedHead);
    }

    private List<ObjectNode> convert(List<ObjectNode> objects, String to) {
        if (objects.isEmpty()) {
            return List.of();
        }
        List<ObjectNode> converted = converter.convert(objects, to);
        Optional.ofNullable(schemas.get(to))
                .ifPresent(schema -> converted.forEach(tree -> Coercion.prune(schema.get(), tree)));
        return converted;
    }
}
