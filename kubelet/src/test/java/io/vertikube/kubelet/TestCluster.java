package io.vertikube.kubelet;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import io.vertikube.apiserver.ApiServer;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.service.Certificates;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** A real API server in this JVM with an authority of its own, and kubelets that belong to it. */
final class TestCluster implements AutoCloseable {

    final Path folder;
    final Vertx vertx = Vertx.vertx();
    final ApiServer server;
    final ApiClient client;
    private final Certificates authority;
    private final Path ca;

    TestCluster(Path folder) throws IOException {
        this.folder = folder;
        authority = Certificates.create("test", InstantSource.system());
        ca = write("ca.crt", authority.authorityPem());
        write("ca.key", authority.authority().key());
        Certificates.Pair serving = authority.server("kube-apiserver", List.of("localhost"), List.of("127.0.0.1"));
        Certificates.Pair toKubelets = authority.client("kube-apiserver-kubelet-client", List.of("system:masters"));
        ApiServerOptions defaults = ApiServerOptions.forTests();
        server = ApiServer.start(
                vertx,
                new ApiServerOptions(
                        new ApiServerOptions.Serving(
                                "127.0.0.1",
                                0,
                                "127.0.0.1",
                                write("api.crt", serving.certificate()),
                                write("api.key", serving.key()),
                                ca),
                        defaults.store(),
                        new ApiServerOptions.Identity(
                                write("kubelets.crt", toKubelets.certificate()),
                                write("kubelets.key", toKubelets.key()),
                                ca,
                                true,
                                List.of(),
                                null,
                                ApiServerOptions.Identity.DEFAULT_ISSUER,
                                List.of()),
                        defaults.access(),
                        defaults.cluster(),
                        defaults.limits()));
        client = ApiClient.connect(vertx, config("admin", "system:masters"));
        prepareNamespace("default");
    }

    /** What a controller-manager would have made in a namespace. */
    void prepareNamespace(String name) {
        if (client.of(Namespace.class).find("", name).isEmpty()) {
            client.of(Namespace.class)
                    .create(new NamespaceBuilder()
                            .withNewMetadata()
                            .withName(name)
                            .endMetadata()
                            .build());
        }
        if (client.of(ServiceAccount.class).find(name, "default").isEmpty()) {
            client.of(ServiceAccount.class)
                    .create(new ServiceAccountBuilder()
                            .withNewMetadata()
                            .withNamespace(name)
                            .withName("default")
                            .endMetadata()
                            .build());
        }
        if (client.of(io.fabric8.kubernetes.api.model.ConfigMap.class)
                .find(name, "kube-root-ca.crt")
                .isEmpty()) {
            client.of(io.fabric8.kubernetes.api.model.ConfigMap.class)
                    .create(new ConfigMapBuilder()
                            .withNewMetadata()
                            .withNamespace(name)
                            .withName("kube-root-ca.crt")
                            .endMetadata()
                            .addToData("ca.crt", new String(authority.authorityPem()))
                            .build());
        }
    }

    /** A kubeconfig for kubectl. */
    Path adminKubeconfig() throws IOException {
        return write("admin.conf", config("admin", "system:masters").toYaml().getBytes());
    }

    KubeletOptions options(String node, String endpoint, Path rootDir) throws IOException {
        Certificates.Pair serving = authority.server(node, List.of(node), List.of("127.0.0.1"));
        Path kubeconfig = write(
                node + ".conf",
                config("system:node:" + node, "system:nodes").toYaml().getBytes());
        KubeletOptions simple = KubeletOptions.simulated(kubeconfig, node, rootDir);
        return new KubeletOptions(
                kubeconfig,
                node,
                Optional.of("127.0.0.1"),
                endpoint,
                rootDir,
                rootDir.resolve("pod-logs"),
                List.of("10.96.0.10"),
                "cluster.local",
                "127.0.0.1",
                0,
                0,
                Optional.of(ca),
                Optional.of(write(node + ".crt", serving.certificate())),
                Optional.of(write(node + ".key", serving.key())),
                endpoint.equals(KubeletOptions.SIMULATED) ? Optional.empty() : Optional.of("/" + node),
                false,
                simple.cniConfDir(),
                Optional.empty(),
                simple.nodeLabels(),
                List.of(),
                110,
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(10),
                NodePolicies.NONE);
    }

    KubeletService kubelet(KubeletOptions options) {
        return KubeletService.start(vertx, options, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT));
    }

    KubeletService kubelet(KubeletOptions options, ContainerRuntime runtime) {
        return KubeletService.start(vertx, options, new PrometheusMeterRegistry(PrometheusConfig.DEFAULT), runtime);
    }

    Pod pod(String name) {
        return client.of(Pod.class).get("default", name);
    }

    Optional<Pod> find(String name) {
        return client.of(Pod.class).find("default", name);
    }

    @Override
    public void close() {
        client.close();
        server.close();
        vertx.close().await();
    }

    /** An identity that the cluster's authority signed. */
    Certificates.Pair identity(String user, String group) {
        return authority.client(user, List.of(group));
    }

    byte[] authority() {
        return authority.authorityPem();
    }

    private KubeConfig config(String user, String group) {
        Certificates.Pair pair = authority.client(user, List.of(group));
        return KubeConfig.withCertificate(server.uri(), authority.authorityPem(), pair.certificate(), pair.key());
    }

    private Path write(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }
}
