package io.vertikube.apiserver.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class TableRendererTest {

    private static final Instant NOW = Instant.parse("2026-01-02T12:00:00Z");
    private static final Path RECORDED = Path.of("..", "..", "shared", "oracle", "table-columns.tsv");
    private static final TableRenderer RENDERER = new TableRenderer(type -> Optional.empty(), InstantSource.fixed(NOW));
    private static final ResourceType PODS =
            Catalog.builtIn().byResource("", "v1", "pods").orElseThrow();

    private static ObjectNode pod(String name) {
        return (ObjectNode) Json.tree(("{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"" + name
                        + "\",\"resourceVersion\":\"7\",\"creationTimestamp\":\"2026-01-02T11:54:30Z\"},"
                        + "\"spec\":{\"containers\":[{\"name\":\"c\"}]},\"status\":{\"phase\":\"Pending\"}}")
                .getBytes(StandardCharsets.UTF_8));
    }

    /** Columns that Kubernetes 1.32 has and the recorded server, a 1.27, had not. */
    private static final Map<String, Set<String>> NEWER = Map.of(
            "v1 persistentvolumes", Set.of("VolumeAttributesClass"),
            "v1 persistentvolumeclaims", Set.of("VolumeAttributesClass"),
            "batch/v1 jobs", Set.of("Status"),
            "batch/v1 cronjobs", Set.of("Timezone"),
            "scheduling.k8s.io/v1 priorityclasses", Set.of("PreemptionPolicy"));

    @Test
    void columnsAreThoseOfKubernetes() throws IOException {
        Assumptions.assumeTrue(Files.exists(RECORDED), "skipped: no recorded columns at " + RECORDED);
        Map<String, List<String>> recorded = new LinkedHashMap<>();
        for (String line : Files.readAllLines(RECORDED)
                .subList(1, Files.readAllLines(RECORDED).size())) {
            String[] cells = line.split("\t", -1);
            recorded.computeIfAbsent(cells[0] + " " + cells[1], key -> new ArrayList<>())
                    .add(String.join(" | ", List.of(cells).subList(2, cells.length)));
        }
        recorded.forEach((resource, columns) -> {
            String group = resource.contains("/") ? resource.substring(0, resource.indexOf('/')) : "";
            String version = resource.substring(group.isEmpty() ? 0 : group.length() + 1, resource.indexOf(' '));
            ResourceType type = Catalog.builtIn()
                    .byResource(group, version, resource.substring(resource.indexOf(' ') + 1))
                    .orElseThrow();
            assertThat(RENDERER.columns(type).list().stream()
                            .filter(c -> !NEWER.getOrDefault(resource, Set.of()).contains(c.name()))
                            .map(c -> String.join(" | ", c.name(), c.type(), c.format(), "" + c.priority())))
                    .as(resource)
                    .isEqualTo(columns);
        });
        assertThat(recorded).hasSizeGreaterThan(40);
    }

    @Test
    void everyStoredKindHasColumnsThatStandAnEmptyObject() {
        for (ResourceType type : Catalog.builtIn().all()) {
            ObjectNode table = RENDERER.render(type, List.of(Json.object()), IncludeObject.NONE, ListMeta.at("1"));
            assertThat(table.at("/rows/0/cells").size())
                    .as(type.plural())
                    .isEqualTo(table.path("columnDefinitions").size());
            assertThat(type.stored()
                            && BuiltInColumns.of(type.group(), type.plural()).isEmpty())
                    .as(type.plural())
                    .isFalse();
            for (JsonNode definition : table.path("columnDefinitions")) {
                assertThat(definition.path("description").asText()).isNotBlank();
            }
        }
    }

    @Test
    void tableOfAList() {
        ObjectNode table = RENDERER.render(
                PODS, List.of(pod("a"), pod("b")), IncludeObject.METADATA, new ListMeta("9", "next", 5L));
        assertThat(table.path("kind").asText()).isEqualTo("Table");
        assertThat(table.path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1");
        assertThat(table.path("metadata"))
                .hasToString("{\"resourceVersion\":\"9\",\"continue\":\"next\",\"remainingItemCount\":5}");
        assertThat(table.path("rows")).hasSize(2);
        assertThat(table.at("/rows/0/cells"))
                .hasToString("[\"a\",\"0/1\",\"Pending\",\"0\",\"5m30s\",\"<none>\",\"<none>\",\"<none>\",\"<none>\"]");
        assertThat(table.at("/rows/0/object/kind").asText()).isEqualTo("PartialObjectMetadata");
        assertThat(table.at("/rows/0/object/metadata/name").asText()).isEqualTo("a");
        assertThat(table.at("/rows/0/object").has("spec")).isFalse();
    }

    @Test
    void objectsStandInTheRowsAsAsked() {
        assertThat(RENDERER.render(PODS, List.of(pod("a")), IncludeObject.of("Object"), ListMeta.at("1"))
                        .at("/rows/0/object"))
                .isEqualTo(pod("a"));
        assertThat(RENDERER.render(PODS, List.of(pod("a")), IncludeObject.of("None"), ListMeta.at("1"))
                        .at("/rows/0/object")
                        .isNull())
                .isTrue();
        assertThatExceptionOfType(ApiException.class).isThrownBy(() -> IncludeObject.of("All"));
    }

    @Test
    void watchNamesItsColumnsOnce() {
        Columns columns = RENDERER.columns(PODS);
        ObjectNode first = RENDERER.event(columns, pod("a"), IncludeObject.METADATA, true);
        ObjectNode second = RENDERER.event(columns, pod("a"), IncludeObject.METADATA, false);
        assertThat(first.path("columnDefinitions")).hasSize(9);
        assertThat(second.path("columnDefinitions").isNull()).isTrue();
        assertThat(second.path("rows")).hasSize(1);
        assertThat(second.at("/metadata/resourceVersion").asText()).isEqualTo("7");
    }

    @Test
    void customColumnsAreReadFromTheDefinition() {
        JsonNode printerColumns = Json.tree("""
                [{"name":"Replicas","type":"integer","jsonPath":".spec.replicas"},
                 {"name":"Ready","type":"string","jsonPath":".status.conditions[?(@.type==\\"Ready\\")].status","priority":1},
                 {"name":"Since","type":"date","jsonPath":".metadata.creationTimestamp","description":"d"},
                 {"name":"Wrong","type":"boolean","jsonPath":".spec.replicas"},
                 {"name":"Map","type":"string","jsonPath":".spec"}]
                """.getBytes(StandardCharsets.UTF_8));
        ObjectNode object = (ObjectNode) Json.tree("""
                {"metadata":{"name":"x","creationTimestamp":"2026-01-01T12:00:00Z"},"spec":{"replicas":3},
                 "status":{"conditions":[{"type":"Ready","status":"True"}]}}
                """.getBytes(StandardCharsets.UTF_8));
        ObjectNode table = RENDERER.render(
                Columns.fromPrinterColumns(printerColumns),
                List.of(object),
                IncludeObject.NONE,
                ListMeta.at("1"),
                true);
        assertThat(table.at("/rows/0/cells")).hasToString("[\"x\",3,\"True\",\"24h\",null,\"{\\\"replicas\\\":3}\"]");
        assertThat(table.at("/columnDefinitions/2/priority").asInt()).isEqualTo(1);
        assertThat(Columns.fromPrinterColumns(Json.array()).list())
                .extracting(Column::name)
                .containsExactly("Name", "Age");
    }
}
