package io.vertikube.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.common.base.Suppliers;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.RuleProblems;
import io.vertikube.apiserver.cel.RuleSet;
import io.vertikube.apiserver.format.Path;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The conditions that a definition's schema sets on its objects: values first, then rules. A schema is read once and its
 * rules are compiled when the first object comes. Immutable to the eye, safe for any thread.
 */
public final class ObjectValidation {

    /** Rules are not asked about an object that is not even of the right shape. */
    private static final Set<FieldError.Kind> BLOCKING = Set.of(
            FieldError.Kind.NOT_SUPPORTED,
            FieldError.Kind.REQUIRED,
            FieldError.Kind.TOO_LONG,
            FieldError.Kind.TOO_MANY,
            FieldError.Kind.TYPE_INVALID);

    private final ValueSchema values;
    private final Supplier<Optional<RuleSet>> rules;

    private ObjectValidation(JsonNode schema, Supplier<CelEngine> engine) {
        this.values = ValueSchema.of(schema);
        this.rules = RuleSet.isIn(schema) ? Suppliers.memoize(() -> RuleSet.of(schema, engine.get())) : Optional::empty;
    }

    /**
     * @param openApiV3Schema as the definition states it
     * @param engine asked when the first object with rules comes
     */
    public static ObjectValidation of(JsonNode openApiV3Schema, Supplier<CelEngine> engine) {
        return new ObjectValidation(openApiV3Schema, engine);
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
        rules.get().ifPresent(set -> {
            if (errors.stream().anyMatch(error -> BLOCKING.contains(error.kind()))) {
                errors.add(FieldError.invalid(
                        "<nil>",
                        "null",
                        "some validation rules were not checked because the object was invalid; correct the existing"
                                + " errors to complete validation"));
            } else {
                errors.addAll(set.errors(object, old));
            }
        });
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
     * @param engine asked if there are rules
     */
    public static List<FieldError> definitionProblems(
            JsonNode openApiV3Schema, String path, Supplier<CelEngine> engine) {
        List<FieldError> errors = new ArrayList<>();
        DefaultValues.check(openApiV3Schema, Path.of(path), errors);
        if (RuleSet.isIn(openApiV3Schema)) {
            RuleProblems.check(openApiV3Schema, Path.of(path), engine.get(), errors);
        }
        return List.copyOf(errors);
    }
}
