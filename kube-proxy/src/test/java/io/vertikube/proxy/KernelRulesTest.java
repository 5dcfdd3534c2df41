package io.vertikube.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.vertikube.proxy.nftables.NftTable;
import io.vertikube.proxy.node.Conntrack;
import io.vertikube.proxy.node.ServiceLink;
import io.vertikube.proxy.rules.NodeView;
import io.vertikube.proxy.rules.RulePlan;
import io.vertikube.proxy.rules.RuleScope;
import io.vertikube.proxy.rules.TableState;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets through the real kernel: what {@link RulePlan} says, seen from pods, the host and outside. */
class KernelRulesTest {

    private static final RuleScope SCOPE =
            new RuleScope("10.244.0.0/16", List.of("10.96.0.0/12"), "10.96.0.10", List.of(), false);
    private static Lab lab;

    @BeforeAll
    static void build() throws Exception {
        assumeTrue(Lab.impossible().isEmpty(), Lab::impossible);
        lab = new Lab();
        assertThat(lab.host().run("nft", "--version").succeeded())
                .as("nft runs")
                .isTrue();
        new ServiceLink(lab.host(), "vk-svc")
                .ensure(List.of("10.96.0.10"), List.of("10.96.0.0/12", "10.244.0.0/16"), "192.168.77.1");
    }

    @AfterAll
    static void remove() throws Exception {
        if (lab != null) {
            lab.close();
        }
    }

    private static TableState plan(Cluster cluster, boolean bridgePassesFilters) {
        var node = new NodeView(Cluster.NODE, "", "10.244.0.0/24", bridgePassesFilters);
        return RulePlan.of(SCOPE, node, cluster.services, cluster.slices, cluster.pods);
    }

