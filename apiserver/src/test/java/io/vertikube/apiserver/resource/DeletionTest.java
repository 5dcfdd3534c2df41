package io.vertikube.apiserver.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class DeletionTest {

    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final ResourceType PODS = Catalog.builtIn().require(new Gvk("", "v1", "Pod"));
    private static final ResourceType MAPS = Catalog.builtIn().require(new Gvk("", "v1", "ConfigMap"));
    private static final ResourceType NAMESPACES = Catalog.builtIn().require(new Gvk("", "v1", "Namespace"));

    private static ObjectNode object(String metadata) {
        return (ObjectNode) Json.tree(("{\"metadata\":{" + metadata + "}}").getBytes(StandardCharsets.UTF_8));
    }

    private static DeleteOptions options(String propagation, long... grace) {
        return new DeleteOptions(
                grace.length == 0 ? OptionalLong.empty() : OptionalLong.of(grace[0]), propagation, "", "", false);
    }

    @Test
    void whatNothingHoldsGoesAtOnce() {
        assertThat(Deletion.plan(MAPS, object("\"name\":\"a\""), options(""), 0, NOW))
                .isInstanceOf(Deletion.Remove.class);
    }

    @Test
    void aFinalizerHolds() {
        var plan = (Deletion.Mark) Deletion.plan(MAPS, object("\"finalizers\":[\"x/y\"]"), options("", 0), 0, NOW);
        assertThat(plan.marked().path("metadata").path("deletionTimestamp").asText())
                .isEqualTo("2026-01-01T00:00:00Z");
        assertThat(plan.marked()
                        .path("metadata")
                        .path("deletionGracePeriodSeconds")
                        .asInt(-1))
                .isZero();
    }

    @Test
    void aPodIsGivenItsTime() {
        var plan = (Deletion.Mark) Deletion.plan(PODS, object("\"generation\":1"), options(""), 30, NOW);
        assertThat(plan.marked().path("metadata").path("deletionTimestamp").asText())
                .isEqualTo("2026-01-01T00:00:30Z");
        assertThat(plan.marked().path("metadata").path("generation").asInt()).isEqualTo(2);
    }

    @Test
    void lessThanNothingIsASecond() {
        var plan = (Deletion.Mark) Deletion.plan(PODS, object(""), options("", -5), 30, NOW);
        assertThat(plan.marked().path("metadata").path("deletionTimestamp").asText())
                .isEqualTo("2026-01-01T00:00:01Z");
    }

    @Test
    void aSecondDeleteMayOnlyShorten() {
        String running = "\"deletionTimestamp\":\"2026-01-01T00:00:20Z\",\"deletionGracePeriodSeconds\":30";
        assertThat(Deletion.plan(PODS, object(running), options("", 60), 30, NOW))
                .isInstanceOf(Deletion.Pending.class);
        assertThat(Deletion.plan(PODS, object(running), options(""), 30, NOW)).isInstanceOf(Deletion.Pending.class);
        var shorter = (Deletion.Mark) Deletion.plan(PODS, object(running), options("", 5), 30, NOW);
        assertThat(shorter.marked().path("metadata").path("deletionTimestamp").asText())
                .isEqualTo("2025-12-31T23:59:55Z");
        assertThat(Deletion.plan(PODS, object(running), options("", 0), 30, NOW))
                .isInstanceOf(Deletion.Remove.class);
    }

    @Test
    void propagationPutsTheCollectorsFinalizers() {
        var foreground = (Deletion.Mark) Deletion.plan(MAPS, object(""), options("Foreground"), 0, NOW);
        assertThat(foreground.marked().path("metadata").path("finalizers").toString())
                .isEqualTo("[\"foregroundDeletion\"]");
        var orphan = (Deletion.Mark)
                Deletion.plan(MAPS, object("\"finalizers\":[\"foregroundDeletion\"]"), options("Orphan"), 0, NOW);
        assertThat(orphan.marked().path("metadata").path("finalizers").toString())
                .isEqualTo("[\"orphan\"]");
        assertThat(Deletion.plan(MAPS, object("\"finalizers\":[\"orphan\"]"), options("Background"), 0, NOW))
                .isInstanceOf(Deletion.Remove.class);
    }

    @Test
    void aNamespaceWaitsForItsContent() {
        ObjectNode namespace = object("\"name\":\"n\"");
        namespace.putObject("spec").putArray("finalizers").add("kubernetes");
        var plan = (Deletion.Mark) Deletion.plan(NAMESPACES, namespace, options(""), 0, NOW);
        assertThat(plan.marked().path("status").path("phase").asText()).isEqualTo("Terminating");
        assertThat(Deletion.isComplete(NAMESPACES, plan.marked())).isFalse();
        plan.marked().withObject("/spec").remove("finalizers");
        assertThat(Deletion.isComplete(NAMESPACES, plan.marked())).isTrue();
    }
}
