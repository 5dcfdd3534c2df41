package io.vertikube.apiserver.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An object at rest: its JSON without {@code metadata.resourceVersion}, and the header that selecting and listing need,
 * read once. The bytes are shared between store, cache and watchers; nobody writes to them. Immutable but for the memory
 * of a few other forms of it, which may be lost and made again. Safe for any thread.
 */
public final class StoredObject {

    private final String key;
    private final long revision;
    private final byte[] json;
    private final int splice;
    private final boolean emptyMetadata;
    private final String uid;
    private final String namespace;
    private final String name;
    private final Map<String, String> labels;
    private final Map<String, String> fields;
    private volatile @Nullable Form form;

    /** How the object was seen by somebody who sees it in another version, and by others before. */
    private record Form(
            Object by, StoredObject object, @Nullable Form earlier) {}

    /** As many forms as are remembered: the versions of a type that are asked for at the same time. */
    private static final int FORMS = 4;

    StoredObject(
            String key,
            long revision,
            byte[] json,
            int splice,
            boolean emptyMetadata,
            String uid,
            String namespace,
            String name,
            Map<String, String> labels,
            Map<String, String> fields) {
        this.key = key;
        this.revision = revision;
        this.json = json;
        this.splice = splice;
        this.emptyMetadata = emptyMetadata;
        this.uid = uid;
        this.namespace = namespace;
        this.name = name;
        this.labels = labels;
        this.fields = fields;
    }

    /** The key in the store. */
    public String key() {
        return key;
    }

    /** The {@code resourceVersion}: the revision of the last write, or of the delete for an object that is gone. */
    public long revision() {
        return revision;
    }

    /** The JSON without {@code resourceVersion}. Do not change it. */
    public byte[] json() {
        return json;
    }

    /** Offset into {@link #json()} right after the opening brace of {@code metadata}. */
    public int splice() {
        return splice;
    }

    public String uid() {
        return uid;
    }

    /** Empty for cluster-scoped objects. */
    public String namespace() {
        return namespace;
    }

    public String name() {
        return name;
    }

    public Map<String, String> labels() {
        return labels;
    }

    /** The selectable fields by dotted path, {@code metadata.name} and {@code metadata.namespace} included. */
    public Map<String, String> fields() {
        return fields;
    }

    /** Appends the whole object with its {@code resourceVersion}. */
    public void writeTo(Buffer buffer) {
        buffer.appendBytes(json, 0, splice);
        buffer.appendBytes(spliced());
        buffer.appendBytes(json, splice, json.length - splice);
    }

    /** The whole object with its {@code resourceVersion}; a copy. */
    public byte[] bytes() {
        byte[] insert = spliced();
        byte[] whole = new byte[json.length + insert.length];
        System.arraycopy(json, 0, whole, 0, splice);
        System.arraycopy(insert, 0, whole, splice, insert.length);
        System.arraycopy(json, splice, whole, splice + insert.length, json.length - splice);
        return whole;
    }

    private byte[] spliced() {
        String insert = "\"resourceVersion\":\"" + revision + (emptyMetadata ? "\"" : "\",");
        return insert.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** The object as a fresh tree with {@code metadata.resourceVersion} set. */
    public ObjectNode tree() {
        var object = (ObjectNode) Json.tree(json);
        object.withObject("/metadata").put("resourceVersion", Long.toString(revision));
        return object;
    }

    /** The same object under another revision, which shares everything. */
    StoredObject at(long otherRevision) {
        StoredObject same = bare(otherRevision);
        for (Form known = form; known != null; known = known.earlier()) {
            same.remember(
                    known.by(), known.object() == this ? same : known.object().bare(otherRevision));
        }
        return same;
    }

    private StoredObject bare(long otherRevision) {
        return new StoredObject(key, otherRevision, json, splice, emptyMetadata, uid, namespace, name, labels, fields);
    }

    /** What {@link #remember} was told for this reader; null if nothing, or if several have read it since. */
    public @Nullable StoredObject seenBy(Object reader) {
        for (Form known = form; known != null; known = known.earlier()) {
            if (known.by().equals(reader)) {
                return known.object();
            }
        }
        return null;
    }

    /** Keeps the form in which a reader sees this object, which may be this object itself; the last few are kept. */
    public synchronized void remember(Object reader, StoredObject seen) {
        form = new Form(reader, seen, first(form, reader, FORMS - 1));
    }

    private static @Nullable Form first(@Nullable Form known, Object but, int most) {
        if (known == null || most == 0) {
            return null;
        }
        return known.by().equals(but)
                ? first(known.earlier(), but, most)
                : new Form(known.by(), known.object(), first(known.earlier(), but, most - 1));
    }

    /** Whether both are the same JSON. */
    public boolean sameBytes(StoredObject other) {
        return Arrays.equals(json, other.json);
    }

    /** Whether the JSON begins with these bytes, as it does with its {@code apiVersion}. */
    public boolean startsWith(byte[] head) {
        return json.length >= head.length && Arrays.equals(json, 0, head.length, head, 0, head.length);
    }

    @Override
    public String toString() {
        return key + "@" + revision;
    }
}
