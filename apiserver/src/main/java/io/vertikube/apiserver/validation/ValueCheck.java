package io.vertikube.apiserver.validation;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.format.Equality;
import io.vertikube.apiserver.format.Formats;
import io.vertikube.apiserver.format.Path;
import io.vertikube.object.FieldError;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Holds a value against its schema, in Kubernetes' sentences. What is wrong with a part that an update did not change is
 * tolerated ("Validation ratcheting" in the documentation), so every step carries the value it had before, where it is
 * known which that was. Confined to one walk.
 */
final class ValueCheck {

    /** Nobody reads more; an object of millions of wrong items must not become as many sentences. */
    static final int MAX_ERRORS = 1_000;

    private final List<FieldError> errors = new ArrayList<>();

    private ValueCheck() {}

    static List<FieldError> errors(ValueSchema schema, JsonNode value, @Nullable JsonNode old, Path path) {
        var check = new ValueCheck();
        check.value(schema, value, old, path, false);
        return check.errors;
    }

    /** @param inJunctor whether the schema is a branch, which takes {@code null} if the schema around it does */
    private void value(ValueSchema schema, JsonNode value, @Nullable JsonNode old, Path path, boolean inJunctor) {
        int before = errors.size();
        if (value.isNull()) {
            nothing(schema, value, path, inJunctor);
        } else {
            type(schema, value, path);
            enumeration(schema, value, path);
            if (value.isTextual()) {
                Scalars.text(schema, value.textValue(), path, errors);
            } else if (value.isNumber()) {
                Scalars.number(schema, value, path, errors);
            } else if (value.isArray()) {
                list(schema, value, old, path);
            } else if (value.isObject()) {
                object(schema, value, old, path);
            }
            junctors(schema, value, old, path);
        }
        if (errors.size() > before && old != null && Equality.equal(value, old)) {
            errors.subList(before, errors.size()).clear();
        }
    }

    private void nothing(ValueSchema schema, JsonNode value, Path path, boolean inJunctor) {
        if (!schema.nullable && !inJunctor && (!schema.type.isEmpty() || schema.intOrString)) {
            wrongType(path, schema.intOrString ? "integer,string" : schema.type, "null");
        } else if (!schema.enumeration.isEmpty()) {
            enumeration(schema, value, path);
        }
    }

    private void type(ValueSchema schema, JsonNode value, Path path) {
        if (schema.intOrString) {
            if (!value.isTextual() && !isInteger(value)) {
                wrongType(path, "integer,string", typeOf(value));
            }
            return;
        }
        boolean right =
                switch (schema.type) {
                    case "object" -> value.isObject();
                    case "array" -> value.isArray();
                    case "string" -> value.isTextual();
                    case "boolean" -> value.isBoolean();
                    case "integer" -> isInteger(value);
                    case "number" -> value.isNumber();
                    default -> true;
                };
        if (!right) {
            wrongType(path, schema.type, typeOf(value));
        }
    }

    private void wrongType(Path path, String wanted, String found) {
        errors.add(FieldError.typeInvalid(
                path.name(), found, path + " in body must be of type " + wanted + ": \"" + found + "\""));
    }

    static boolean isInteger(JsonNode value) {
        if (value.isIntegralNumber()) {
            return true;
        }
        double number = value.doubleValue();
        return value.isNumber() && number == Math.rint(number) && Math.abs(number) <= 1L << 53;
    }

    private static String typeOf(JsonNode value) {
        return switch (value.getNodeType()) {
            case STRING, BINARY -> "string";
            case ARRAY -> "array";
            case OBJECT, POJO -> "object";
            case NUMBER -> isInteger(value) ? "integer" : "number";
            case BOOLEAN -> "boolean";
            case NULL, MISSING -> "null";
        };
    }

    private void enumeration(ValueSchema schema, JsonNode value, Path path) {
        if (schema.enumeration.isEmpty()
                || schema.enumeration.stream().anyMatch(known -> Equality.equal(known, value))) {
            return;
        }
        errors.add(FieldError.notSupported(
                path.name(),
                value,
                schema.enumeration.stream()
                        .map(known -> known.isTextual() ? known.textValue() : known.toString())
                        .toList()));
    }

