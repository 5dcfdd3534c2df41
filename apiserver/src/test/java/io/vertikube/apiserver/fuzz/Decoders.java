package io.vertikube.apiserver.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.apply.FieldSet;
import io.vertikube.apiserver.apply.ManagedFields;
import io.vertikube.apiserver.apply.ServerSideApply;
import io.vertikube.apiserver.apply.Writer;
import io.vertikube.apiserver.front.MediaType;
import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.apiserver.patch.JsonPatch;
import io.vertikube.apiserver.patch.MergePatch;
import io.vertikube.apiserver.patch.StrategicMergePatch;
import io.vertikube.apiserver.protobuf.ProtobufCodec;
import io.vertikube.apiserver.resource.ContinueTokens;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.apiserver.schema.DecodeLimits;
import io.vertikube.apiserver.schema.Decoder;
import io.vertikube.apiserver.schema.Defaulter;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.table.JsonPath;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import io.vertikube.value.Cidr;
import io.vertikube.value.Quantities;
import io.vertikube.value.Selectors;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The decoders by name. Each takes any bytes and either ends, or refuses with {@link ApiException} or (where its caller
 * turns that into one) {@link IllegalArgumentException}; all else is a finding, as is a law that does not hold. Safe for
 * any thread.
 */
final class Decoders {

    /** A decoder under test. */
    @FunctionalInterface
    interface UnderTest {
        void take(byte[] input);
    }

