package io.vertikube.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class OpenApiTest {

    private final OpenApi openApi = new OpenApi(Catalog::builtIn, CustomSchemas.NONE);

    private JsonNode document(String path) {
        return Json.tree(openApi.document(path).orElseThrow().bytes());
    }

    @Test
    void indexNamesEveryGroupVersionWithTheHashOfItsDocument() {
        JsonNode paths = Json.tree(openApi.index()).path("paths");
        for (ResourceType type : Catalog.builtIn().all()) {
            assertThat(paths.has(type.apiPath().substring(1)))
                    .as(type.apiPath())
                    .isTrue();
        }
        String hash = openApi.document("apis/apps/v1").orElseThrow().hash();
        assertThat(paths.path("apis/apps/v1").path("serverRelativeURL").asText())
                .isEqualTo("/openapi/v3/apis/apps/v1?hash=" + hash);
        assertThat(openApi.document("apis/nope/v1")).isEmpty();
    }

    /** What kubectl looks for before it leaves validation to the server and patches strategically. */
    @Test
    void patchOperationsTellKubectlWhatTheServerKnows() {
        JsonNode patch = document("apis/apps/v1")
                .path("paths")
                .path("/apis/apps/v1/namespaces/{namespace}/deployments/{name}")
                .path("patch");
        assertThat(patch.path("x-kubernetes-group-version-kind").path("kind").asText())
                .isEqualTo("Deployment");
        assertThat(patch.path("parameters").findValuesAsText("name")).contains("fieldValidation", "dryRun");
        assertThat(patch.path("requestBody").path("content").has("application/strategic-merge-patch+json"))
                .isTrue();
    }

    @Test
    void everyReferenceIsAnswered() {
        for (var path : Json.tree(openApi.index()).path("paths").properties()) {
            JsonNode document = document(path.getKey());
            JsonNode schemas = document.path("components").path("schemas");
            for (String reference : document.findValuesAsText("$ref")) {
                // A schema of schemas has a field of that name as well.
                if (!reference.isEmpty()) {
                    assertThat(schemas.has(reference.substring("#/components/schemas/".length())))
                            .as(path.getKey() + " " + reference)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void definitionsSayTheirKindKeysAndMeaning() {
        JsonNode schemas = document("api/v1").path("components").path("schemas");
        JsonNode containers =
                schemas.path("io.k8s.api.core.v1.PodSpec").path("properties").path("containers");
        assertThat(containers.path("x-kubernetes-patch-merge-key").asText()).isEqualTo("name");
        assertThat(containers.path("x-kubernetes-list-type").asText()).isEqualTo("map");
        assertThat(containers.path("description").asText()).startsWith("List of containers");
        assertThat(schemas.path("io.k8s.api.core.v1.Pod").path("x-kubernetes-group-version-kind"))
                .hasToString("[{\"group\":\"\",\"kind\":\"Pod\",\"version\":\"v1\"}]");
    }

    @Test
    void customResourcesAreDescribedByTheirOwnSchema() {
        var row = new ResourceType(
                "stable.example.com",
                "v1",
                "CronTab",
                "crontabs",
                "crontab",
                List.of(),
                true,
                Set.of("create", "get", "list", "patch", "update", "delete", "watch"),
                List.of(),
                List.of());
        ObjectNode schema =
                (ObjectNode) Json.tree("{\"type\":\"object\",\"properties\":{\"spec\":{\"type\":\"object\"}}}"
                        .getBytes(StandardCharsets.UTF_8));
        Gvk type = row.gvk();
        var custom = new OpenApi(
                () -> Catalog.builtIn().with(row),
                asked -> asked.equals(type) ? Optional.of(schema) : Optional.empty());
        JsonNode document = Json.tree(
                custom.document("apis/stable.example.com/v1").orElseThrow().bytes());
        JsonNode shown = document.path("components").path("schemas").path("com.example.stable.v1.CronTab");
        assertThat(shown.path("properties").has("metadata")).isTrue();
        assertThat(document.path("components").path("schemas").has("com.example.stable.v1.CronTabList"))
                .isTrue();
        assertThat(document.path("paths")
                        .path("/apis/stable.example.com/v1/namespaces/{namespace}/crontabs/{name}")
                        .path("patch")
                        .path("requestBody")
                        .path("content")
                        .has("application/strategic-merge-patch+json"))
                .isFalse();
        assertThat(Json.tree(custom.swagger().bytes()).path("definitions").has("com.example.stable.v1.CronTab"))
                .isTrue();
    }

    @Test
    void olderClientsGetOneDocumentInProtobuf() {
        JsonNode swagger = Json.tree(openApi.swagger().bytes());
        assertThat(swagger.path("definitions")
                        .path("io.k8s.api.apps.v1.DeploymentSpec")
                        .path("properties")
                        .path("template")
                        .path("$ref")
                        .asText())
                .isEqualTo("#/definitions/io.k8s.api.core.v1.PodTemplateSpec");
        byte[] protobuf = openApi.swaggerProtobuf().bytes();
        assertThat(new String(protobuf, 0, 5, StandardCharsets.UTF_8)).isEqualTo("\n\u00032.0");
    }
}