    private static Consumer<ServiceBuilder> nodePort(int port, String policy) {
        return b -> b.editSpec()
                .withType("NodePort")
                .withExternalTrafficPolicy(policy)
                .editFirstPort()
                .withNodePort(port)
                .endPort()
                .endSpec();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void clusterIpReachesEveryEndpointFromPodsAndHost(boolean bridgePassesFilters) {
        lab.bridgePassesFilters(bridgePassesFilters);
        var cluster =
                new Cluster().service("web", "10.96.0.1").endpoints("web", 8080, "10.244.0.2@n1", "10.244.0.3@n1");
        new NftTable(lab.host(), "vertikube").apply(plan(cluster, bridgePassesFilters));
        String seen = bridgePassesFilters ? "10.244.0.2" : "10.244.0.1";
        assertThat(lab.ask("a", "10.96.0.1", 80, 40)).isEqualTo(Set.of("a 10.244.0.1", "b " + seen));
        assertThat(lab.ask("h", "10.96.0.1", 80, 40))
                .extracting(s -> s.charAt(0))
                .containsOnly('a', 'b');
        lab.bridgePassesFilters(true);
    }

    @Test
    void nodePortIsReachedFromOutsideHostAndPods() {
        var cluster = new Cluster()
                .service("any", "10.96.0.1", nodePort(30001, "Cluster"))
                .endpoints("any", 8080, "10.244.0.2@n1", "10.244.0.3@n1")
                .service("here", "10.96.0.2", nodePort(30002, "Local"))
                .endpoints("here", 8080, "10.244.0.3@n1", "10.244.9.9@n2")
                .service("none", "10.96.0.3", nodePort(30003, "Cluster"));
        new NftTable(lab.host(), "vertikube").apply(plan(cluster, true));
        for (String from : List.of("o", "h", "b")) {
            assertThat(lab.ask(from, "192.168.77.1", 30001, 40))
                    .as("from %s", from)
                    .extracting(s -> s.charAt(0))
                    .containsOnly('a', 'b');
        }
        assertThat(lab.ask("o", "192.168.77.1", 30002, 10)).containsExactly("b 192.168.77.2");
        assertThat(lab.ask("o", "192.168.77.1", 30003, 1)).containsExactly("refused");
    }

    @Test
    void whatNobodyServesIsRefusedOrGoesNowhere() {
        var cluster = new Cluster()
                .service("empty", "10.96.0.1")
                .service("web", "10.96.0.2")
                .endpoints("web", 8080, "10.244.0.2@n1");
        new NftTable(lab.host(), "vertikube").apply(plan(cluster, true));
        for (String from : List.of("h", "a")) {
            assertThat(lab.ask(from, "10.96.0.1", 80, 1)).containsExactly("refused");
            assertThat(lab.ask(from, "10.96.0.2", 81, 1)).containsExactly("refused");
            assertThat(lab.ask(from, "10.96.9.9", 80, 1)).containsExactly("timeout");
            assertThat(lab.ask(from, "10.244.7.7", 80, 1)).containsExactly("timeout");
        }
    }

    @Test
    void clientKeepsItsEndpointUntilItIsForgotten() throws InterruptedException {
        var cluster = new Cluster()
                .service(
                        "web",
                        "10.96.0.1",
                        b -> b.editSpec()
                                .withSessionAffinity("ClientIP")
                                .withNewSessionAffinityConfig()
                                .withNewClientIP(1)
                                .endSessionAffinityConfig()
                                .endSpec())
                .endpoints("web", 8080, "10.244.0.2@n1", "10.244.0.3@n1");
        new NftTable(lab.host(), "vertikube").apply(plan(cluster, true));
        assertThat(lab.ask("h", "10.96.0.1", 80, 30)).hasSize(1);
        var seen = new java.util.TreeSet<String>();
        for (int i = 0; i < 12 && seen.size() < 2; i++) {
            seen.addAll(lab.ask("h", "10.96.0.1", 80, 1));
            Thread.sleep(1100);
        }
        assertThat(seen).hasSize(2);
    }

    @Test
    void hostPortReachesItsPod() {
        var cluster = new Cluster()
                .hostPort("a", "10.244.0.2", 8080, 54321, null, "TCP")
                .hostPort("b", "10.244.0.3", 8080, 54322, "127.0.0.1", "TCP")
                .hostPort("c", "10.244.0.3", 8080, 54322, "192.168.77.1", "UDP");
        new NftTable(lab.host(), "vertikube").apply(plan(cluster, true));
        assertThat(lab.ask("o", "192.168.77.1", 54321, 1)).containsExactly("a 192.168.77.2");
        assertThat(lab.ask("a", "192.168.77.1", 54321, 1)).containsExactly("a 10.244.0.1");
        assertThat(lab.ask("b", "192.168.77.1", 54321, 1)).containsExactly("a 10.244.0.3");
        assertThat(lab.ask("h", "127.0.0.1", 54322, "tcp", 1, "192.168.77.1")).containsExactly("b 192.168.77.1");
        assertThat(lab.ask("o", "192.168.77.1", 54322, "udp", 1)).containsExactly("b 192.168.77.2");
        assertThat(lab.ask("o", "192.168.77.1", 54322, 1)).containsExactly("refused");
    }

    @Test
    void podLeavesTheClusterUnderTheNodesAddress() {
        new NftTable(lab.host(), "vertikube").apply(plan(new Cluster(), true));
        assertThat(lab.ask("a", "192.168.77.2", 8080, 1)).containsExactly("o 192.168.77.1");
        assertThat(lab.ask("a", "10.244.0.3", 8080, 1)).containsExactly("b 10.244.0.2");
    }

    @Test
    void changesAreAppliedAsElementsAndALostTableIsLoadedAgain() {
        var table = new NftTable(lab.host(), "vertikube");
        var one = new Cluster().service("web", "10.96.0.1").endpoints("web", 8080, "10.244.0.2@n1");
        table.apply(plan(one, true));
        assertThat(lab.ask("h", "10.96.0.1", 80, 5))
                .extracting(s -> s.charAt(0))
                .containsOnly('a');
        var other = new Cluster().service("web", "10.96.0.1").endpoints("web", 8080, "10.244.0.3@n1");
        table.apply(plan(other, true));
        assertThat(lab.ask("h", "10.96.0.1", 80, 5))
                .extracting(s -> s.charAt(0))
                .containsOnly('b');
        lab.host("nft", "flush", "ruleset");
        assertThat(table.verify()).isFalse();
        table.apply(plan(other, true));
        assertThat(lab.ask("h", "10.96.0.1", 80, 1))
                .extracting(s -> s.charAt(0))
                .containsOnly('b');
        table.apply(plan(new Cluster(), true));
        assertThat(lab.host("nft", "list", "table", "ip", "vertikube")).doesNotContain("ep_1", "n1 ");
        table.remove();
        assertThat(lab.host("nft", "list", "ruleset")).isEmpty();
    }

    @Test
    void udpFlowForgetsAnEndpointThatIsGone() {
        var table = new NftTable(lab.host(), "vertikube");
        TableState before = plan(udp("10.244.0.2@n1"), true);
        TableState after = plan(udp("10.244.0.3@n1"), true);
        table.apply(before);
        assertThat(lab.ask("o", "192.168.77.1", 30053, "udp", 2))
                .extracting(s -> s.charAt(0))
                .containsOnly('a');
        table.apply(after);
        var stale = Conntrack.stale(before, after);
        assertThat(stale)
                .containsExactlyInAnyOrder(
                        new Conntrack.Flow("10.96.0.5", "80", "10.244.0.2"),
                        new Conntrack.Flow("", "30053", "10.244.0.2"));
        new Conntrack(lab.host()).forget(stale);
        assertThat(lab.host("conntrack", "-L", "-p", "udp")).doesNotContain("src=10.244.0.2");
    }

    private static Cluster udp(String endpoint) {
        return new Cluster()
                .service(
                        "dns",
                        "10.96.0.5",
                        nodePort(30053, "Cluster")
                                .andThen(b -> b.editSpec()
                                        .editFirstPort()
                                        .withProtocol("UDP")
                                        .endPort()
                                        .endSpec()))
                .endpoints("dns", "http", "UDP", 8080, endpoint);
    }
}
