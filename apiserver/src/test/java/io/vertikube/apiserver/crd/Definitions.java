package io.vertikube.apiserver.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.apiserver.TestApi.Reply;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BooleanSupplier;

/** Definitions for tests, and how to put them in place. */
final class Definitions {

    static final String PATH = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

    private Definitions() {}

    /** A namespaced definition with one version v1 whose {@code spec} has this schema. */
    static ObjectNode simple(String group, String plural, String kind, String specSchema) {
        return definition(group, plural, kind, version("v1", true, specSchema));
    }

    static ObjectNode definition(String group, String plural, String kind, String... versions) {
        return tree("""
                {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition",
                 "metadata": {"name": "%s.%s"},
                 "spec": {"group": "%s", "scope": "Namespaced", "names": {"plural": "%s", "kind": "%s"},
                          "versions": [%s]}}""".formatted(plural, group, group, plural, kind, String.join(",", versions)));
    }

    static String version(String name, boolean storage, String specSchema) {
        return """
                {"name": "%s", "served": true, "storage": %s,
                 "schema": {"openAPIV3Schema": {"type": "object", "properties": {
                    "spec": %s, "status": {"type": "object", "x-kubernetes-preserve-unknown-fields": true}}}}}""".formatted(name, storage, specSchema);
    }

    static ObjectNode tree(String json) {
        return (ObjectNode) Json.tree(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Creates a definition and waits until it is established. */
    static JsonNode establish(TestApi api, ObjectNode definition) {
        Reply created = api.post(PATH, definition.toString());
        assertThat(created.code()).as(created.text()).isEqualTo(201);
        String path = PATH + "/" + definition.path("metadata").path("name").asText();
        String group = definition.path("spec").path("group").asText();
        eventually(() -> condition(api.get(path).json(), "Established").equals("True")
                && api.get("/apis/" + group).code() == 200);
        return api.get(path).json();
    }

    static String condition(JsonNode definition, String type) {
        for (JsonNode condition : definition.path("status").path("conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText();
            }
        }
        return "";
    }

    static void eventually(BooleanSupplier done) {
        Instant end = Instant.now().plus(Duration.ofSeconds(20));
        while (!done.getAsBoolean()) {
            assertThat(Instant.now()).as("waited 20 s").isBefore(end);
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
