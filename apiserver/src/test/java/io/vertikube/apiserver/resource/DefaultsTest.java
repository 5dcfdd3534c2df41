package io.vertikube.apiserver.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.admission.AdmissionChain;
import io.vertikube.apiserver.admission.AdmissionPlugins;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.admission.ServiceAddresses;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.StorageLimits;
import io.vertikube.apiserver.storage.embedded.EmbeddedStore;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Json;
import io.vertikube.value.Cidr;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What people leave out is filled in as {@code rules/defaults.json} says, from the schema to the last plugin. */
final class DefaultsTest {

    private ObjectStorage storage;
    private AdmissionChain admission;

    @BeforeEach
    void start() {
        storage = new ObjectStorage(
                EmbeddedStore.inMemory(), p -> List.of(), StorageLimits.defaults(), new SimpleMeterRegistry());
        storage.create("/registry/core/namespaces/shop", named("Namespace", "shop"));
        storage.create("/registry/core/serviceaccounts/shop/default", named("ServiceAccount", "default"));
        var addresses =
                new ServiceAddresses(storage, Cidr.parse("10.96.0.0/16"), new Random(1), InstantSource.system());
        admission = AdmissionPlugins.standard(storage, new Random(1), List.of(), addresses);
    }

    @AfterEach
    void stop() {
        storage.close();
    }

    @TestFactory
    Stream<DynamicTest> whatIsLeftOutIsFilledIn() {
        return Cases.read("/rules/defaults.json").stream()
                .map(c -> DynamicTest.dynamicTest(c.path("case").asText(), () -> check(c)));
    }

    private void check(JsonNode c) {
        ObjectNode object = Cases.decoded(c.path("object"));
        ResourceType type = Cases.type(object);
        Strategy rules = Strategies.of(type);
        var request = new AdmissionRequest(
                Operation.CREATE,
                type,
                "",
                Trees.text(object, "metadata", "namespace"),
                Trees.text(object, "metadata", "name"),
                object,
                null,
                UserInfo.of("admin", "system:masters"),
                false);
        admission.mutate(request);
        rules.prepareForCreate(object);
        assertEquals(List.of(), rules.validate(object));
        admission.validate(request);
        Trees.object(object, "metadata").remove("uid");
        List<String> expected = lines(c.path("stored"));
        List<String> actual = lines(Json.tree(Json.bytes(object)));
        var missing = new ArrayList<>(expected);
        missing.removeAll(actual);
        actual.removeAll(expected);
        assertEquals("missing [] unexpected []", "missing " + missing + " unexpected " + actual);
    }

    private static List<String> lines(JsonNode tree) {
        var lines = new ArrayList<String>();
        collect("", tree, lines);
        lines.replaceAll(line -> line.replaceAll("kube-api-access-[a-z0-9]{5}", "kube-api-access-<random>")
                .replaceAll("10\\.96\\.[0-9.]+", "<address>")
                .replace("u-1", "<uid>"));
        return lines;
    }

    private static void collect(String path, JsonNode node, List<String> lines) {
        if (node.isObject() && !node.isEmpty()) {
            var sorted = new TreeMap<String, JsonNode>();
            node.properties().forEach(e -> sorted.put(e.getKey(), e.getValue()));
            sorted.forEach((key, value) -> collect(path + "." + key, value, lines));
        } else if (node.isArray() && !node.isEmpty()) {
            for (int i = 0; i < node.size(); i++) {
                collect(path + "[" + i + "]", node.get(i), lines);
            }
        } else {
            lines.add(path + " = " + node);
        }
    }

    private static ObjectNode named(String kind, String name) {
        ObjectNode object = Trees.newObject().put("apiVersion", "v1").put("kind", kind);
        object.putObject("metadata").put("name", name).put("uid", "u-" + kind);
        return object;
    }
}
