package io.vertikube.controller.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.controller.quota.QuotaPlan.Counted;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class QuotaPlanTest {

    @ParameterizedTest
    @CsvSource({
        "pods, '', pods",
        "requests.cpu, '', pods",
        "limits.example.com/gpu, '', pods",
        "requests.example.com/gpu, '', pods",
        "hugepages-2Mi, '', pods",
        "services.nodeports, '', services",
        "requests.storage, '', persistentvolumeclaims",
        "fast.storageclass.storage.k8s.io/requests.storage, '', persistentvolumeclaims",
        "configmaps, '', configmaps",
        "count/secrets, '', secrets",
        "count/deployments.apps, apps, deployments",
        "count/widgets.example.com, example.com, widgets",
    })
    void aNameStandsForObjects(String name, String group, String plural) {
        assertThat(QuotaPlan.behind(name)).contains(new Counted(group, plural));
    }

    @Test
    void aNameThatNothingStandsBehindIsZero() {
        assertThat(QuotaPlan.behind("bananas")).isEmpty();
        assertThat(QuotaPlan.used(tree("{bananas: '3'}"), java.util.Map.of())).containsEntry("bananas", "0");
    }

    @Test
    void podsAreAddedUpUnlessTheyAreOverOrOutOfScope() {
        JsonNode spec = tree("{hard: {pods: '5', requests.cpu: '2', limits.memory: 1Gi}, scopes: [NotBestEffort]}");
        List<JsonNode> pods = List.of(
                pod("{requests: {cpu: 500m}, limits: {memory: 128Mi}}", "Running"),
                pod("{requests: {cpu: '1'}, limits: {memory: 128Mi}}", "Pending"),
                pod("{requests: {cpu: '1'}}", "Succeeded"),
                pod("{}", "Running"));
        assertThat(QuotaPlan.used(spec.path("hard"), QuotaPlan.sum(Counted.PODS, spec, pods)))
                .containsEntry("pods", "2")
                .containsEntry("requests.cpu", "1500m")
                .containsEntry("limits.memory", "256Mi");
    }

    private static JsonNode pod(String resources, String phase) {
        return tree("{spec: {containers: [{resources: " + resources + "}]}, status: {phase: " + phase + "}}");
    }

    /** A flow of YAML, so that cases can be read. */
    private static JsonNode tree(String yaml) {
        try {
            return new com.fasterxml.jackson.dataformat.yaml.YAMLMapper()
                    .readTree(yaml.getBytes(StandardCharsets.UTF_8));
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
