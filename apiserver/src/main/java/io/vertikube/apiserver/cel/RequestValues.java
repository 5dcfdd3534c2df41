package io.vertikube.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.cel.common.values.NullValue;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values that go with {@link RequestScope}. Pure functions. */
public final class RequestValues {

    private static final List<String> TIMES = List.of("creationTimestamp", "deletionTimestamp");

    private RequestValues() {}

    /**
     * @param request in the form of an AdmissionReview's question
     * @param asked where the request itself stands for {@code authorizer.requestResource}
     */
    public static Map<String, Object> of(
            JsonNode request,
            @Nullable JsonNode object,
            @Nullable JsonNode oldObject,
            Access access,
            Access.Question asked) {
        Map<String, Object> values = new HashMap<>();
        values.put("object", value(object));
        values.put("oldObject", value(oldObject));
        values.put("request", Values.of(request));
        values.put("authorizer", access);
        values.put("authorizer.requestResource", new AuthorizerFunctions.ResourceCheck(access, asked));
        return values;
    }

    public static Object value(@Nullable JsonNode tree) {
        return tree == null ? NullValue.NULL_VALUE : Values.of(tree);
    }

    /** What policies may see of a namespace. */
    public static Object namespace(@Nullable JsonNode namespace) {
        if (namespace == null) {
            return NullValue.NULL_VALUE;
        }
        Map<String, Object> metadata = new LinkedHashMap<>();
        namespace.path("metadata").properties().forEach(field -> {
            String name = field.getKey().equals("uid") ? "UID" : field.getKey();
            metadata.put(
                    name,
                    TIMES.contains(name) ? Instant.parse(field.getValue().asText()) : Values.of(field.getValue()));
        });
        return Map.of(
                "metadata", metadata,
                "spec", Values.of(namespace.path("spec")),
                "status", Values.of(namespace.path("status")));
    }

    /**
     * {@code variables}: each is evaluated when it is first asked for, within the budget of who asks.
     *
     * @param values what the variables' own expressions see; gets them as {@code variables}
     */
    public static void define(Map<String, Expression> variables, Map<String, Object> values) {
        values.put(RequestScope.VARIABLES, new LazyVariables(variables, values));
    }
}