    private void list(ValueSchema schema, JsonNode list, @Nullable JsonNode old, Path path) {
        ValueSchema.Sizes sizes = schema.sizes;
        if (sizes.maxItems() >= 0 && list.size() > sizes.maxItems()) {
            errors.add(FieldError.tooMany(path.name(), list.size(), (int) sizes.maxItems()));
        }
        if (sizes.minItems() >= 0 && list.size() < sizes.minItems()) {
            Scalars.bound(errors, path, list.size(), "should have at least " + sizes.minItems() + " items");
        }
        if (sizes.uniqueItems()) {
            Set<Object> seen = new HashSet<>();
            list.forEach(item -> seen.add(Equality.identity(item)));
            if (seen.size() < list.size()) {
                Scalars.bound(errors, path, list, "shouldn't contain duplicates");
            }
        }
        if (schema.items == null) {
            return;
        }
        Map<Object, JsonNode> before = oldItems(schema, old);
        for (int i = 0; i < list.size() && errors.size() < MAX_ERRORS; i++) {
            JsonNode item = list.get(i);
            @Nullable JsonNode was = before.isEmpty() ? null : before.get(Equality.keys(item, schema.listKeys));
            value(schema.items, item, was, path.index(i), false);
        }
    }

    /** The items of before, by their keys; those of lists without keys cannot be told apart. */
    private static Map<Object, JsonNode> oldItems(ValueSchema schema, @Nullable JsonNode old) {
        if (old == null || !old.isArray() || !schema.listType.equals("map")) {
            return Map.of();
        }
        Map<Object, JsonNode> items = new HashMap<>();
        old.forEach(item -> items.putIfAbsent(Equality.keys(item, schema.listKeys), item));
        return items;
    }

