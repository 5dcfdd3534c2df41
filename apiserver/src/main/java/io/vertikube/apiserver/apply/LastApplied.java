package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.JsonTrees;
import java.io.IOException;

/**
 * The way from client-side to server-side apply: what {@code kubectl} last applied stands in an annotation, and may be
 * taken over without a conflict as long as nobody changed it since. Safe for any thread.
 */
final class LastApplied {

    static final String ANNOTATION = "kubectl.kubernetes.io/last-applied-configuration";

    /** The field manager of {@code kubectl apply --server-side}. */
    static final String KUBECTL = "kubectl";

    /** An annotation above this size is not kept up to date: annotations together may hold no more. */
    private static final int MAX_LENGTH = 256 << 10;

    private LastApplied() {}

    /** The fields that stand in the live object as they were last applied from the client. */
    static FieldSet unchanged(ObjectNode live, Schema schema) {
        JsonNode annotation = live.path("metadata").path("annotations").path(ANNOTATION);
        if (!annotation.isTextual()) {
            return FieldSet.EMPTY;
        }
        JsonNode applied;
        try {
            applied = JsonTrees.read(annotation.asText());
        } catch (IOException e) {
            return FieldSet.EMPTY;
        }
        if (!(applied instanceof ObjectNode config)) {
            return FieldSet.EMPTY;
        }
        FieldSet fields = ConfigFields.of(config, schema).fields();
        Comparison since = Comparison.between(config, live, schema);
        return fields.difference(since.written()).difference(since.removed());
    }

    /** Keeps the annotation of an object that has one in step with what is applied now, so that clients may go back. */
    static void carryOn(ObjectNode merged, ObjectNode config) {
        if (!(merged.path("metadata").path("annotations") instanceof ObjectNode annotations)
                || !annotations.has(ANNOTATION)) {
            return;
        }
        ObjectNode applied = config.deepCopy();
        if (applied.path("metadata").path("annotations") instanceof ObjectNode own) {
            own.remove(ANNOTATION);
        }
        String text = applied + "\n";
        if (text.length() <= MAX_LENGTH) {
            annotations.put(ANNOTATION, text);
        }
    }
}