    private static final Gvk DEPLOYMENT = new Gvk("apps", "v1", "Deployment");
    private static final List<Gvk> KINDS = List.of(
            DEPLOYMENT,
            new Gvk("", "v1", "Pod"),
            new Gvk("", "v1", "Service"),
            new Gvk("", "v1", "Secret"),
            new Gvk("networking.k8s.io", "v1", "Ingress"),
            new Gvk("autoscaling", "v2", "HorizontalPodAutoscaler"),
            new Gvk("rbac.authorization.k8s.io", "v1", "ClusterRole"));
    private static final String LIVE = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"web","namespace":"a","labels":{"x":"y"},
            "finalizers":["a/b","c/d"]},"spec":{"replicas":3,"selector":{"matchLabels":{"app":"web"}},"template":{
            "metadata":{"labels":{"app":"web"}},"spec":{"containers":[{"name":"a","image":"i","ports":[{"containerPort":80,
            "protocol":"TCP"}],"env":[{"name":"K","value":"V"}]},{"name":"b","image":"j"}],
            "tolerations":[{"key":"k","operator":"Exists"}]}}}}""";

    private final BuiltInSchemas schemas = BuiltInSchemas.load();
    private final ProtobufCodec protobuf = new ProtobufCodec(schemas);
    private final Decoder decoder = new Decoder(schemas, DecodeLimits.DEFAULT, protobuf);
    private final Schema deployment = schemas.of(DEPLOYMENT).orElseThrow();
    private final Map<String, UnderTest> byName = new TreeMap<>(Map.ofEntries(
            Map.entry("json", body("application/json")),
            Map.entry("yaml", body("application/yaml")),
            Map.entry("protobuf", this::protobuf),
            Map.entry("json-patch", in -> JsonPatch.apply(live(), tree(in))),
            Map.entry("merge-patch", in -> MergePatch.apply(live(), tree(in))),
            Map.entry("strategic-merge-patch", in -> StrategicMergePatch.apply(live(), tree(in), deployment)),
            Map.entry("server-side-apply", this::serverSideApply),
            Map.entry("managed-fields", this::managedFields),
            Map.entry("field-set", this::fieldSet),
            Map.entry("label-selector", in -> Selectors.labels(text(in)).matches(Map.of("a", "b"))),
            Map.entry("field-selector", in -> Selectors.fields(text(in)).matches(Map.of("a", "b"))),
            Map.entry("quantity", Decoders::quantity),
            Map.entry("continue-token", in -> ContinueTokens.roundTrip(text(in))),
            Map.entry("accept-header", in -> MediaType.accept(text(in))),
            Map.entry("request-path", in -> RequestInfo.of("GET", "/" + text(in), noQuery())),
            Map.entry("json-path", in -> JsonPath.parse(text(in)).find(live())),
            Map.entry("cidr", in -> Cidr.parse(text(in)).size())));

    List<String> names() {
        return List.copyOf(byName.keySet());
    }

    /** Feeds one decoder; a refusal in the API's own way is fine. */
    void feed(String name, byte[] input) {
        try {
            Objects.requireNonNull(byName.get(name), name).take(input);
        } catch (ApiException e) {
            // Kubernetes answers 500 where a merge key is missing or an applied configuration does not fit its schema.
            boolean asKubernetes = name.equals("server-side-apply") || name.equals("strategic-merge-patch");
            require(e.code() >= 400 && e.code() < 500 || asKubernetes && e.code() == 500, "refused with " + e.code());
            require(String.valueOf(e.getMessage()).length() < 64 * 1024, "a sentence of a book's length");
        } catch (IllegalArgumentException e) {
            require(!name.endsWith("patch") && !name.equals("json") && !name.equals("yaml"), "a bare " + e);
        }
    }

    /** The first byte says the kind; what was decoded is stored and read back, and then is the same. */
    private UnderTest body(String contentType) {
        return input -> {
            Gvk kind = KINDS.get(input.length == 0 ? 0 : Math.floorMod(input[0], KINDS.size()));
            byte[] body = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
            ObjectNode first = decoder.decode(body, contentType, kind).object();
            ObjectNode again =
                    decoder.decode(Json.bytes(first), "application/json", kind).object();
            require(Arrays.equals(Json.bytes(first), Json.bytes(again)), "decoding what was decoded changes it");
            Defaulter.applyDefaults(schemas.of(kind).orElseThrow(), first);
            decoder.decode(Json.bytes(first), "application/json", kind);
        };
    }

    private void protobuf(byte[] input) {
        Gvk kind = KINDS.get(input.length == 0 ? 0 : Math.floorMod(input[0], KINDS.size()));
        byte[] body = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
        ObjectNode first = protobuf.read(body, kind);
        ObjectNode decoded = decoder.convert(
                        first,
                        Gvk.of(
                                first.path("apiVersion").asText(),
                                first.path("kind").asText()))
                .object();
        protobuf.write(decoded);
    }

    private void serverSideApply(byte[] input) {
        JsonNode config = decoder.tree(input, "application/yaml");
        if (config instanceof ObjectNode object && !object.toString().contains(":null")) {
            object.put("apiVersion", "apps/v1").put("kind", "Deployment");
            ObjectNode once = ServerSideApply.apply(live(), object, deployment, writer("me"), true);
            ObjectNode twice = ServerSideApply.apply(once, object, deployment, writer("me"), true);
            require(once.equals(twice), "applying twice changes something");
        }
    }

    private void managedFields(byte[] input) {
        ObjectNode object = live();
        ((ObjectNode) object.path("metadata")).set("managedFields", tree(input));
        ManagedFields.update(live(), object, deployment, writer("other"));
    }

    private void fieldSet(byte[] input) {
        FieldSet set = FieldSet.parse(tree(input));
        require(FieldSet.parse(set.toJson()).equals(set), "a field set does not read what it wrote");
        require(set.union(set).equals(set) && set.difference(set).isEmpty(), "sets are no sets");
    }

    private static void quantity(byte[] input) {
        String canonical = Quantities.canonical(text(input));
        require(Quantities.canonical(canonical).equals(canonical), "canonical is not canonical: " + canonical);
        require(
                Quantities.parse(canonical).compareTo(Quantities.parse(text(input))) == 0,
                "canonical is another value: " + canonical);
    }

    private JsonNode tree(byte[] input) {
        return decoder.tree(input, "application/json");
    }

    private static ObjectNode live() {
        return (ObjectNode) Json.tree(LIVE.getBytes(StandardCharsets.UTF_8));
    }

    private static Writer writer(String name) {
        return new Writer(name, "", DEPLOYMENT, true, List.of(), Instant.EPOCH);
    }

    private static Query noQuery() {
        return new Query(MultiMap.caseInsensitiveMultiMap());
    }

    private static String text(byte[] input) {
        return new String(input, StandardCharsets.UTF_8);
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}
