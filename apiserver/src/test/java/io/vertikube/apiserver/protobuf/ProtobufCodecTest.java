package io.vertikube.apiserver.protobuf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.DecodeLimits;
import io.vertikube.apiserver.schema.Decoder;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

final class ProtobufCodecTest {

    private static final String TYPE = "application/vnd.kubernetes.protobuf";
    private static final BuiltInSchemas SCHEMAS = BuiltInSchemas.load();

    private final ProtobufCodec codec = new ProtobufCodec(SCHEMAS);
    private final Decoder decoder = new Decoder(SCHEMAS, DecodeLimits.DEFAULT, codec);

    static Stream<Arguments> bodies() throws IOException {
        try (var in = ProtobufCodecTest.class.getResourceAsStream("/protobuf/kubectl-create.tsv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .filter(line -> !line.startsWith("#"))
                            .map(line -> line.split("\t"))
                            .map(columns -> Arguments.of(columns[0], columns[1]))
                            .toList()
                            .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("bodies")
    void whatKubectlSendsIsWhatItPrints(String base64, String printed) {
        ObjectNode raw = codec.read(Base64.getDecoder().decode(base64), new Gvk("", "v1", "Pod"));
        Gvk type = Gvk.of(raw.path("apiVersion").asText(), raw.path("kind").asText());
        ObjectNode read =
                decoder.decode(Base64.getDecoder().decode(base64), TYPE, type).object();
        if (!printed.equals("-")) {
            byte[] json = printed.getBytes(StandardCharsets.UTF_8);
            ObjectNode expected = decoder.decode(json, "application/json", type).object();
            // Printing adds a namespace where the connection has one.
            dropDefaultNamespace(read);
            dropDefaultNamespace(expected);
            assertThat((JsonNode) read).isEqualTo(expected);
        }
        ObjectNode again = decoder.decode(codec.write(read), TYPE, type).object();
        assertThat((JsonNode) again).isEqualTo(read);
    }

    private static void dropDefaultNamespace(ObjectNode object) {
        if (object.path("metadata").path("namespace").asText().equals("default")) {
            object.withObject("/metadata").remove("namespace");
        }
        dropEmptyTimes(object);
    }

    private static void dropEmptyTimes(JsonNode node) {
        if (node instanceof ObjectNode object) {
            object.remove("creationTimestamp");
        }
        node.forEach(ProtobufCodecTest::dropEmptyTimes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"""
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"p","creationTimestamp":"2026-01-02T03:04:05Z",
                 "labels":{"a":"b"},"managedFields":[{"manager":"m","fieldsV1":{"f:spec":{}}}]},
                 "spec":{"containers":[{"name":"c","image":"i","env":[{"name":"E","valueFrom":{"configMapKeyRef":
                 {"name":"n","key":"k","optional":false}}}],"resources":{"limits":{"cpu":"500m"}},
                 "livenessProbe":{"httpGet":{"path":"/","port":"web"},"timeoutSeconds":1},
                 "securityContext":{"runAsUser":0,"readOnlyRootFilesystem":false}}],
                 "volumes":[{"name":"v","emptyDir":{}},{"name":"w","hostPath":{"path":"/x","type":""}}],
                 "automountServiceAccountToken":false}}""", """
                {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"l"},
                 "spec":{"holderIdentity":"","renewTime":"2026-01-02T03:04:05.000006Z","leaseDurationSeconds":15}}""", """
                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"a.b"},
                 "spec":{"group":"b","scope":"Namespaced","names":{"plural":"a","kind":"A"},"versions":[{"name":"v1",
                 "served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":
                 {"type":"object","x-kubernetes-preserve-unknown-fields":true,"default":{"x":1},
                 "properties":{"list":{"type":"array","items":{"type":"string","enum":["a","b"]}},
                 "map":{"additionalProperties":{"type":"integer","maximum":3.0}},
                 "any":{"additionalProperties":true}}}}}}}]}}""", """
                {"apiVersion":"authorization.k8s.io/v1","kind":"SubjectAccessReview","metadata":{"name":"x"},
                 "spec":{"user":"u","extra":{"a":["b","c"]},"resourceAttributes":{"verb":"get"}},
                 "status":{"allowed":true}}""", """
                {"apiVersion":"apps/v1","kind":"ControllerRevision","metadata":{"name":"r"},
                 "data":{"spec":{"template":{"$patch":"replace"}}},"revision":3}""", """
                {"apiVersion":"v1","kind":"Service","metadata":{"name":"s"},"spec":{"ports":[{"port":80,
                 "targetPort":"web"}],"selector":{"a":"b"}},"status":{"loadBalancer":{}}}"""})
    void writtenIsReadBack(String json) {
        ObjectNode tree = (ObjectNode) Json.tree(json.getBytes(StandardCharsets.UTF_8));
        Gvk type = Gvk.of(tree.path("apiVersion").asText(), tree.path("kind").asText());
        ObjectNode object = decoder.convert(tree, type).object();
        assertThat((JsonNode) decoder.decode(codec.write(object), TYPE, type).object())
                .isEqualTo(object);
    }

    /** Every field that a client can send has a place in the tree. */
    @Test
    void noFieldOfTheWireIsLost() {
        var types = MessageTypes.load();
        List<String> lost = new ArrayList<>();
        Set<String> seen = new HashSet<>();
        for (ResourceType type : Catalog.builtIn().all()) {
            Schema schema = SCHEMAS.of(type.gvk()).orElseThrow();
            assertThat(codec.knows(type.gvk())).as(type.plural()).isTrue();
            walk(types.ofDefinition(schema.definition()).orElseThrow(), schema, lost, seen);
        }
        // The descriptors have one field more than the model of the same release.
        assertThat(lost).containsOnly("k8s.io.api.autoscaling.v2.HorizontalPodAutoscalerCondition.observedGeneration");
        assertThat(seen).hasSizeGreaterThan(400);
    }

    private static void walk(Descriptor message, Schema schema, List<String> lost, Set<String> seen) {
        if (schema.type() != Schema.Type.OBJECT
                || schema.preserveUnknownFields()
                || !seen.add(message.getFullName() + " as " + schema.definition())) {
            return;
        }
        FieldPlan plan = FieldPlan.of(message, schema);
        plan.unknown().forEach(field -> lost.add(field.getFullName()));
        plan.spread().forEach(step -> walk(step.field().getMessageType(), schema, lost, seen));
        for (FieldPlan.Named one : plan.named()) {
            FieldDescriptor field = one.field();
            Schema inner = one.schema();
            if (field.isMapField()) {
                field = field.getMessageType().findFieldByNumber(2);
                inner = inner.additionalProperties().orElse(inner);
            } else if (field.isRepeated()) {
                inner = inner.items().orElse(inner);
            }
            if (field.getJavaType() == FieldDescriptor.JavaType.MESSAGE) {
                walk(field.getMessageType(), inner, lost, seen);
            }
        }
    }

    /** Lists are written in two parts, whose numbers are the same in every list. */
    @Test
    void everyListHasItsMetadataAndItsItemsAtTheSamePlace() {
        var types = MessageTypes.load();
        for (ResourceType type : Catalog.builtIn().all()) {
            if (type.hasVerb("list")) {
                Schema schema = SCHEMAS.of(new Gvk(type.group(), type.version(), type.kind() + "List"))
                        .orElseThrow();
                Descriptor list = types.ofDefinition(schema.definition()).orElseThrow();
                assertThat(list.findFieldByNumber(1).getName()).isEqualTo("metadata");
                assertThat(list.findFieldByNumber(2).getName()).isEqualTo("items");
            }
        }
    }

    @Test
    void whatIsNoProtobufIsRefused() {
        Gvk pod = new Gvk("", "v1", "Pod");
        assertThatThrownBy(() -> decoder.decode("{}".getBytes(StandardCharsets.UTF_8), TYPE, pod))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
        byte[] broken = {'k', '8', 's', 0, 10, 127, 1};
        assertThatThrownBy(() -> decoder.decode(broken, TYPE, pod))
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.code()).isEqualTo(400));
        assertThat(codec.knows(new Gvk("example.com", "v1", "Thing"))).isFalse();
    }
}
