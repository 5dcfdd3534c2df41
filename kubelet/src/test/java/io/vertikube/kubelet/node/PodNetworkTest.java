package io.vertikube.kubelet.node;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Node;
import io.vertikube.kubelet.TestPods;
import io.vertikube.object.Json;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PodNetworkTest {

    @Test
    void configurationIsABridgeWithTheNodesRangeAndNoTranslation(@TempDir Path folder) throws IOException {
        var config = new CniConfig(folder.resolve("net.d"), Path.of("/data/addresses"));
        assertThat(config.write("10.1.2.0/24")).isTrue();
        assertThat(config.write("10.1.2.0/24")).as("unchanged").isFalse();
        assertThat(config.write("10.1.3.0/24")).isTrue();
        JsonNode bridge = Json.tree(CniConfig.text("10.1.2.0/24", Path.of("/data/addresses"))
                        .getBytes(StandardCharsets.UTF_8))
                .path("plugins");
        assertThat(bridge).hasSize(1);
        assertThat(bridge.path(0).path("type").asText()).isEqualTo("bridge");
        assertThat(bridge.path(0).path("ipMasq").asBoolean()).isFalse();
        assertThat(bridge.at("/0/ipam/ranges/0/0/subnet").asText()).isEqualTo("10.1.2.0/24");
        assertThat(bridge.at("/0/ipam/dataDir").asText()).isEqualTo("/data/addresses");
    }

    @Test
    void routesLeadToOtherNodesOnOurLinks() throws IOException {
        List<Node> nodes = List.of(
                node("self", "10.1.0.0/24", "192.0.2.1"),
                node("near", "10.1.1.0/24", "192.0.2.2"),
                node("far", "10.1.2.0/24", "198.51.100.9"),
                node("new", "", "192.0.2.3"));
        assertThat(RoutePlan.of(nodes, "self", () -> List.of(Cidr.parse("192.0.2.0/24"))))
                .isEqualTo(Map.of("10.1.1.0/24", "192.0.2.2"));
    }

    @Test
    void aNodeAloneDoesNotLookAtItsLinks() throws IOException {
        List<Node> nodes = List.of(node("self", "10.1.0.0/24", "192.0.2.1"), node("new", "", "192.0.2.3"));
        assertThat(RoutePlan.of(nodes, "self", () -> {
                    throw new AssertionError("every pod has a link, and they are many");
                }))
                .isEmpty();
    }

    private static Node node(String name, String cidr, String address) {
        return TestPods.parse("""
                metadata: {name: %s}
                spec: {podCIDR: "%s"}
                status: {addresses: [{type: InternalIP, address: %s}]}
                """.formatted(name, cidr, address), Node.class);
    }
}
