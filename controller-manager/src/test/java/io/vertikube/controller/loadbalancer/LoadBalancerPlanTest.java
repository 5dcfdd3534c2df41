package io.vertikube.controller.loadbalancer;

import static io.vertikube.controller.Fixtures.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class LoadBalancerPlanTest {
    private final List<Node> nodes = List.of(
            node("b", "True", "{}", "InternalIP: 192.0.2.2"),
            node("a", "True", "{}", "InternalIP: 192.0.2.1, ExternalIP: 198.51.100.1"),
            node("down", "Unknown", "{}", "InternalIP: 192.0.2.3"),
            node(
                    "kept-out",
                    "True",
                    "{node.kubernetes.io/exclude-from-external-load-balancers: ''}",
                    "InternalIP: 192.0.2.4"),
            node("six", "True", "{}", "InternalIP: '2001:db8::1'"));

    @Test
    void everyReadyNodeOfTheFamilyLendsItsOutermostAddress() {
        assertThat(addresses(plan(service("web", 1, "port: 80")))).containsExactly("198.51.100.1", "192.0.2.2");
        assertThat(addresses(plan(service("web", 1, "port: 80", "ipFamilies: [IPv6, IPv4]"))))
                .containsExactly("2001:db8::1", "198.51.100.1", "192.0.2.2");
    }

    @Test
    void localTrafficNeedsAnEndpointOnTheNode() {
        assertThat(addresses(plan(service("web", 1, "port: 80", "externalTrafficPolicy: Local"))))
                .containsExactly("192.0.2.2");
    }

    @Test
    void theOlderServiceHasThePort() {
        Service older = service("older", 1, "port: 443");
        Service younger = service("younger", 2, "port: 443");
        Service datagrams = service("datagrams", 3, "{port: 443, protocol: UDP}");
        assertThat(plan(older, younger, datagrams).refusal()).isEmpty();
        assertThat(plan(younger, older, datagrams).refusal()).contains("taken").contains("ns/older");
        assertThat(plan(younger, older).ingress()).isEmpty();
        assertThat(plan(datagrams, older, younger).refusal()).isEmpty();
    }

    @Test
    void theNodesKeepTheirOwnPorts() {
        LoadBalancerPlan plan = plan(service("ssh", 1, "port: 22"));
        assertThat(plan.ingress()).isEmpty();
        assertThat(plan.refusal()).contains("port 22 is reserved");
    }

    @Test
    void otherClassesAndTypesAreOthers() {
        assertThat(LoadBalancerPlan.ours(service("web", 1, "port: 80"))).isTrue();
        assertThat(LoadBalancerPlan.ours(service("web", 1, "port: 80", "loadBalancerClass: vertikube.io/node")))
                .isTrue();
        assertThat(LoadBalancerPlan.ours(service("web", 1, "port: 80", "loadBalancerClass: example.com/metal")))
                .isFalse();
        assertThat(LoadBalancerPlan.ours(service("web", 1, "port: 80", "type: NodePort")))
                .isFalse();
    }

    private LoadBalancerPlan plan(Service service, Service... others) {
        return LoadBalancerPlan.of(service, List.of(others), nodes, Set.of(22), Set.of("b", "down"));
    }

    private static List<String> addresses(LoadBalancerPlan plan) {
        return plan.ingress().stream().map(LoadBalancerIngress::getIp).toList();
    }

    private static Service service(String name, int second, String port, String... more) {
        String spec = "ports: [" + (port.startsWith("{") ? port : "{" + port + "}") + "]"
                + (more.length == 0 ? "" : ", " + String.join(", ", more));
        String type = spec.contains("type:") ? "" : "type: LoadBalancer, ";
        return yaml(
                Service.class,
                "{apiVersion: v1, kind: Service, metadata: {name: " + name + ", namespace: ns, creationTimestamp:"
                        + " '2026-01-01T00:00:0" + second + "Z'}, spec: {" + type + spec + "}}");
    }

    private static Node node(String name, String ready, String labels, String addresses) {
        var list = new StringBuilder();
        for (String address : addresses.split(", ", -1)) {
            String[] parts = address.split(": ", 2);
            list.append("{type: ")
                    .append(parts[0])
                    .append(", address: ")
                    .append(parts[1])
                    .append("}, ");
        }
        return yaml(
                Node.class,
                "{apiVersion: v1, kind: Node, metadata: {name: " + name + ", labels: " + labels + "}, status:"
                        + " {conditions: [{type: Ready, status: '" + ready + "'}], addresses: [" + list + "]}}");
    }
}
