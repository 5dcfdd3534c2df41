package io.vertikube.apiserver.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.validation.ObjectValidation;
import io.vertikube.object.FieldError;
import io.vertikube.object.Json;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.yaml.snakeyaml.Yaml;

/** What objects are told by the rules of their definition, and what is said of the rules themselves. */
final class RulesTest {

    private static final CelEngine ENGINE = new CelEngine(CelLimits.DEFAULT);

    /** The schema that the examples of the documentation speak of. */
    private static final String EXAMPLES = """
        type: object
        properties:
          minReplicas: {type: integer}
          replicas: {type: integer}
          maxReplicas: {type: integer}
          stateCounts: {type: object, additionalProperties: {type: integer}, maxProperties: 10}
          health: {type: string, maxLength: 50}
          type: {type: string, maxLength: 50}
          foo: {type: integer}
          bar: {type: integer}
          created: {type: string, format: date-time}
          ttl: {type: string, format: duration}
          day: {type: string, format: date}
          data: {type: string, format: byte}
          either: {x-kubernetes-int-or-string: true}
          set1: {type: array, maxItems: 10, x-kubernetes-list-type: set, items: {type: string, maxLength: 10}}
          set2: {type: array, maxItems: 10, x-kubernetes-list-type: set, items: {type: string, maxLength: 10}}
          names: {type: array, maxItems: 10, items: {type: string, maxLength: 10}}
          details: {type: object, additionalProperties: {type: string, maxLength: 10}, maxProperties: 10}
          widgets:
            type: array
            maxItems: 10
            x-kubernetes-list-type: map
            x-kubernetes-list-map-keys: [key]
            items:
              type: object
              properties: {key: {type: string, maxLength: 10}, foo: {type: integer}, component: {type: string}}
          "with-dash.and/slash": {type: integer}
          namespace: {type: integer}
          a__b: {type: integer}
          embedded:
            type: object
            x-kubernetes-embedded-resource: true
            x-kubernetes-preserve-unknown-fields: true
          maybe: {type: string, nullable: true, maxLength: 10}
          ratio: {type: number}
        """;

