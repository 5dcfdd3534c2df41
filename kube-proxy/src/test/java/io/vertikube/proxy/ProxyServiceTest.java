package io.vertikube.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.ApiClient;
import io.vertikube.object.ObjectKey;
import io.vertikube.proxy.node.BridgeFilter;
import io.vertikube.proxy.node.Programs;
import io.vertx.core.dns.DnsClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The whole proxy on the real API server in this JVM; its rules go to a machine of namespaces. */
class ProxyServiceTest {

    private TestServer server;
    private ApiClient api;

    @BeforeEach
    void start() {
        server = TestServer.start();
        api = server.client();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private ProxyOptions options() {
        return new ProxyOptions(
                server.admin().config(),
                Cluster.NODE,
                "10.244.0.0/16",
                "10.96.0.0/12",
                "10.96.0.10",
                "cluster.local",
                "127.0.0.1:0",
                Path.of("/nonexistent"),
                List.of(),
                false,
                Duration.ofMillis(20),
                Duration.ofSeconds(2),
                "",
                "",
                "vk-svc",
                "vertikube");
    }

    private void addService(String... endpoints) {
        var cluster = new Cluster().endpoints("web", 8080, endpoints);
        Service service = new ServiceBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName("web")
                .endMetadata()
                .withNewSpec()
                .addToSelector("app", "web")
                .withClusterIP("10.96.3.4")
                .addNewPort()
                .withName("http")
                .withProtocol("TCP")
                .withPort(80)
                .endPort()
                .endSpec()
                .build();
        api.of(Service.class).create(service);
        api.of(EndpointSlice.class)
                .create(cluster.slices.get(new ObjectKey("default", "web")).getFirst());
    }

    @Test
    void serviceIsServedAndNamedAndEverythingIsRemovedAtTheEnd() throws Exception {
        assumeTrue(Lab.impossible().isEmpty(), Lab::impossible);
        api.of(io.fabric8.kubernetes.api.model.Node.class)
                .create(new NodeBuilder()
                        .withNewMetadata()
                        .withName(Cluster.NODE)
                        .endMetadata()
                        .withNewSpec()
                        .withPodCIDR("10.244.0.0/24")
                        .endSpec()
                        .build());
        try (var lab = new Lab();
                var proxy = ProxyService.start(
                        server.vertx(), options(), new SimpleMeterRegistry(), lab.host(), BridgeFilter.ofKernel())) {
            await().atMost(Duration.ofSeconds(20)).until(() -> proxy.health().isReady());
            addService("10.244.0.2@n1", "10.244.0.3@n1");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(lab.ask("h", "10.96.3.4", 80, 20))
                            .extracting(s -> s.charAt(0))
                            .containsOnly('a', 'b'));
            DnsClient dns = server.vertx().createDnsClient(proxy.dnsPort(), "127.0.0.1");
            assertThat(dns.resolveA("web.default.svc.cluster.local").await()).containsExactly("10.96.3.4");

            lab.host("nft", "flush", "ruleset");
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(
                            () -> assertThat(lab.ask("h", "10.96.3.4", 80, 1)).allMatch(s -> s.contains(" ")));

            api.of(Service.class).delete("default", "web");
            await().untilAsserted(() -> assertThat(lab.host("nft", "list", "map", "ip", "vertikube", "services"))
                    .doesNotContain("10.96.3.4"));
            proxy.close();
            ProxyService.cleanUp(lab.host(), "vk-svc", "vertikube");
            assertThat(lab.host("nft", "list", "ruleset")).isEmpty();
            assertThat(lab.host("ip", "link")).doesNotContain("vk-svc");
            ProxyService.cleanUp(lab.host(), "vk-svc", "vertikube");
        }
    }

    @Test
    void withoutNftItSaysSoAndStaysNotReadyButNamesAreAnswered() {
        var missing = new Programs(List.of("/nonexistent/nft"), Duration.ofSeconds(5));
        try (var proxy = ProxyService.start(
                server.vertx(), options(), new SimpleMeterRegistry(), missing, BridgeFilter.ofKernel())) {
            addService("10.244.0.2@n1");
            await().until(() -> proxy.dnsPort() > 0);
            DnsClient dns = server.vertx().createDnsClient(proxy.dnsPort(), "127.0.0.1");
            await().untilAsserted(() -> assertThat(
                            dns.resolveA("web.default.svc.cluster.local").await())
                    .containsExactly("10.96.3.4"));
            await().untilAsserted(() -> assertThat(proxy.health()
                            .answer("/readyz", true, java.util.Set.of())
                            .text())
                    .contains("nftables failed: ip cannot be run"));
        }
    }
}
