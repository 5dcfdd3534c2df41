package io.vertikube.e2e.kubectl;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.vertikube.apiserver.testing.FreePorts;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.deploy.cluster.ClusterPki;
import io.vertikube.deploy.cluster.ClusterSettings;
import io.vertikube.deploy.cluster.OneJvm;
import io.vertikube.deploy.cluster.Progress;
import io.vertikube.deploy.cluster.Readiness;
import io.vertikube.e2e.host.Shell;
import io.vertikube.value.Cidr;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;

/**
 * A cluster of this JVM, in memory, with three simulated nodes; a script gets a namespace, a folder and a shell in which
 * {@code kubectl} is the version it is run with. Safe for any thread.
 */
final class ScriptedCluster implements AutoCloseable {

    private static final int NODES = 3;

    private final Path folder;
    private final Path kubeconfig;
    private final Vertx vertx;
    private final OneJvm services;
    private final ApiClient client;

    private ScriptedCluster(Path folder, Path kubeconfig, Vertx vertx, OneJvm services, ApiClient client) {
        this.folder = folder;
        this.kubeconfig = kubeconfig;
        this.vertx = vertx;
        this.services = services;
        this.client = client;
    }

    static ScriptedCluster start(Path folder) throws IOException, InterruptedException {
        var settings = new ClusterSettings(
                folder,
                ClusterSettings.StoreKind.MEMORY,
                new FreePorts().next(),
                "sim",
                "127.0.0.1",
                Cidr.parse("10.42.0.0/16"),
                Cidr.parse("10.96.0.0/16"),
                "10.96.0.10",
                NODES,
                false);
        new ClusterPki(settings, InstantSource.system()).ensure();
        var vertx = Vertx.vertx();
        var progress = new Progress(null);
        OneJvm services = OneJvm.start(vertx, settings, progress);
        Path kubeconfig = settings.files().kubeconfig("admin");
        ApiClient client = ApiClient.connect(vertx, KubeConfig.load(kubeconfig), "test");
        new Readiness(client, progress).awaitNodes(NODES);
        return new ScriptedCluster(folder, kubeconfig, vertx, services, client);
    }

    /** Makes a namespace, and a shell for it; discovery is remembered a version. */
    Shell shell(String namespace, String version, Path kubectl) throws IOException {
        client.of(Namespace.class)
                .create(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build());
        await().atMost(Duration.ofSeconds(30))
                .until(() -> client.of(ServiceAccount.class)
                                .find(namespace, "default")
                                .isPresent()
                        && client.of(ConfigMap.class)
                                .find(namespace, "kube-root-ca.crt")
                                .isPresent());
        Path home = Files.createDirectories(folder.resolve("home").resolve(version));
        Path work = Files.createDirectories(folder.resolve("work").resolve(namespace));
        Path program = Files.createDirectories(work.resolve("bin")).resolve("kubectl");
        Files.writeString(program, "#!/bin/bash\nexec -a kubectl " + kubectl + " \"$@\"\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path config = work.resolve("kubeconfig");
        Files.writeString(
                config, Files.readString(kubeconfig).replaceFirst("namespace: default", "namespace: " + namespace));
        return new Shell(
                List.of("env", "-C", work.toString()),
                Map.of(
                        "PATH",
                        work.resolve("bin") + ":" + System.getenv().getOrDefault("PATH", "/usr/bin:/bin"),
                        "HOME",
                        home.toString(),
                        "KUBECONFIG",
                        config.toString(),
                        "NS",
                        namespace,
                        "TZ",
                        "UTC"));
    }

    @Override
    public void close() {
        client.close();
        services.close();
        vertx.close().await();
    }
}