    @ParameterizedTest(name = "{0} of {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        self.minReplicas <= self.replicas && self.replicas <= self.maxReplicas ; {minReplicas: 1, replicas: 2, maxReplicas: 3} ; {minReplicas: 1, replicas: 4, maxReplicas: 3}
        'Available' in self.stateCounts ; {stateCounts: {Available: 1}} ; {stateCounts: {Broken: 1}}
        (size(self.names) == 0) != (size(self.details) == 0) ; {names: [a], details: {}} ; {names: [], details: {}}
        !('MY_KEY' in self.details) || self.details['MY_KEY'].matches('^[a-zA-Z]*$') ; {details: {MY_KEY: abc}} ; {details: {MY_KEY: a1}}
        has(self.foo) || has(self.bar) ; {foo: 0} ; {ratio: 1}
        self.set1.all(e, !(e in self.set2)) ; {set1: [a], set2: [b]} ; {set1: [a], set2: [a]}
        size(self.names) == size(self.details) && self.names.all(n, n in self.details) ; {names: [a], details: {a: b}} ; {names: [a], details: {b: b}}
        size(self.widgets.filter(w, w.key == 'x')) == 1 ; {widgets: [{key: x}]} ; {widgets: []}
        self.widgets.exists(w, w.key == 'x' && w.foo < 10) ; {widgets: [{key: x, foo: 3}]} ; {widgets: [{key: x, foo: 30}]}
        self.type == 'counter' ? self.foo > 0 : self.bar > 0 ; {type: counter, foo: 1} ; {type: other, bar: 0}
        self.health.startsWith('kube') ; {health: kube-ok} ; {health: ok}
        self.created > timestamp('2026-01-01T00:00:00Z') ; {created: '2026-02-01T00:00:00Z'} ; {created: '2025-02-01T00:00:00+01:00'}
        self.created + self.ttl < timestamp('2026-01-02T00:00:00Z') ; {created: '2026-01-01T00:00:00Z', ttl: 1h} ; {created: '2026-01-01T00:00:00Z', ttl: 25h}
        self.day == timestamp('2026-03-01T00:00:00Z') ; {day: '2026-03-01'} ; {day: '2026-03-02'}
        self.data == b'hello' ; {data: aGVsbG8=} ; {data: aGVsbA==}
        type(self.either) == string ? self.either == '100%' : self.either == 1000 ; {either: 1000} ; {either: 99%}
        self.set1 == self.set2 ; {set1: [a, b], set2: [b, a]} ; {set1: [a], set2: [b]}
        self.set1 + self.set2 == ['a', 'b', 'c'] ; {set1: [a, b], set2: [b, c]} ; {set1: [a], set2: [a]}
        self.with__dash__dash__dot__and__slash__slash > 0 && self.__namespace__ == 1 && self.a__underscores__b == 2 ; {with-dash.and/slash: 1, namespace: 1, a__b: 2} ; {with-dash.and/slash: 0, namespace: 1, a__b: 2}
        self.embedded.kind == 'Pod' && self.embedded.metadata.name == 'p' && self.embedded.apiVersion == 'v1' ; {embedded: {apiVersion: v1, kind: Pod, metadata: {name: p}}} ; {embedded: {apiVersion: v1, kind: Pod, metadata: {name: q}}}
        self.ratio < 1 && self.ratio * 2.0 > 0.0 ; {ratio: 0.5} ; {ratio: 2}
        !has(self.maybe) || self.maybe.size() > 1 ; {maybe: ab} ; {maybe: a}
        self.?foo.orValue(5) == 5 ; {bar: 1} ; {foo: 1}
        self.widgets.map(w, w.key).isSorted() ; {widgets: [{key: a}, {key: b}]} ; {widgets: [{key: b}, {key: a}]}
        """)
    void documentedRulesHoldAndFail(String rule, String holds, String fails) {
        JsonNode schema = schema(EXAMPLES, "- {rule: " + Json.mapper().valueToTree(rule) + "}");

        assertThat(ObjectValidation.definitionProblems(schema, "schema", () -> ENGINE))
                .isEmpty();
        assertThat(validate(schema, holds, null)).isEmpty();
        assertThat(validate(schema, fails, null))
                .extracting(FieldError::message)
                .containsExactly("spec: Invalid value: \"object\": failed rule: " + rule);
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {rule: self.foo > 0, message: must be positive}                       | spec: Invalid value: "object": must be positive
        {rule: self.foo > 0, messageExpression: "'foo is ' + string(self.foo)"} | spec: Invalid value: "object": foo is 0
        {rule: self.foo > 0, messageExpression: "string(1 / self.foo)", message: m} | spec: Invalid value: "object": m
        {rule: self.foo > 0, reason: FieldValueForbidden}                      | spec: Forbidden: failed rule: self.foo > 0
        {rule: self.foo > 0, reason: FieldValueRequired, fieldPath: .foo, message: m} | spec.foo: Required value: m
        {rule: self.foo > 0, reason: FieldValueDuplicate}                      | spec: Duplicate value: "object"
        {rule: self.foo > 0, fieldPath: ".details['k']", message: m}           | spec.details[k]: Invalid value: "object": m
        {rule: self.bar > 0}                                                   | spec: Invalid value: "object": no such key: bar evaluating rule: self.bar > 0
        {rule: "10 / self.foo > 0", message: m}                                | spec: Invalid value: "object": division by zero evaluating rule: m
        """)
    void aBrokenRuleSaysWhatItIsTold(String rule, String expected) {
        assertThat(validate(schema(EXAMPLES, "- " + rule), "{foo: 0}", null))
                .extracting(FieldError::message)
                .containsExactly(expected);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        x-kubernetes-validations: [{rule: self == oldSelf}], type: string ; a ; b ; spec.x: Invalid value: "a": failed rule: self == oldSelf
        x-kubernetes-validations: [{rule: self == oldSelf}], type: string ; a ; a ;
        x-kubernetes-validations: [{rule: self == oldSelf}], type: string ; a ;   ;
        x-kubernetes-validations: [{rule: "oldSelf.hasValue() || self == 'new'", optionalOldSelf: true}], type: string ; a ;   ; spec.x: Invalid value: "a": failed rule: oldSelf.hasValue() || self == 'new'
        x-kubernetes-validations: [{rule: "oldSelf.hasValue() || self == 'new'", optionalOldSelf: true}], type: string ; new ;   ;
        x-kubernetes-validations: [{rule: "!oldSelf.hasValue() || oldSelf.value() == self", optionalOldSelf: true}], type: string ; b ; a ; spec.x: Invalid value: "b": failed rule: !oldSelf.hasValue() || oldSelf.value() == self
        x-kubernetes-validations: [{rule: self > 5}], type: integer ; 1 ; 1 ;
        x-kubernetes-validations: [{rule: self > 5}], type: integer ; 1 ; 2 ; spec.x: Invalid value: 1: failed rule: self > 5
        type: array, x-kubernetes-list-type: map, x-kubernetes-list-map-keys: [k], items: {type: object, properties: {k: {type: string}, v: {type: integer, x-kubernetes-validations: [{rule: self >= oldSelf}]}}} ; [{k: b, v: 9}, {k: a, v: 1}] ; [{k: a, v: 2}] ; spec.x[1].v: Invalid value: 1: failed rule: self >= oldSelf
        type: object, additionalProperties: {type: integer, x-kubernetes-validations: [{rule: self >= oldSelf}]} ; {a: 1, b: 1} ; {a: 2} ; spec.x[a]: Invalid value: 1: failed rule: self >= oldSelf
        """)
    void rulesCompareWithWhatWasThere(String schema, String now, @Nullable String before, @Nullable String expected) {
        JsonNode whole = yaml("{type: object, properties: {spec: {type: object, properties: {x: {" + schema + "}}}}}");
        List<FieldError> errors =
                validate(whole, "{x: " + now + "}", before == null ? "{y: 1}" : "{x: " + before + "}");

        assertThat(errors).extracting(FieldError::message).isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = ';', quoteCharacter = '`', textBlock = """
        self.metadata.name != 'x'                   ; <nil>: Invalid value: "object": failed rule: self.metadata.name != 'x'
        self.metadata.name.size() > 5               ; <nil>: Invalid value: "object": failed rule: self.metadata.name.size() > 5
        self.spec.x == 2                            ; <nil>: Invalid value: "object": failed rule: self.spec.x == 2
        self.spec.spec.y == 'b'                     ; <nil>: Invalid value: "object": failed rule: self.spec.spec.y == 'b'
        self.spec.list.all(e, e.k == 'b')           ; <nil>: Invalid value: "object": failed rule: self.spec.list.all(e, e.k == 'b')
        has(self.status) && self.status.z > 1       ; <nil>: Invalid value: "object": failed rule: has(self.status) && self.status.z > 1
        self.kind == 'T' && oldSelf.spec.x == 1     ;
        """)
    void rulesOfTheWholeObjectLookIntoItsParts(String rule, @Nullable String expected) {
        ObjectNode schema = (ObjectNode) yaml("""
            type: object
            properties:
              spec:
                type: object
                properties:
                  x: {type: integer}
                  list: {type: array, maxItems: 3, items: {type: object, properties: {k: {type: string}}}}
                  spec: {type: object, properties: {y: {type: string}}}
              status: {type: object, properties: {z: {type: integer}}}
            """);
        schema.putArray("x-kubernetes-validations").addObject().put("rule", rule);
        assertThat(ObjectValidation.definitionProblems(schema, "schema", () -> ENGINE))
                .isEmpty();
        ObjectNode object = (ObjectNode)
                yaml(
                        "{apiVersion: g/v1, kind: T, metadata: {name: x}, spec: {x: 1, list: [{k: a}], spec: {y: a}}, status: {z: 1}}");
        ObjectNode old = object.deepCopy();
        old.withObject("/metadata").put("generation", 1);
        assertThat(ObjectValidation.of(schema, () -> ENGINE).validate(object, old))
                .extracting(FieldError::message)
                .isEqualTo(expected == null ? List.of() : List.of(expected));
    }

    @Test
    void rulesAreNotAskedOfWhatHasNotEvenTheRightShape() {
        JsonNode schema = schema(EXAMPLES, "- {rule: self.foo > 0}");

        assertThat(validate(schema, "{foo: a}", null))
                .extracting(FieldError::message)
                .containsExactly(
                        "spec.foo: Invalid value: \"string\": spec.foo in body must be of type integer: \"string\"",
                        "<nil>: Invalid value: \"null\": some validation rules were not checked because the object was"
                                + " invalid; correct the existing errors to complete validation");
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        {rule: ""}                                        | schema.properties[spec].x-kubernetes-validations[0].rule: Required value: rule is not specified
        {rule: self.foo}                                  | schema.properties[spec].x-kubernetes-validations[0].rule: Invalid value: "self.foo": cel expression must evaluate to a bool
        {rule: self.foo > 0, messageExpression: self.foo} | schema.properties[spec].x-kubernetes-validations[0].messageExpression: Invalid value: "self.foo": messageExpression must evaluate to a string
        {rule: self.foo > 0, reason: Nope}                | schema.properties[spec].x-kubernetes-validations[0].reason: Unsupported value: "Nope": supported values: "FieldValueRequired", "FieldValueForbidden", "FieldValueInvalid", "FieldValueDuplicate"
        {rule: self.foo > 0, fieldPath: .nope}            | schema.properties[spec].x-kubernetes-validations[0].fieldPath: Invalid value: ".nope": fieldPath must be a valid path: does not refer to a valid field
        {rule: self.foo > 0, optionalOldSelf: true}       | schema.properties[spec].x-kubernetes-validations[0].optionalOldSelf: Invalid value: true: may not be set if oldSelf is not used in rule
        {rule: self.foo > 0, message: "a\\nb"}            | schema.properties[spec].x-kubernetes-validations[0].message: Invalid value: "a\\nb": message must not contain line breaks
        """)
    void aRuleThatCannotBeIsRefusedWithItsDefinition(String rule, String expected) {
        assertThat(ObjectValidation.definitionProblems(schema(EXAMPLES, "- " + rule), "schema", () -> ENGINE))
                .extracting(FieldError::message)
                .containsExactly(expected);
    }

