package io.vertikube.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that a definition's schema sets on its objects: values first, then rules. A schema is read once and its
 * rules are compiled when the first object comes. Immutable to the eye, safe for any thread.
 */
public final class ObjectValidation {

    private final ValueSchema values;

    private ObjectValidation(JsonNode schema) {
        this.values = ValueSchema.of(schema);
    }

    /** @param openApiV3Schema as the definition states it */
    public static ObjectValidation of(JsonNode openApiV3Schema) {
        return new ObjectValidation(openApiV3Schema);
    }

    /**
     * What is wrong with an object.
     *
     * @param old the object before an update; what was wrong with it and has not changed is tolerated
     */
    public List<FieldError> validate(ObjectNode object, @Nullable ObjectNode old) {
        List<FieldError> errors = new ArrayList<>(ValueCheck.errors(values, object, old, Path.ROOT));
        EmbeddedObjects.check(values, object, Path.ROOT, errors);
        if (!hasDuplicates(old)) {
            ListTypes.check(values, object, Path.ROOT, errors);
        }
        return List.copyOf(errors);
    }

    private boolean hasDuplicates(@Nullable ObjectNode old) {
        List<FieldError> errors = new ArrayList<>();
        ListTypes.check(values, old, Path.ROOT, errors);
        return !errors.isEmpty();
    }

    /**
     * What is wrong with a schema as far as values and rules are concerned: defaults that are not valid, rules that do not
     * compile or could cost too much.
     *
     * @param path of the schema in its definition
     */
    public static List<FieldError> definitionProblems(JsonNode openApiV3Schema, String path) {
        List<FieldError> errors = new ArrayList<>();
        DefaultValues.check(openApiV3Schema, Path.of(path), errors);
        return List.copyOf(errors);
    }
}
