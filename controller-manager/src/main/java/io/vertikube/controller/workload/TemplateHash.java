package io.vertikube.controller.workload;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A short name for the content of an object: equal content gives an equal hash whatever the order of its fields. Written in
 * letters and digits that spell no words. Pure.
 */
public final class TemplateHash {
    private static final String ALPHABET = "bcdfghjklmnpqrstvwxz2456789";
    private static final int FNV_OFFSET = 0x811C9DC5;
    private static final int FNV_PRIME = 0x01000193;

    private TemplateHash() {}

    /** @param collisions how often this hash met a different object of the same name, absent for none */
    public static String of(Object content, @Nullable Integer collisions) {
        JsonNode tree = Json.tree(Json.bytes(content));
        int hash = mix(tree, FNV_OFFSET);
        if (collisions != null) {
            hash = mix(Integer.toString(collisions), hash);
        }
        return spell(Integer.toUnsignedString(hash));
    }

    static String spell(String digits) {
        var spelled = new StringBuilder(digits.length());
        digits.chars().forEach(c -> spelled.append(ALPHABET.charAt(c % ALPHABET.length())));
        return spelled.toString();
    }

    private static int mix(JsonNode node, int hash) {
        if (node.isObject()) {
            var fields = new TreeMap<String, JsonNode>();
            node.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
            int mixed = mix("{", hash);
            for (var field : fields.entrySet()) {
                mixed = mix(field.getValue(), mix(field.getKey() + ":", mixed));
            }
            return mix("}", mixed);
        }
        if (node.isArray()) {
            int mixed = mix("[", hash);
            for (JsonNode element : node) {
                mixed = mix(element, mixed);
            }
            return mix("]", mixed);
        }
        return mix(node.toString() + ",", hash);
    }

    private static int mix(String text, int hash) {
        int mixed = hash;
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            mixed = (mixed ^ (b & 0xff)) * FNV_PRIME;
        }
        return mixed;
    }
}