    @Test
    void aRuleThatDoesNotCompileShowsWhere() {
        assertThat(ObjectValidation.definitionProblems(
                        schema(EXAMPLES, "- {rule: self.nope > 0}"), "schema", () -> ENGINE))
                .extracting(FieldError::detail)
                .containsExactly("compilation failed: ERROR: <input>:1:5: undefined field 'nope'\n"
                        + " | self.nope > 0\n"
                        + " | ....^");
    }

    @ParameterizedTest(name = "{0} over {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        self.all(x, self.all(y, x == y))            | {type: array, items: {type: string}}                            | true
        self.all(x, self.all(y, x == y))            | {type: array, maxItems: 100, items: {type: string, maxLength: 10}} | false
        self.all(x, x.contains('foo'))              | {type: array, items: {type: string}}                            | true
        self.all(x, x.contains('foo'))              | {type: array, maxItems: 25, items: {type: string, maxLength: 10}} | false
        self.all(x, x.matches('^foo.*bar.*baz$'))   | {type: array, items: {type: string}}                            | true
        self.contains(self)                         | {type: string}                                                  | true
        self.matches('a+')                          | {type: string}                                                  | false
        self == oldSelf                             | {type: string}                                                  | false
        self.map(x, x + x).all(x, x.size() > 0)     | {type: array, maxItems: 10, items: {type: string, maxLength: 10}} | false
        """)
    void whatCouldCostTooMuchIsRefused(String rule, String schema, boolean refused) {
        ObjectNode field = (ObjectNode) yaml(schema);
        field.putArray("x-kubernetes-validations").addObject().put("rule", rule);
        ObjectNode whole = (ObjectNode) yaml("{type: object, properties: {spec: {type: object, properties: {}}}}");
        whole.withObject("/properties/spec/properties").set("x", field);

        List<FieldError> problems = ObjectValidation.definitionProblems(whole, "schema", () -> ENGINE);

        assertThat(problems.isEmpty()).isEqualTo(!refused);
        assertThat(problems)
                .filteredOn(p -> !p.field().equals("schema"))
                .allSatisfy(problem -> assertThat(problem.message())
                        .startsWith(
                                "schema.properties[spec].properties[x].x-kubernetes-validations[0].rule: Forbidden: "));
        assertThat(problems)
                .filteredOn(p -> p.detail().startsWith("estimated"))
                .hasSize(refused ? 1 : 0)
                .allSatisfy(problem -> assertThat(problem.detail())
                        .startsWith("estimated rule cost exceeds budget by factor of ")
                        .endsWith("(try simplifying the rule, or adding maxItems, maxProperties, and maxLength where"
                                + " arrays, maps, and strings are declared)"));
    }

    @Test
    void itemsOfAtomicListsHaveNoBefore() {
        JsonNode schema = yaml("{type: object, properties: {l: {type: array, maxItems: 3, items: {type: integer,"
                + " x-kubernetes-validations: [{rule: self == oldSelf}]}}}}");

        assertThat(ObjectValidation.definitionProblems(schema, "schema", () -> ENGINE))
                .extracting(FieldError::message)
                .containsExactly("schema.properties[l].items.x-kubernetes-validations[0].rule: Invalid value: \"self =="
                        + " oldSelf\": oldSelf cannot be used on the uncorrelatable portion of the schema within"
                        + " schema.properties[l]");
    }

    @Test
    void anObjectWhoseRulesCostTooMuchIsRefusedOnce() {
        JsonNode schema = yaml("{type: object, properties: {spec: {type: object, properties: {l: {type: array,"
                + " items: {type: integer}, x-kubernetes-validations: [{rule: 'self.all(a, self.all(b, a + b >= 0))'},"
                + " {rule: 'false'}]}}}}}");
        ObjectNode object = (ObjectNode) yaml("{spec: {l: []}}");
        for (int i = 0; i < 3_000; i++) {
            object.withArray("/spec/l").add(i);
        }

        assertThat(ObjectValidation.of(schema, () -> ENGINE).validate(object, null))
                .extracting(FieldError::message)
                .containsExactly(
                        "spec.l: Invalid value: \"array\": validation failed due to running out of cost budget,"
                                + " no further validation rules will be run");
    }

    private static JsonNode schema(String spec, String rules) {
        ObjectNode whole = (ObjectNode) yaml("{type: object, properties: {}}");
        ObjectNode inner = (ObjectNode) yaml(spec);
        inner.set("x-kubernetes-validations", yaml(rules));
        whole.withObject("/properties").set("spec", inner);
        return whole;
    }

    private static List<FieldError> validate(JsonNode schema, String spec, @Nullable String old) {
        ObjectNode object = (ObjectNode) yaml("{spec: " + spec + "}");
        return ObjectValidation.of(schema, () -> ENGINE)
                .validate(object, old == null ? null : (ObjectNode) yaml("{spec: " + old + "}"));
    }

    private static JsonNode yaml(String text) {
        var loader = new org.yaml.snakeyaml.LoaderOptions();
        Object tree = new Yaml(
                        new org.yaml.snakeyaml.constructor.SafeConstructor(loader),
                        new org.yaml.snakeyaml.representer.Representer(new org.yaml.snakeyaml.DumperOptions()),
                        new org.yaml.snakeyaml.DumperOptions(),
                        loader,
                        new TextTimes())
                .load(text);
        return Json.mapper().valueToTree(tree);
    }

    /** Times are texts in Kubernetes' YAML. */
    private static final class TextTimes extends org.yaml.snakeyaml.resolver.Resolver {

        @Override
        public void addImplicitResolver(
                org.yaml.snakeyaml.nodes.Tag tag, java.util.regex.Pattern regexp, String first, int limit) {
            if (!tag.equals(org.yaml.snakeyaml.nodes.Tag.TIMESTAMP)) {
                super.addImplicitResolver(tag, regexp, first, limit);
            }
        }
    }
}
