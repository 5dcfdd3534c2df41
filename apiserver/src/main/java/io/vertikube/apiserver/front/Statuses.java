package io.vertikube.apiserver.front;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.vertikube.object.ApiException;
import org.jspecify.annotations.Nullable;

/** Writes {@code Status} objects ("Response Status kind" in the API conventions). Pure. */
public final class Statuses {

    private Statuses() {}

    /** What went wrong. */
    public static ObjectNode of(ApiException failure) {
        Status status = failure.status();
        ObjectNode tree = empty();
        if (status.getMetadata() != null && status.getMetadata().getContinue() != null) {
            ((ObjectNode) tree.get("metadata"))
                    .put("continue", status.getMetadata().getContinue());
        }
        put(tree, "status", status.getStatus());
        put(tree, "message", status.getMessage());
        put(tree, "reason", status.getReason());
        if (status.getDetails() != null) {
            tree.set("details", details(status.getDetails()));
        }
        tree.put("code", failure.code());
        return tree;
    }

    /** It worked, and there is no object to show. */
    public static ObjectNode success(int code) {
        ObjectNode tree = empty();
        tree.put("status", "Success");
        tree.put("code", code);
        return tree;
    }

    /** An object was deleted. */
    public static ObjectNode deleted(String group, String plural, String name, String uid) {
        ObjectNode tree = empty();
        tree.put("status", "Success");
        ObjectNode details = tree.putObject("details");
        details.put("name", name);
        put(details, "group", group);
        details.put("kind", plural);
        put(details, "uid", uid);
        return tree;
    }

    private static ObjectNode empty() {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        tree.put("kind", "Status");
        tree.put("apiVersion", "v1");
        tree.putObject("metadata");
        return tree;
    }

    private static ObjectNode details(StatusDetails details) {
        ObjectNode tree = JsonNodeFactory.instance.objectNode();
        put(tree, "name", details.getName());
        put(tree, "group", details.getGroup());
        put(tree, "kind", details.getKind());
        put(tree, "uid", details.getUid());
        if (details.getCauses() != null && !details.getCauses().isEmpty()) {
            var causes = tree.putArray("causes");
            details.getCauses().forEach(cause -> {
                ObjectNode node = causes.addObject();
                put(node, "reason", cause.getReason());
                put(node, "message", cause.getMessage());
                put(node, "field", cause.getField());
            });
        }
        if (details.getRetryAfterSeconds() != null && details.getRetryAfterSeconds() > 0) {
            tree.put("retryAfterSeconds", details.getRetryAfterSeconds());
        }
        return tree;
    }

    private static void put(ObjectNode tree, String field, @Nullable String value) {
        if (value != null && !value.isEmpty()) {
            tree.put(field, value);
        }
    }
}
