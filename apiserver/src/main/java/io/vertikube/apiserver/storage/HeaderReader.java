package io.vertikube.apiserver.storage;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertikube.object.JsonTrees;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reads the header of stored JSON in one pass with a streaming parser: where {@code metadata} opens, uid, namespace,
 * name, labels and the fields that the type lets one select by. Everything else is skipped, not decoded. Safe for any
 * thread.
 */
final class HeaderReader {

    private final FieldPaths selectable;
    private final ConcurrentHashMap<String, FieldTree> trees = new ConcurrentHashMap<>();
    private final StringCache strings = new StringCache(1 << 14);

    HeaderReader(FieldPaths selectable) {
        this.selectable = selectable;
    }

    /** The type's selectable fields have changed: ask again. */
    void forget(String storagePrefix) {
        trees.remove(storagePrefix);
    }

    /** The object, or empty if the bytes are no JSON object with {@code metadata}. */
    Optional<StoredObject> read(String key, long revision, byte[] json) {
        return read(
                key,
                revision,
                json,
                trees.computeIfAbsent(Keys.typeOf(key), type -> FieldTree.of(selectable.of(type))));
    }

    /** The same with fields that the caller names. */
    Optional<StoredObject> read(String key, long revision, byte[] json, FieldTree tree) {
        try (JsonParser parser = JsonTrees.parser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return Optional.empty();
            }
            var header = new Header(tree);
            header.readTop(parser);
            return header.splice < 0 ? Optional.empty() : Optional.of(header.object(key, revision, json));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /** What one pass has gathered. Confined to that pass. */
    private final class Header {
        private final FieldTree tree;
        private final Map<String, String> fields;
        private Map<String, String> labels = Map.of();
        private int splice = -1;
        private boolean emptyMetadata;
        private String uid = "";
        private String namespace = "";
        private String name = "";

        Header(FieldTree tree) {
            this.tree = tree;
            this.fields = new HashMap<>(tree.defaults());
        }

        void readTop(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                if (field.equals("metadata") && value == JsonToken.START_OBJECT) {
                    splice = (int) parser.currentTokenLocation().getByteOffset() + 1;
                    readMetadata(parser);
                } else {
                    readSelectable(parser, value, tree.child(field));
                }
            }
        }

        private void readMetadata(JsonParser parser) throws IOException {
            emptyMetadata = true;
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                emptyMetadata = false;
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                switch (field) {
                    case "name" -> name = text(parser, value);
                    case "namespace" -> namespace = strings.shared(text(parser, value));
                    case "uid" -> uid = text(parser, value);
                    case "labels" -> labels = readLabels(parser, value);
                    default -> parser.skipChildren();
                }
            }
        }

        private Map<String, String> readLabels(JsonParser parser, JsonToken start) throws IOException {
            if (start != JsonToken.START_OBJECT) {
                parser.skipChildren();
                return Map.of();
            }
            var read = new HashMap<String, String>();
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String label = parser.currentName();
                JsonToken value = parser.nextToken();
                read.put(strings.shared(label), strings.shared(text(parser, value)));
            }
            return Map.copyOf(read);
        }

        private void readSelectable(JsonParser parser, JsonToken value, FieldTree wanted) throws IOException {
            if (wanted.isEmpty()) {
                parser.skipChildren();
            } else if (value == JsonToken.START_OBJECT) {
                while (parser.nextToken() == JsonToken.FIELD_NAME) {
                    FieldTree next = wanted.child(parser.currentName());
                    readSelectable(parser, parser.nextToken(), next);
                }
            } else if (value.isScalarValue()
                    && value != JsonToken.VALUE_NULL
                    && !wanted.path().isEmpty()) {
                fields.put(wanted.path(), strings.shared(parser.getText()));
            } else {
                parser.skipChildren();
            }
        }

        private String text(JsonParser parser, JsonToken value) throws IOException {
            if (value == JsonToken.VALUE_STRING) {
                return parser.getText();
            }
            parser.skipChildren();
            return "";
        }

        StoredObject object(String key, long revision, byte[] json) {
            fields.put("metadata.name", name);
            fields.put("metadata.namespace", namespace);
            return new StoredObject(
                    key, revision, json, splice, emptyMetadata, uid, namespace, name, labels, Map.copyOf(fields));
        }
    }
}
