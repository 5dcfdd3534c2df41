package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

    private static final Path OBSERVED = Path.of("../../shared/oracle/discovery.json");
    private static final String AGGREGATED = "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,"
            + "application/json;g=apidiscovery.k8s.io;v=v2beta1;as=APIGroupDiscoveryList,application/json";
    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    @Test
    void aggregatedDiscoveryHasAnETag() {
        TestApi.Reply all = api.get("/apis", "Accept", AGGREGATED);
        assertThat(all.header("Content-Type"))
                .isEqualTo("application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList");
        assertThat(all.json().path("kind").asText()).isEqualTo("APIGroupDiscoveryList");
        TestApi.Reply again = api.get("/apis", "Accept", AGGREGATED, "If-None-Match", all.header("ETag"));
        assertThat(again.code()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
    }

    @Test
    void theOldFormIsServedToWhoAsksForNothing() {
        assertThat(api.get("/api").json().path("kind").asText()).isEqualTo("APIVersions");
        assertThat(api.get("/apis").json().path("kind").asText()).isEqualTo("APIGroupList");
        JsonNode autoscaling = api.get("/apis/autoscaling").json();
        assertThat(autoscaling.path("preferredVersion").path("version").asText())
                .isEqualTo("v2");
        assertThat(api.get("/api/v1").json().path("resources")).isNotEmpty();
    }

    @Test
    void storedVersionsAreNamedAsClientsKnowThem() {
        JsonNode resources = api.get("/api/v1").json().path("resources");
        for (JsonNode resource : resources) {
            if (resource.path("name").asText().equals("pods")) {
                assertThat(resource.path("storageVersionHash").asText()).isEqualTo("xPOwRZ+Yhw8=");
            }
        }
    }

    @Test
    void versionsAreWholeNumbers() {
        JsonNode version = api.get("/version").json();
        assertThat(version.path("major").asText()).matches("\\d+");
        assertThat(version.path("minor").asText()).matches("\\d+");
    }

    @Test
    void whatWasObservedIsServed() throws IOException {
        Assumptions.assumeTrue(Files.exists(OBSERVED), "no observed discovery beside the project: " + OBSERVED);
        JsonNode observed = Json.tree(Files.readAllBytes(OBSERVED));
        observed.path("legacy").properties().forEach(entry -> {
            String path = entry.getKey().equals("v1") ? "/api/v1" : "/apis/" + entry.getKey();
            JsonNode served = api.get(path).json();
            var found = new TreeMap<String, JsonNode>();
            served.path("resources").forEach(r -> found.put(r.path("name").asText(), r));
            entry.getValue().path("resources").forEach(wanted -> {
                String name = wanted.path("name").asText();
                if (name.equals("networkpolicies/status")) {
                    return; // Kubernetes has taken it back since.
                }
                // Names the stored version, which may be of another group.
                ((ObjectNode) wanted).remove("storageVersionHash");
                JsonNode resource = found.getOrDefault(name, Json.object());
                ((ObjectNode) resource).remove("storageVersionHash");
                assertThat(resource).as(path + " " + name).isEqualTo(wanted);
            });
        });
    }

    @Test
    void openApiIsServedByGroupVersion() {
        JsonNode index = api.get("/openapi/v3").json();
        String url = index.path("paths")
                .path("apis/apps/v1")
                .path("serverRelativeURL")
                .asText();
        TestApi.Reply document = api.get(url);
        assertThat(document.code()).isEqualTo(200);
        assertThat(document.json().path("components").path("schemas").has("io.k8s.api.apps.v1.Deployment"))
                .isTrue();
        assertThat(document.header("Cache-Control")).contains("immutable");
        assertThat(api.get("/openapi/v3/apis/none/v1").code()).isEqualTo(404);
    }

    @Test
    void tokenKeysAreServed() {
        assertThat(api.get("/openid/v1/jwks").json().path("keys")).isNotEmpty();
        assertThat(api.get("/.well-known/openid-configuration")
                        .json()
                        .path("jwks_uri")
                        .asText())
                .endsWith("/openid/v1/jwks");
    }

    @Test
    void everyGroupVersionIsAnApiService() {
        JsonNode services =
                api.get("/apis/apiregistration.k8s.io/v1/apiservices").json().path("items");
        var names = new java.util.TreeMap<String, JsonNode>();
        services.forEach(s -> names.put(s.at("/metadata/name").asText(), s));
        api.get("/apis")
                .json()
                .path("groups")
                .forEach(group -> group.path("versions").forEach(version -> {
                    String name = version.path("version").asText() + "."
                            + group.path("name").asText();
                    if (!name.endsWith("apiregistration.k8s.io")) {
                        assertThat(names).containsKey(name);
                    }
                }));
        JsonNode core = names.get("v1.");
        assertThat(core.path("spec"))
                .hasToString("{\"groupPriorityMinimum\":18000,\"version\":\"v1\",\"versionPriority\":1}");
        assertThat(core.at("/status/conditions/0/reason").asText()).isEqualTo("Local");
        assertThat(core.at("/metadata/labels/kube-aggregator.kubernetes.io~1automanaged")
                        .asText())
                .isEqualTo("onstart");
        TestApi.Reply protobuf = api.get(
                "/apis/apiregistration.k8s.io/v1/apiservices/v1.apps", "Accept", "application/vnd.kubernetes.protobuf");
        assertThat(protobuf.header("Content-Type")).isEqualTo("application/vnd.kubernetes.protobuf");
        assertThat(protobuf.text()).contains("Local APIServices are always available");
    }
}
