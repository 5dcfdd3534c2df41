package io.vertikube.proxy.nftables;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.proxy.Cluster;
import io.vertikube.proxy.rules.NodeView;
import io.vertikube.proxy.rules.RulePlan;
import io.vertikube.proxy.rules.RuleScope;
import io.vertikube.proxy.rules.TableState;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Golden texts; run with {@code -Dgolden.update=true} to write them anew, and read the difference. */
class BatchRendererTest {

    private final BatchRenderer renderer = new BatchRenderer("vertikube");

    private static TableState plan(Cluster cluster) {
        return RulePlan.of(
                new RuleScope("10.244.0.0/16", List.of("10.96.0.0/12"), "10.96.0.10", List.of(), false),
                new NodeView(Cluster.NODE, "", "10.244.0.0/24", true),
                cluster.services,
                cluster.slices,
                cluster.pods);
    }

    private static Cluster two() {
        return new Cluster()
                .service("api", "10.96.0.2")
                .service(
                        "web",
                        "10.96.0.1",
                        b -> b.editSpec()
                                .withType("NodePort")
                                .editFirstPort()
                                .withNodePort(30080)
                                .endPort()
                                .endSpec())
                .endpoints("web", 8080, "10.244.0.2@n1", "10.244.1.3@n2")
                .hostPort("a", "10.244.0.5", 80, 8081, null, "TCP");
    }

    @Test
    void wholeTable() throws IOException {
        golden("whole.nft", renderer.whole(plan(two())));
    }

    @Test
    void endpointAdded() throws IOException {
        var after = two();
        after.slices.clear();
        after.endpoints("web", 8080, "10.244.0.2@n1", "10.244.1.3@n2", "10.244.1.4@n2");
        golden("endpoint-added.nft", renderer.change(plan(two()), plan(after)));
    }

    @Test
    void nothingToDoIsEmpty() {
        assertThat(renderer.change(plan(two()), plan(two()))).isEmpty();
    }

    private static void golden(String name, String text) throws IOException {
        Path file = Path.of("src/test/resources/golden", name);
        if (Boolean.getBoolean("golden.update")) {
            Files.writeString(file, text);
        }
        assertThat(text).isEqualTo(Files.readString(file, StandardCharsets.UTF_8));
    }
}
