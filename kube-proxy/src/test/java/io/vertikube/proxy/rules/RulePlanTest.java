package io.vertikube.proxy.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.vertikube.proxy.Cluster;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RulePlanTest {

    private static final RuleScope SCOPE =
            new RuleScope("10.244.0.0/16", List.of("10.96.0.0/12"), "10.96.0.10", List.of(), false);
    private static final NodeView NODE = new NodeView(Cluster.NODE, "", "10.244.0.0/24", true);

    private static TableState plan(Cluster cluster) {
        return plan(SCOPE, cluster);
    }

    private static TableState plan(RuleScope scope, Cluster cluster) {
        return RulePlan.of(scope, NODE, cluster.services, cluster.slices, cluster.pods);
    }

    private static Map<String, String> elements(TableState state, String set) {
        return state.sets().get(set).elements();
    }

    @Test
    void portWithTwoEndpointsIsOneVerdictAndTwoElements() {
        TableState state =
                plan(new Cluster().service("web", "10.96.0.1").endpoints("web", 8080, "10.244.0.2", "10.244.1.3"));
        assertThat(elements(state, "services")).containsExactly(Map.entry("10.96.0.1 . tcp . 80", "goto n2"));
        assertThat(elements(state, "ep_2"))
                .isEqualTo(Map.of(
                        "10.96.0.1 . tcp . 80 . 0", "10.244.0.2 . 8080",
                        "10.96.0.1 . tcp . 80 . 1", "10.244.1.3 . 8080"));
    }

    @Test
    void chainsDoNotGrowWithServices() {
        var few = new Cluster();
        var many = new Cluster();
        IntStream.range(0, 300).forEach(i -> {
            Cluster[] both = i < 2 ? new Cluster[] {few, many} : new Cluster[] {many};
            for (Cluster cluster : both) {
                cluster.service("s" + i, "10.97." + i / 200 + "." + i % 200)
                        .endpoints("s" + i, 8080, "10.244.0.2", "10.244.1.3");
            }
        });
        assertThat(plan(many).chains()).isEqualTo(plan(few).chains());
        assertThat(plan(many).sets().keySet()).isEqualTo(plan(few).sets().keySet());
    }

    @Test
    void serviceWithoutEndpointsRefuses() {
        TableState state = plan(new Cluster().service("web", "10.96.0.1").endpoints("web", 8080, "!10.244.0.2"));
        assertThat(elements(state, "services")).containsExactly(Map.entry("10.96.0.1 . tcp . 80", "goto refuse"));
    }

    @Test
    void endingEndpointsServeOnlyWhenNoneIsReady() {
        var ending = new Cluster().service("web", "10.96.0.1").endpoints("web", 80, "~10.244.0.2", "!10.244.0.3");
        assertThat(elements(plan(ending), "ep_1")).containsValue("10.244.0.2 . 80");
        var both = new Cluster().service("web", "10.96.0.1").endpoints("web", 80, "~10.244.0.2", "10.244.0.4");
        assertThat(elements(plan(both), "ep_1"))
                .containsOnlyKeys("10.96.0.1 . tcp . 80 . 0")
                .containsValue("10.244.0.4 . 80");
    }

    @Test
    void headlessAndExternalNameAreIgnored() {
        var cluster = new Cluster()
                .service("headless", "None")
                .service(
                        "alias",
                        "10.96.0.9",
                        b -> b.editSpec()
                                .withType("ExternalName")
                                .withExternalName("example.com")
                                .endSpec());
        assertThat(elements(plan(cluster), "services")).isEmpty();
    }

    @Test
    void internalTrafficPolicyLocalKeepsToThisNodeAndDropsWithoutAny() {
        var here = local("10.244.0.2@n1", "10.244.1.2@n2");
        assertThat(elements(plan(here), "ep_1")).containsValue("10.244.0.2 . 80");
        assertThat(elements(plan(local("10.244.1.2@n2")), "services")).containsValue("drop");
    }

    private static Cluster local(String... endpoints) {
        return new Cluster()
                .service(
                        "web",
                        "10.96.0.1",
                        b -> b.editSpec().withInternalTrafficPolicy("Local").endSpec())
                .endpoints("web", 80, endpoints);
    }

    @Test
    void nodePortMasqueradesAndExternalTrafficPolicyLocalDoesNot() {
        var cluster = new Cluster()
                .service("any", "10.96.0.1", nodePort(30001, "Cluster"))
                .endpoints("any", 80, "10.244.0.2@n1", "10.244.1.2@n2")
                .service("here", "10.96.0.2", nodePort(30002, "Local"))
                .endpoints("here", 80, "10.244.0.2@n1", "10.244.1.2@n2", "10.244.1.3@n2");
        TableState state = plan(cluster);
        assertThat(elements(state, "nodeports"))
                .isEqualTo(Map.of("tcp . 30001", "goto p2", "tcp . 30002", "goto q1_3"));
        assertThat(state.chains().get("p2").rules().getFirst()).contains("mark set");
        assertThat(state.chains().get("q1_3").rules())
                .containsExactly(
                        "ip saddr 10.244.0.0/16 goto p3",
                        "fib saddr type local goto p3",
                        "dnat ip to ip protocol . th dport . numgen random mod 1 map @nl_1");
        assertThat(elements(state, "nl_1")).isEqualTo(Map.of("tcp . 30002 . 0", "10.244.0.2 . 80"));
    }

    private static java.util.function.Consumer<ServiceBuilder> nodePort(int port, String policy) {
        return b -> b.editSpec()
                .withType("NodePort")
                .withExternalTrafficPolicy(policy)
                .editFirstPort()
                .withNodePort(port)
                .endPort()
                .endSpec();
    }

    @Test
    void sessionAffinityHasAClientSetForEachEndpoint() {
        var cluster = new Cluster()
                .service(
                        "web",
                        "10.96.0.1",
                        b -> b.editSpec()
                                .withSessionAffinity("ClientIP")
                                .withNewSessionAffinityConfig()
                                .withNewClientIP(5)
                                .endSessionAffinityConfig()
                                .endSpec())
                .endpoints("web", 80, "10.244.0.2", "10.244.1.2");
        TableState state = plan(cluster);
        assertThat(elements(state, "services")).containsValue("goto sticky/default/web/http");
        assertThat(state.sets().get("clients/default/web/http/10.244.0.2/80").options())
                .contains("timeout 5s");
        assertThat(state.chains().get("sticky/default/web/http").rules()).hasSize(3);
    }

    @Test
    void externalIpsAreServedOnlyWhenAsked() {
        var cluster = new Cluster()
                .service(
                        "web",
                        "10.96.0.1",
                        b -> b.editSpec().withExternalIPs("192.0.2.7").endSpec())
                .endpoints("web", 80, "10.244.0.2");
        assertThat(elements(plan(cluster), "services")).doesNotContainKey("192.0.2.7 . tcp . 80");
        var allowed = new RuleScope("10.244.0.0/16", List.of("10.96.0.0/12"), "", List.of(), true);
        assertThat(elements(plan(allowed, cluster), "services")).containsEntry("192.0.2.7 . tcp . 80", "goto m1");
    }

    @Test
    void hostPortsGoToTheirPodOnTheirAddress() {
        var cluster = new Cluster()
                .hostPort("a", "10.244.0.5", 80, 8080, null, "TCP")
                .hostPort("b", "10.244.0.6", 80, 8080, "127.0.0.1", "TCP")
                .hostPort("c", "10.244.0.7", 53, 8080, "0.0.0.0", "UDP");
        TableState state = plan(cluster);
        assertThat(elements(state, "hostports"))
                .isEqualTo(Map.of("tcp . 8080", "10.244.0.5 . 80", "udp . 8080", "10.244.0.7 . 53"));
        assertThat(elements(state, "hostports_at")).isEqualTo(Map.of("127.0.0.1 . tcp . 8080", "10.244.0.6 . 80"));
    }

    @Test
    void nodeDnsKeepsItsAddressUntilAServiceThereHasEndpoints() {
        var cluster = new Cluster().service("kube-dns", "10.96.0.10");
        assertThat(elements(plan(cluster), "services")).isEmpty();
        assertThat(elements(plan(cluster), "service_ips")).isEmpty();
        cluster.endpoints("kube-dns", 53, "10.244.0.9");
        assertThat(elements(plan(cluster), "services")).containsValue("goto n1");
    }

    @Test
    void bridgeThatHidesFramesFromConntrackMasqueradesOnIt() {
        var cluster = new Cluster();
        var hidden = RulePlan.of(
                SCOPE, new NodeView("n1", "", "10.244.0.0/24", false), cluster.services, cluster.slices, cluster.pods);
        String rule = "ct status dnat ip saddr 10.244.0.0/24 ip daddr 10.244.0.0/24 masquerade";
        assertThat(hidden.chains().get("postrouting").rules()).contains(rule);
        assertThat(plan(cluster).chains().get("postrouting").rules()).doesNotContain(rule);
    }

    @Test
    void manyServicesArePlannedQuickly() {
        var cluster = new Cluster();
        IntStream.range(0, 5000)
                .forEach(i -> cluster.service("s" + i, "10.97." + i / 200 + "." + i % 200)
                        .endpoints("s" + i, 8080, "10.244.0.2", "10.244.1.3"));
        assertThat(plan(cluster).elementCount()).isEqualTo(5000 * 4);
        assertThat(plan(cluster).sets().keySet().stream()
                        .filter(s -> s.startsWith("ep"))
                        .collect(Collectors.toList()))
                .containsExactly("ep_2");
    }
}