    private void object(ValueSchema schema, JsonNode object, @Nullable JsonNode old, Path path) {
        ValueSchema.Sizes sizes = schema.sizes;
        if (sizes.maxProperties() >= 0 && object.size() > sizes.maxProperties()) {
            errors.add(FieldError.tooMany(path.name(), object.size(), (int) sizes.maxProperties()));
        }
        if (sizes.minProperties() >= 0 && object.size() < sizes.minProperties()) {
            Scalars.bound(errors, path, object.size(), "should have at least " + sizes.minProperties() + " properties");
        }
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (errors.size() >= MAX_ERRORS) {
                return;
            }
            @Nullable ValueSchema declared = schema.properties.get(field.getKey());
            @Nullable ValueSchema child = declared == null ? schema.additional : declared;
            if (child != null) {
                @Nullable JsonNode was = old == null ? null : old.get(field.getKey());
                value(child, field.getValue(), was, path.field(field.getKey()), false);
            } else if (schema.additionalForbidden) {
                errors.add(FieldError.invalid(
                        path.name(), "", path.field(field.getKey()) + " in body is a forbidden property"));
            }
        }
        for (String required : schema.required) {
            if (!object.has(required)) {
                errors.add(FieldError.required(path.field(required).name(), ""));
            }
        }
    }

    private void junctors(ValueSchema schema, JsonNode value, @Nullable JsonNode old, Path path) {
        int failed = 0;
        for (ValueSchema branch : schema.allOf) {
            int before = errors.size();
            value(branch, value, old, path, true);
            failed += errors.size() > before ? 1 : 0;
        }
        if (failed > 0) {
            int all = schema.allOf.size();
            whole(path, "must validate all the schemas (allOf)" + (failed == all ? ". None validated" : ""));
        }
        if (!schema.anyOf.isEmpty()) {
            Branches any = branches(schema.anyOf, value, old, path);
            if (any.valid == 0) {
                whole(path, "must validate at least one schema (anyOf)");
                errors.addAll(any.nearest);
            }
        }
        if (!schema.oneOf.isEmpty()) {
            Branches one = branches(schema.oneOf, value, old, path);
            if (one.valid == 0) {
                whole(path, "must validate one and only one schema (oneOf). Found none valid");
                errors.addAll(one.nearest);
            } else if (one.valid > 1) {
                whole(
                        path,
                        "must validate one and only one schema (oneOf). Found " + one.valid + " valid alternatives");
            }
        }
        if (schema.not != null && branches(List.of(schema.not), value, old, path).valid > 0) {
            whole(path, "must not validate the schema (not)");
        }
    }

    private record Branches(int valid, List<FieldError> nearest) {}

    private static Branches branches(List<ValueSchema> branches, JsonNode value, @Nullable JsonNode old, Path path) {
        int valid = 0;
        List<FieldError> nearest = List.of();
        for (ValueSchema branch : branches) {
            var check = new ValueCheck();
            check.value(branch, value, old, path, true);
            valid += check.errors.isEmpty() ? 1 : 0;
            nearest = nearest.isEmpty() || check.errors.size() < nearest.size() ? check.errors : nearest;
        }
        return new Branches(valid, nearest);
    }

    /** What concerns a whole value has no field of its own in Kubernetes' errors. */
    private void whole(Path path, String wrong) {
        errors.add(FieldError.invalid("<nil>", "", "\"" + path + "\" " + wrong));
    }

    /** Checks of single values. */
    private static final class Scalars {

        private Scalars() {}

        static void text(ValueSchema schema, String text, Path path, List<FieldError> errors) {
            ValueSchema.Sizes sizes = schema.sizes;
            if (sizes.maxLength() >= 0 || sizes.minLength() >= 0) {
                int length = text.codePointCount(0, text.length());
                if (sizes.maxLength() >= 0 && length > sizes.maxLength()) {
                    errors.add(FieldError.tooLong(path.name(), (int) sizes.maxLength()));
                }
                if (sizes.minLength() >= 0 && length < sizes.minLength()) {
                    bound(errors, path, text, "should be at least " + sizes.minLength() + " chars long");
                }
            }
            if (schema.pattern == null && !schema.patternText.isEmpty()) {
                bound(errors, path, text, "should match '" + schema.patternText + "', but pattern is invalid");
            } else if (schema.pattern != null && !schema.pattern.matcher(text).find()) {
                bound(errors, path, text, "should match '" + schema.patternText + "'");
            }
            boolean takesText = schema.type.isEmpty() || schema.type.equals("string");
            if (!schema.format.isEmpty() && takesText && !Formats.matches(schema.format, text)) {
                errors.add(FieldError.typeInvalid(
                        path.name(), text, path + " in body must be of type " + schema.format + ": \"" + text + "\""));
            }
        }

        static void number(ValueSchema schema, JsonNode value, Path path, List<FieldError> errors) {
            ValueSchema.Numbers bounds = schema.numbers;
            if (schema.format.equals("int32") && !value.canConvertToInt()) {
                errors.add(FieldError.typeInvalid(
                        path.name(), value, path + " in body must be of type int32: \"" + value.asText() + "\""));
            }
            if (bounds.multipleOf() != null && !isMultiple(value, bounds.multipleOf())) {
                bound(errors, path, value, "should be a multiple of " + shown(bounds.multipleOf()));
            }
            if (bounds.maximum() != null) {
                int compared = compare(value, bounds.maximum());
                if (compared > 0 || (compared == 0 && bounds.belowMaximum())) {
                    String than = bounds.belowMaximum() ? "should be less than " : "should be less than or equal to ";
                    bound(errors, path, value, than + shown(bounds.maximum()));
                }
            }
            if (bounds.minimum() != null) {
                int compared = compare(value, bounds.minimum());
                if (compared < 0 || (compared == 0 && bounds.aboveMinimum())) {
                    String than =
                            bounds.aboveMinimum() ? "should be greater than " : "should be greater than or equal to ";
                    bound(errors, path, value, than + shown(bounds.minimum()));
                }
            }
        }

        static void bound(List<FieldError> errors, Path path, Object value, String wrong) {
            errors.add(FieldError.invalid(path.name(), value, path + " in body " + wrong));
        }

        private static int compare(JsonNode value, JsonNode bound) {
            return value.isIntegralNumber() && bound.isIntegralNumber()
                    ? value.bigIntegerValue().compareTo(bound.bigIntegerValue())
                    : Double.compare(value.doubleValue(), bound.doubleValue());
        }

        private static boolean isMultiple(JsonNode value, JsonNode factor) {
            if (value.isIntegralNumber() && factor.isIntegralNumber() && factor.canConvertToLong()) {
                long divisor = factor.longValue();
                return divisor == 0
                        || value.bigIntegerValue()
                                        .mod(java.math.BigInteger.valueOf(divisor)
                                                .abs())
                                        .signum()
                                == 0;
            }
            double times = value.doubleValue() / factor.doubleValue();
            return Math.abs(times - Math.rint(times)) < 1e-9;
        }

        private static String shown(JsonNode number) {
            double value = number.doubleValue();
            return Math.abs(value) < 1e18
                    ? new BigDecimal(number.asText()).stripTrailingZeros().toPlainString()
                    : number.asText();
        }
    }
}
