package io.vertikube.apiserver.validation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.re2j.PatternSyntaxException;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.format.Formats;
import io.vertikube.apiserver.format.Patterns;
import io.vertikube.object.FieldError;
import io.vertikube.object.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What objects are told about their values. */
final class ObjectValidationTest {

    @ParameterizedTest(name = "{0} holds {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {type: integer}                                | "3"       | spec.x: Invalid value: "string": spec.x in body must be of type integer: "string"
        {type: string}                                 | 3         | spec.x: Invalid value: "integer": spec.x in body must be of type string: "integer"
        {type: integer}                                | 1.5       | spec.x: Invalid value: "number": spec.x in body must be of type integer: "number"
        {type: integer}                                | 1.0       | OK
        {type: number}                                 | 1         | OK
        {type: boolean}                                | []        | spec.x: Invalid value: "array": spec.x in body must be of type boolean: "array"
        {type: object}                                 | null      | spec.x: Invalid value: "null": spec.x in body must be of type object: "null"
        {type: object, nullable: true}                 | null      | OK
        {x-kubernetes-int-or-string: true}             | 1         | OK
        {x-kubernetes-int-or-string: true}             | "50%"     | OK
        {x-kubernetes-int-or-string: true}             | true      | spec.x: Invalid value: "boolean": spec.x in body must be of type integer,string: "boolean"
        {type: integer, minimum: 1}                    | 0         | spec.x: Invalid value: 0: spec.x in body should be greater than or equal to 1
        {type: integer, maximum: 10}                   | 11        | spec.x: Invalid value: 11: spec.x in body should be less than or equal to 10
        {type: integer, maximum: 10, exclusiveMaximum: true} | 10  | spec.x: Invalid value: 10: spec.x in body should be less than 10
        {type: number, minimum: 0.5, exclusiveMinimum: true} | 0.5 | spec.x: Invalid value: 0.5: spec.x in body should be greater than 0.5
        {type: integer, multipleOf: 3}                 | 4         | spec.x: Invalid value: 4: spec.x in body should be a multiple of 3
        {type: string, maxLength: 2}                   | "äöü"     | spec.x: Too long: may not be more than 2 bytes
        {type: string, maxLength: 3}                   | "äöü"     | OK
        {type: string, minLength: 1}                   | ""        | spec.x: Invalid value: "": spec.x in body should be at least 1 chars long
        {type: string, pattern: "^a+$"}                | "b"       | spec.x: Invalid value: "b": spec.x in body should match '^a+$'
        {type: string, enum: [a, b]}                   | "c"       | spec.x: Unsupported value: "c": supported values: "a", "b"
        {type: string, format: date-time}              | "soon"    | spec.x: Invalid value: "soon": spec.x in body must be of type date-time: "soon"
        {type: array, maxItems: 1, items: {type: integer}} | [1, 2] | spec.x: Too many: 2: must have at most 1 items
        {type: array, minItems: 1, items: {type: integer}} | []    | spec.x: Invalid value: 0: spec.x in body should have at least 1 items
        {type: array, items: {type: integer}}          | [1, "a"]  | spec.x[1]: Invalid value: "string": spec.x[1] in body must be of type integer: "string"
        {type: object, additionalProperties: {type: integer}} | {"k": "v"} | spec.x.k: Invalid value: "string": spec.x.k in body must be of type integer: "string"
        {type: object, maxProperties: 1}               | {"a": 1, "b": 2} | spec.x: Too many: 2: must have at most 1 items
        {type: object, minProperties: 1}               | {}        | spec.x: Invalid value: 0: spec.x in body should have at least 1 properties
        {type: object, required: [a]}                  | {}        | spec.x.a: Required value
        {type: integer, not: {minimum: 5}}             | 6         | <nil>: Invalid value: "": "spec.x" must not validate the schema (not)
        {type: integer, oneOf: [{minimum: 5}, {minimum: 6}]} | 7   | <nil>: Invalid value: "": "spec.x" must validate one and only one schema (oneOf). Found 2 valid alternatives
        {type: array, x-kubernetes-list-type: set, items: {type: string}} | ["a", "b", "a"] | spec.x[2]: Duplicate value: "a"
        {type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object}} | [{"k": 1, "v": 1}, {"k": 1}] | spec.x[1]: Duplicate value: {"k":1}
        {type: object, x-kubernetes-embedded-resource: true} | {"kind": "Pod"} | spec.x.apiVersion: Required value: must not be empty
        {type: object, x-kubernetes-preserve-unknown-fields: true} | {"a": [1]} | OK
        """)
    void valueIsHeldAgainstItsSchema(String schema, String value, String expected) {
        List<FieldError> errors = validate(schema, value, null);

        if (expected.equals("OK")) {
            assertThat(errors).isEmpty();
        } else {
            assertThat(errors).extracting(FieldError::message).containsExactly(expected);
        }
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        date-time  | 2026-01-02T03:04:05Z, 2026-01-02T03:04:05.678+02:00 | 2026-01-02, 2026-13-02T03:04:05Z
        date       | 2026-02-28                                          | 2026-02-30, 26-02-28
        duration   | 1h30m, 5s, 0, 2 days                                | 5, h, 1x
        uuid       | 123e4567-e89b-12d3-a456-426614174000                | 123e4567
        uuid4      | 123e4567-e89b-42d3-a456-426614174000                | 123e4567-e89b-12d3-a456-426614174000
        ipv4       | 10.0.0.1                                            | 10.0.0.256, 010.0.0.1, ::1, host
        ipv6       | ::1, 2001:db8::8a2e:370:7334                        | 10.0.0.1, ::1::2, 1:2:3
        cidr       | 10.0.0.0/8, 2001:db8::/32                           | 10.0.0.0/33, 10.0.0.0
        mac        | 00:1b:44:11:3a:b7                                   | 00:1b, zz:1b:44:11:3a:b7
        byte       | aGVsbG8=                                            | aGVsbG8, ???
        email      | a@example.com                                       | a.example.com, @b
        hostname   | example.com, host                                   | -a.com, a..b
        uri        | https://example.com/a?b=c, urn:x:y                  | not a uri
        isbn10     | 0-306-40615-2                                       | 0-306-40615-3
        isbn13     | 978-0-306-40615-7                                   | 978-0-306-40615-8
        creditcard | 4111 1111 1111 1111                                 | 4111 1111 1111 1112
        hexcolor   | #fff, #A0B1C2                                       | #ffff
        ssn        | 123-45-6789                                         | 12-345-6789
        password   | anything                                            |
        made-up    | anything                                            |
        """)
    void formatsTakeWhatTheyTake(String format, String right, @Nullable String wrong) {
        for (String text : right.split(", ")) {
            assertThat(Formats.matches(format, text)).as(text).isTrue();
        }
        for (String text : wrong == null ? new String[0] : wrong.split(", ")) {
            assertThat(Formats.matches(format, text)).as(text).isFalse();
        }
    }

    @Test
    void whatWasWrongAndDidNotChangeIsTolerated() {
        String schema = "{type: object, properties: {a: {type: integer, minimum: 5}, b: {type: integer, minimum: 5}}}";

        assertThat(validate(schema, "{\"a\": 1, \"b\": 2}", "{\"a\": 1, \"b\": 9}"))
                .extracting(FieldError::field)
                .containsExactly("spec.x.b");
    }

    @Test
    void itemsOfMapListsAreFollowedByTheirKeys() {
        String schema = "{type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k],"
                + " items: {type: object, properties: {k: {type: string}, v: {type: integer, minimum: 5}}}}";

        assertThat(validate(
                        schema,
                        "[{\"k\": \"new\", \"v\": 1}, {\"k\": \"old\", \"v\": 1}]",
                        "[{\"k\": \"old\", \"v\": 1}]"))
                .extracting(FieldError::field)
                .containsExactly("spec.x[0].v");
    }

    @Test
    void aBranchThatIsNearestSaysWhatItMisses() {
        String schema = "{type: object, properties: {a: {type: integer}, b: {type: integer}},"
                + " anyOf: [{required: [a]}, {required: [b], properties: {c: {minimum: 1}}}]}";

        assertThat(validate(schema, "{}", null))
                .extracting(FieldError::message)
                .containsExactly(
                        "<nil>: Invalid value: \"\": \"spec.x\" must validate at least one schema (anyOf)",
                        "spec.x.a: Required value");
    }

    @Test
    void aPatternThatBacktrackingWouldNeverFinishIsAnsweredAtOnce() {
        String text = "\"" + "a".repeat(100_000) + "!\"";

        assertThat(validate("{type: string, pattern: \"^(a+)+$\"}", text, null)).hasSize(1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(a{1000}){1000}", "((a{100}){100}){100}", "(a{0,200}b{5,}){200}", "[(]{1000}{1000}"})
    void aPatternThatMultipliesItselfIsNotCompiled(String pattern) {
        assertThatThrownBy(() -> Patterns.compile(pattern)).isInstanceOf(PatternSyntaxException.class);
        assertThatThrownBy(() -> Patterns.compile("(".repeat(1_000) + pattern + ")".repeat(1_000)))
                .isInstanceOf(PatternSyntaxException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$",
                "a{,5}|{x}",
                "(\\(){3}[]{}]+",
                "^(([0-9]{1,3}\\.){3}[0-9]{1,3})$"
            })
    void ordinaryPatternsAre(String pattern) {
        assertThat(Patterns.compile(pattern).pattern()).isEqualTo(pattern);
    }

    @Test
    void anObjectThatIsWrongThroughoutIsToldSoInAnAnswerOfBoundedSize() {
        String items = "[" + "1,".repeat(100_000) + "1]";

        assertThat(validate("{type: array, items: {type: string}}", items, null))
                .hasSize(1_000);
    }

    @Test
    void defaultsHaveToBeValidThemselves() {
        JsonNode schema = yaml("{type: object, properties: {spec: {type: object, properties:"
                + " {n: {type: integer, minimum: 3, default: 1}, o: {type: object, required: [q], default: {}}}}}}");

        assertThat(ObjectValidation.definitionProblems(
                        schema, "spec.validation.openAPIV3Schema", ObjectValidationTest::noRules))
                .extracting(FieldError::field)
                .containsExactly(
                        "spec.validation.openAPIV3Schema.properties[spec].properties[n].default",
                        "spec.validation.openAPIV3Schema.properties[spec].properties[o].default.q");
    }

    private static List<FieldError> validate(String schema, String value, @Nullable String old) {
        JsonNode whole = yaml("{type: object, properties: {spec: {type: object, properties: {x: " + schema + "}}}}");
        ObjectNode object = (ObjectNode) yaml("{spec: {x: " + value + "}}");
        @Nullable ObjectNode before = old == null ? null : (ObjectNode) yaml("{spec: {x: " + old + "}}");
        return ObjectValidation.of(whole, ObjectValidationTest::noRules).validate(object, before);
    }

    static JsonNode yaml(String text) {
        Object tree = new org.yaml.snakeyaml.Yaml().load(text);
        return Json.mapper().valueToTree(tree);
    }

    private static CelEngine noRules() {
        throw new IllegalStateException("there are no rules here");
    }
}
