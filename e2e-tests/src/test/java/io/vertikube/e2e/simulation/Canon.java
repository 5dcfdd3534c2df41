package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;
import java.util.TreeMap;

/**
 * Text that is equal for objects that say the same: fields sorted, without what every run makes anew (revisions, an object's
 * own uid, keys and certificates). Pure.
 */
final class Canon {

    private Canon() {}

    /** Of a JSON text; anything else stands for itself. */
    static String text(byte[] json) {
        if (json.length == 0) {
            return "";
        }
        try {
            return text(Json.tree(json));
        } catch (RuntimeException e) {
            return new String(json, StandardCharsets.UTF_8);
        }
    }

    static String text(JsonNode tree) {
        var text = new StringBuilder();
        add(text, tree, "");
        return text.toString();
    }

    private static void add(StringBuilder text, JsonNode node, String name) {
        if (node.isObject()) {
            var fields = new TreeMap<String, JsonNode>();
            for (Map.Entry<String, JsonNode> field : node.properties()) {
                boolean ofThisRun = field.getKey().equals("resourceVersion")
                        || (name.equals("metadata") && field.getKey().equals("uid"));
                if (!ofThisRun) {
                    fields.put(field.getKey(), field.getValue());
                }
            }
            text.append('{');
            fields.forEach((key, value) -> {
                text.append(key).append('=');
                add(text, value, key);
                text.append(' ');
            });
            text.append('}');
        } else if (node.isArray()) {
            text.append('[');
            node.forEach(item -> {
                add(text, item, "");
                text.append(' ');
            });
            text.append(']');
        } else if (node.isTextual() && node.asText().startsWith("-----BEGIN")) {
            text.append("PEM");
        } else {
            text.append(node.asText());
        }
    }

    /** A fresh SHA-256. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
