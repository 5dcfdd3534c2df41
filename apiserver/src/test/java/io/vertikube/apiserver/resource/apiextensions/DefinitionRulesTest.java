package io.vertikube.apiserver.resource.apiextensions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.cel.CelEngine;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.object.FieldError;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a definition may say, in Kubernetes' sentences. */
class DefinitionRulesTest {

    private static final DefinitionStrategy RULES =
            new DefinitionStrategy(new Once<>(() -> new CelEngine(CelLimits.DEFAULT)));

    private static ObjectNode tree(String json) {
        return (ObjectNode) Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static ObjectNode definition(String... versions) {
        ObjectNode definition = tree("""
                {'apiVersion': 'apiextensions.k8s.io/v1', 'kind': 'CustomResourceDefinition',
                 'metadata': {'name': 'widgets.example.com'},
                 'spec': {'group': 'example.com', 'scope': 'Namespaced', 'conversion': {'strategy': 'None'},
                          'names': {'plural': 'widgets', 'kind': 'Widget'}, 'versions': [%s]}}""".formatted(String.join(",", versions)));
        RULES.applyDefaults(definition);
        RULES.prepareForCreate(definition);
        return definition;
    }

    private static String version(String name, boolean storage, String schema) {
        return "{'name': '%s', 'served': true, 'storage': %s, 'schema': {'openAPIV3Schema': %s}}"
                .formatted(name, storage, schema);
    }

    private static ObjectNode withSpec(String specSchema) {
        return definition(version("v1", true, "{'type': 'object', 'properties': {'spec': %s}}".formatted(specSchema)));
    }

    private static List<String> problems(ObjectNode definition) {
        return RULES.validate(definition).stream().map(FieldError::message).toList();
    }

    @Test
    void aProperDefinitionHasNoProblem() {
        assertThat(problems(withSpec("{'type': 'object', 'properties': {'a': {'type': 'string'}}}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            /metadata/name       | x.example.com | metadata.name: Invalid value: "x.example.com": must be spec.names.plural+"."+spec.group
            /spec/scope          | Galaxy        | spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"
            /spec/names/kind     | Wid_get       | spec.names.kind: Invalid value: "Wid_get": may have mixed case, but should otherwise match: a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')
            /spec/names/listKind | Widget        | spec.names.listKind: Invalid value: "Widget": kind and listKind may not be the same
            /spec/conversion/strategy | Magic    | spec.conversion.strategy: Unsupported value: "Magic": supported values: "None", "Webhook"
            /spec/versions/0/deprecationWarning | old | spec.versions[0].deprecationWarning: Invalid value: "old": can only be set for deprecated versions
            """)
    void aWrongWordIsNamed(String pointer, String value, String message) {
        ObjectNode definition = withSpec("{'type': 'object'}");
        int last = pointer.lastIndexOf('/');
        ((ObjectNode) definition.at(pointer.substring(0, last))).put(pointer.substring(last + 1), value);
        assertThat(problems(definition)).contains(message);
    }

    @Test
    void aGroupIsADomain() {
        ObjectNode definition = withSpec("{'type': 'object'}");
        definition.withObject("/spec").put("group", "example");
        definition.withObject("/metadata").put("name", "widgets.example");
        assertThat(problems(definition))
                .containsExactly("spec.group: Invalid value: \"example\": should be a domain with at least one dot");
    }

    @Test
    void oneVersionIsStored() {
        String schema = "{'type': 'object'}";
        assertThat(problems(definition(version("v1", true, schema), version("v2", true, schema))))
                .anyMatch(m -> m.endsWith("must have exactly one version marked as storage version"));
        assertThat(problems(definition(version("v1", false, schema))))
                .anyMatch(m -> m.endsWith("must have exactly one version marked as storage version"));
        assertThat(problems(definition(version("v1", true, schema), version("v1", false, schema))))
                .anyMatch(m -> m.endsWith("must contain unique version names"));
    }

    @Test
    void schemasAreRequired() {
        assertThat(problems(definition("{'name': 'v1', 'served': true, 'storage': true}")))
                .containsExactly("spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required");
    }

    @Test
    void protectedGroupsNeedApproval() {
        ObjectNode definition = withSpec("{'type': 'object'}");
        definition.withObject("/spec").put("group", "example.k8s.io");
        definition.withObject("/metadata").put("name", "widgets.example.k8s.io");
        assertThat(problems(definition))
                .containsExactly(
                        "metadata.annotations[api-approved.kubernetes.io]: Required value: protected groups must"
                                + " have approval annotation \"api-approved.kubernetes.io\", see"
                                + " https://github.com/kubernetes/enhancements/pull/1111");
        definition.withObject("/metadata/annotations").put("api-approved.kubernetes.io", "unapproved, a trial");
        assertThat(problems(definition)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'properties': {}}                                  | type: Required value: must not be empty for specified object fields
            {'type': 'object', 'properties': {'a': {}}}         | properties[a].type: Required value: must not be empty for specified object fields
            {'type': 'array', 'items': {}}                      | items.type: Required value: must not be empty for specified array items
            {'type': 'array'}                                   | items: Required value: must be specified
            {'type': 'text'}                                    | type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"
            {'type': 'null'}                                    | type: Forbidden: type cannot be set to null, use nullable as an alternative
            {'type': 'array', 'uniqueItems': true, 'items': {'type': 'string'}} | uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic
            {'type': 'object', 'additionalProperties': false}   | additionalProperties: Forbidden: additionalProperties cannot be set to false
            {'type': 'object', 'properties': {'a': {'type': 'string'}}, 'additionalProperties': {'type': 'string'}} | additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive
            {'type': 'object', '$ref': '#/x'}                   | $ref: Forbidden: $ref is not supported
            {'type': 'object', 'x-kubernetes-preserve-unknown-fields': false} | x-kubernetes-preserve-unknown-fields: Invalid value: false: must be true or undefined
            {'type': 'string', 'pattern': '('}                  | pattern: Invalid value: "(": must be a valid regular expression, but isn't: error parsing regexp: missing closing ): `(`
            {'type': 'integer', 'x-kubernetes-int-or-string': true} | type: Invalid value: "integer": must be empty if x-kubernetes-int-or-string is true
            {'type': 'string', 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true} | type: Invalid value: "string": must be object if x-kubernetes-embedded-resource is true
            {'type': 'object', 'x-kubernetes-embedded-resource': true} | properties: Required value: must not be empty if x-kubernetes-embedded-resource is true without x-kubernetes-preserve-unknown-fields
            {'type': 'string', 'x-kubernetes-map-type': 'atomic'} | type: Invalid value: "string": must be object if x-kubernetes-map-type is specified
            {'type': 'object', 'x-kubernetes-list-type': 'set'} | type: Invalid value: "object": must be array if x-kubernetes-list-type is specified
            {'type': 'array', 'items': {'type': 'object'}, 'x-kubernetes-list-type': 'map'} | x-kubernetes-list-map-keys: Required value: must not be empty if x-kubernetes-list-type is map
            {'type': 'array', 'items': {'type': 'object'}, 'x-kubernetes-list-map-keys': ['a']} | x-kubernetes-list-type: Required value: must be map if x-kubernetes-list-map-keys is non-empty
            {'type': 'array', 'items': {'type': 'object', 'properties': {'a': {'type': 'string'}}}, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a']} | items.properties[a].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property
            {'type': 'array', 'items': {'type': 'object', 'required': ['a']}, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['a']} | x-kubernetes-list-map-keys: Invalid value: ["a"]: entries must all be names of item properties
            {'type': 'array', 'items': {'type': 'object'}, 'x-kubernetes-list-type': 'set'} | items.x-kubernetes-map-type: Invalid value: "": must be atomic as item of a list with x-kubernetes-list-type=set
            {'type': 'object', 'anyOf': [{'type': 'object'}]}   | anyOf[0].type: Forbidden: must be empty to be structural
            {'type': 'object', 'anyOf': [{'properties': {'a': {'minimum': 1}}}]} | properties[a]: Required value: because it is defined in spec.validation.openAPIV3Schema.properties[spec].anyOf[0].properties[a]
            {'type': 'object', 'not': {'default': 1}}           | not.default: Forbidden: must be undefined to be structural
            {'type': 'object', 'properties': {'a': {'type': 'object', 'default': {'b': 1}}}} | properties[a].default: Invalid value: {"b":1}: must not have unknown fields
            """)
    void aSchemaIsStructural(String schema, String message) {
        assertThat(problems(withSpec(schema))).contains("spec.validation.openAPIV3Schema.properties[spec]." + message);
    }

    @Test
    void theRootIsAnObjectWithItsOwnMetadata() {
        assertThat(problems(definition(version("v1", true, "{'type': 'string'}"))))
                .contains(
                        "spec.validation.openAPIV3Schema.type: Invalid value: \"string\": must be object at the root");
        assertThat(problems(definition(version("v1", true, "{'properties': {}}"))))
                .contains("spec.validation.openAPIV3Schema.type: Required value: must not be empty at the root");
        assertThat(
                        problems(
                                definition(
                                        version(
                                                "v1",
                                                true,
                                                "{'type': 'object', 'properties': {'metadata': {'type': 'object', 'properties': {'labels': {'type': 'object'}}}}}"))))
                .contains("spec.validation.openAPIV3Schema.properties[metadata].properties[labels]: Forbidden: must not"
                        + " specify anything other than name and generateName, but metadata is implicitly specified");
    }

    @Test
    void whatVersionsSayApartIsNamedApart() {
        assertThat(problems(definition(
                        version("v1", true, "{'type': 'object'}"), version("v2", false, "{'type': 'array'}"))))
                .contains(
                        "spec.versions[1].schema.openAPIV3Schema.type: Invalid value: \"array\": must be object at the root");
    }

    @Test
    void anIntOrStringMayChooseByType() {
        assertThat(
                        problems(
                                withSpec(
                                        "{'type': 'object', 'properties': {'a': {'x-kubernetes-int-or-string': true, 'anyOf': [{'type': 'integer'}, {'type': 'string'}]}}}")))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            additionalPrinterColumns | [{'name': 'A', 'type': 'word', 'jsonPath': '.a'}] | spec.additionalPrinterColumns[0].type: Invalid value: "word": must be one of boolean,date,integer,number,string
            additionalPrinterColumns | [{'name': 'A', 'type': 'string', 'jsonPath': 'a'}] | spec.additionalPrinterColumns[0].JSONPath: Invalid value: "a": must be a simple json path starting with .
            additionalPrinterColumns | [{'name': 'A', 'type': 'string'}] | spec.additionalPrinterColumns[0].JSONPath: Required value
            subresources | {'scale': {'statusReplicasPath': '.status.a'}} | spec.subresources.scale.specReplicasPath: Required value
            subresources | {'scale': {'specReplicasPath': '.a.b', 'statusReplicasPath': '.status.a'}} | spec.subresources.scale.specReplicasPath: Invalid value: ".a.b": should be a json path under .spec
            selectableFields | [{'jsonPath': '.spec.none'}] | spec.selectableFields[0].jsonPath: Invalid value: ".spec.none": is an invalid path: does not refer to a valid field
            selectableFields | [{'jsonPath': '.metadata.name'}] | spec.selectableFields[0].jsonPath: Invalid value: ".metadata.name": must not point to fields in metadata
            selectableFields | [{'jsonPath': '.spec'}] | spec.selectableFields[0].jsonPath: Invalid value: ".spec": must point to a field of type string, boolean or integer. Enum string fields and strings with formats are allowed.
            selectableFields | [{'jsonPath': '.spec.a'}, {'jsonPath': '.spec.a'}] | spec.selectableFields[1].jsonPath: Duplicate value: ".spec.a"
            """)
    void pathsAreChecked(String field, String value, String message) {
        ObjectNode definition = withSpec("{'type': 'object', 'properties': {'a': {'type': 'string'}}}");
        ((ObjectNode) definition.at("/spec/versions/0"))
                .set(field, tree("{'v': " + value + "}").get("v"));
        assertThat(problems(definition)).anyMatch(m -> m.startsWith(message));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {'strategy': 'Webhook'} | spec.conversion.webhookClientConfig: Required value: required when strategy is set to Webhook
            {'strategy': 'Webhook', 'webhook': {'clientConfig': {}}} | spec.conversion.webhookClientConfig: Required value: exactly one of url or service is required
            {'strategy': 'Webhook', 'webhook': {'clientConfig': {'url': 'http://a'}, 'conversionReviewVersions': ['v1']}} | spec.conversion.webhookClientConfig.url: Invalid value: "http": 'https' is the only allowed URL scheme; desired format: https://host[/path]
            {'strategy': 'Webhook', 'webhook': {'clientConfig': {'url': 'https://a'}, 'conversionReviewVersions': ['v9']}} | spec.conversion.conversionReviewVersions: Invalid value: ["v9"]: must include at least one of v1, v1beta1
            {'strategy': 'Webhook', 'webhook': {'clientConfig': {'service': {'name': 's'}}, 'conversionReviewVersions': ['v1']}} | spec.conversion.webhookClientConfig.service.namespace: Required value: service namespace is required
            {'strategy': 'None', 'webhook': {'conversionReviewVersions': ['v1']}} | spec.conversion.conversionReviewVersions: Forbidden: should not be set when strategy is not set to Webhook
            """)
    void conversionIsChecked(String conversion, String message) {
        ObjectNode definition = withSpec("{'type': 'object'}");
        definition.withObject("/spec").set("conversion", tree(conversion));
        assertThat(problems(definition)).contains(message);
    }

    @Test
    void storedVersionsAreKeptAndLeftInOrder() {
        ObjectNode old = withSpec("{'type': 'object'}");
        ObjectNode next = old.deepCopy();
        ObjectNode second = tree(version("v2", true, "{'type': 'object'}"));
        ((ObjectNode) next.at("/spec/versions/0")).put("storage", false);
        next.withArray("/spec/versions").add(second);
        RULES.prepareForUpdate(next, old);
        assertThat(next.at("/status/storedVersions")).hasToString("[\"v1\",\"v2\"]");
        assertThat(RULES.validateUpdate(next, old)).isEmpty();
        ObjectNode gone = next.deepCopy();
        gone.withArray("/spec/versions").remove(0);
        assertThat(RULES.validateUpdate(gone, next).stream().map(FieldError::message))
                .containsExactly(
                        "status.storedVersions[0]: Invalid value: \"v1\": missing from spec.versions; v1 was previously a"
                                + " storage version, and must remain in spec.versions until a storage migration ensures no data"
                                + " remains persisted in v1 and removes v1 from status.storedVersions");
    }

    @Test
    void whatStorageDependsOnStays() {
        ObjectNode old = withSpec("{'type': 'object'}");
        old.withArray("/status/conditions")
                .addObject()
                .put("type", "Established")
                .put("status", "True");
        ObjectNode next = old.deepCopy();
        next.withObject("/spec").put("scope", "Cluster");
        next.withObject("/spec/names").put("kind", "Gadget").put("listKind", "GadgetList");
        assertThat(RULES.validateUpdate(next, old).stream().map(FieldError::message))
                .containsExactly(
                        "spec.scope: Invalid value: \"Cluster\": field is immutable",
                        "spec.names.kind: Invalid value: \"Gadget\": field is immutable");
    }
}
