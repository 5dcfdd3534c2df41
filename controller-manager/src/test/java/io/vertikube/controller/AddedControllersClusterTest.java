package io.vertikube.controller;

import static io.vertikube.controller.Fixtures.yaml;
import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Endpoints;
import io.fabric8.kubernetes.api.model.EndpointsBuilder;
import io.fabric8.kubernetes.api.model.LoadBalancerIngress;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.object.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Mirrored endpoints, load balancers, nodes' TTL and rollouts on changed configuration, against a real API server. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class AddedControllersClusterTest {
    private TestCluster cluster;

    @BeforeAll
    void start() {
        cluster = new TestCluster();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void endpointsMadeByHandAreMirroredAsLongAsTheyAreThere() {
        String ns = cluster.namespace();
        cluster.create(Service.class, yaml(Service.class, """
                {apiVersion: v1, kind: Service, metadata: {name: db, namespace: %s}, spec: {ports: [{port: 5432}]}}
                """.formatted(ns)));
        cluster.create(Endpoints.class, yaml(Endpoints.class, """
                {apiVersion: v1, kind: Endpoints, metadata: {name: db, namespace: %s},
                 subsets: [{addresses: [{ip: 192.0.2.1}], ports: [{port: 5432}]}]}
                """.formatted(ns)));
        eventually()
                .untilAsserted(() -> assertThat(addresses(ns))
                        .containsExactly("endpointslicemirroring-controller.k8s.io [192.0.2.1]"));
        cluster.edit(
                Endpoints.class,
                new ObjectKey(ns, "db"),
                endpoints -> new EndpointsBuilder(endpoints)
                        .editFirstSubset()
                        .addNewAddress()
                        .withIp("192.0.2.2")
                        .endAddress()
                        .endSubset()
                        .build());
        eventually().untilAsserted(() -> assertThat(addresses(ns)).hasSize(2));
        cluster.client.of(Endpoints.class).delete(ns, "db");
        eventually().untilAsserted(() -> assertThat(addresses(ns)).isEmpty());
    }

    private List<String> addresses(String ns) {
        return cluster.list(EndpointSlice.class, ns).stream()
                .flatMap(slice -> slice.getEndpoints().stream()
                        .map(endpoint -> slice.getMetadata().getLabels().get("endpointslice.kubernetes.io/managed-by")
                                + " " + endpoint.getAddresses()))
                .toList();
    }

    @Test
    void aLoadBalancerHasTheAddressesOfTheNodes() {
        String ns = cluster.namespace();
        String heard = Instant.now().toString();
        Node node = yaml(Node.class, """
                {apiVersion: v1, kind: Node, metadata: {name: lender},
                 status: {conditions: [{type: Ready, status: "True", lastHeartbeatTime: "%s"}],
                          addresses: [{type: InternalIP, address: 192.0.2.9}]}}
                """.formatted(heard));
        cluster.create(Node.class, node);
        try {
            cluster.create(Service.class, balancer(ns, "first"));
            eventually().untilAsserted(() -> {
                // The node says nothing more, so it counts as silent soon: it speaks as long as this waits.
                speak();
                assertThat(ingress(ns, "first")).containsExactly("192.0.2.9");
            });
            cluster.create(Service.class, balancer(ns, "second"));
            eventually()
                    .untilAsserted(() -> assertThat(cluster.list(io.fabric8.kubernetes.api.model.Event.class, ns))
                            .anyMatch(event -> event.getReason().equals("SyncLoadBalancerFailed")
                                    && event.getMessage().contains(ns + "/first")));
            assertThat(ingress(ns, "second")).isEmpty();
            cluster.client.of(Service.class).delete(ns, "first");
            eventually().untilAsserted(() -> {
                speak();
                assertThat(ingress(ns, "second")).containsExactly("192.0.2.9");
            });
            assertThat(cluster.get(Node.class, "", "lender").getMetadata().getAnnotations())
                    .containsEntry("node.alpha.kubernetes.io/ttl", "0");
            cluster.edit(
                    Service.class,
                    new ObjectKey(ns, "second"),
                    service -> new ServiceBuilder(service)
                            .editSpec()
                            .withType("ClusterIP")
                            .endSpec()
                            .build());
            eventually().untilAsserted(() -> assertThat(ingress(ns, "second")).isEmpty());
        } finally {
            cluster.client.of(Node.class).delete("", "lender");
        }
    }

    private void speak() {
        Node node = cluster.get(Node.class, "", "lender");
        node.getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .forEach(condition -> {
                    condition.setStatus("True");
                    condition.setLastHeartbeatTime(Instant.now().toString());
                });
        cluster.client.of(Node.class).updateStatus(node);
    }

    private List<String> ingress(String ns, String name) {
        return cluster.get(Service.class, ns, name).getStatus().getLoadBalancer().getIngress().stream()
                .map(LoadBalancerIngress::getIp)
                .toList();
    }

    private static Service balancer(String ns, String name) {
        return yaml(Service.class, """
                {apiVersion: v1, kind: Service, metadata: {name: %s, namespace: %s},
                 spec: {type: LoadBalancer, ports: [{port: 80}], selector: {app: web}}}
                """.formatted(name, ns));
    }

    @Test
    void whoAskedIsRolledWhenItsConfigurationChanges() {
        String ns = cluster.namespace();
        cluster.create(
                ConfigMap.class,
                yaml(
                        ConfigMap.class,
                        "{apiVersion: v1, kind: ConfigMap, metadata: {name: motd, namespace: " + ns
                                + "}, data: {a: one}}"));
        cluster.create(Deployment.class, reading(DeploymentClusterTest.web(ns, 2)));
        eventually()
                .untilAsserted(() -> assertThat(cluster.get(Deployment.class, ns, "web")
                                .getMetadata()
                                .getAnnotations()
                                .get("vertikube.io/config-seen"))
                        .startsWith("configmap/motd="));
        eventually().until(() -> cluster.pods(ns).size() == 2);
        assertThat(cluster.list(ReplicaSet.class, ns)).hasSize(1);
        cluster.edit(
                ConfigMap.class,
                new ObjectKey(ns, "motd"),
                map -> new ConfigMapBuilder(map).withData(Map.of("a", "two")).build());
        eventually().untilAsserted(() -> {
            assertThat(cluster.list(ReplicaSet.class, ns)).hasSize(2);
            assertThat(cluster.list(io.fabric8.kubernetes.api.model.Event.class, ns))
                    .anyMatch(event -> event.getReason().equals("ConfigurationChanged")
                            && event.getMessage().endsWith("configmap/motd"));
        });
    }

    private static Deployment reading(Deployment deployment) {
        return new DeploymentBuilder(deployment)
                .editMetadata()
                .addToAnnotations("vertikube.io/roll-on-config-change", "true")
                .endMetadata()
                .editSpec()
                .editTemplate()
                .editSpec()
                .editFirstContainer()
                .addNewEnvFrom()
                .withNewConfigMapRef("motd", null)
                .endEnvFrom()
                .endContainer()
                .endSpec()
                .endTemplate()
                .endSpec()
                .build();
    }
}
