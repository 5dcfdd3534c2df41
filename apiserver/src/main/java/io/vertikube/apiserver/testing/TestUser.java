package io.vertikube.apiserver.testing;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.service.Certificates;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * Somebody at a test server, in a namespace, and every form in which a client wants to know that. Clients are made once
 * and closed with the server. Safe for any thread.
 */
public final class TestUser {

    private final TestServer server;
    private final String name;
    private final KubeConfig config;
    private @Nullable ApiClient client;
    private @Nullable KubernetesClient fabric8;

    TestUser(TestServer server, String name, KubeConfig config) {
        this.server = server;
        this.name = name;
        this.config = config;
    }

    /** The same person, whose clients and kubeconfig are set to another namespace. */
    public TestUser in(String namespace) {
        return new TestUser(
                server,
                name,
                new KubeConfig(
                        config.server(), config.caPem(), config.certPem(), config.keyPem(), config.token(), namespace));
    }

    public String name() {
        return name;
    }

    public String namespace() {
        return config.namespace();
    }

    public KubeConfig config() {
        return config;
    }

    /** A kubeconfig with everything inline, as text. Its key says that it is EC: fabric8's client takes others for RSA. */
    public String kubeconfig() {
        byte[] certificate = config.certPem();
        byte[] key = config.keyPem();
        return new KubeConfig(
                        config.server(),
                        config.caPem(),
                        certificate,
                        certificate == null || key == null
                                ? null
                                : Certificates.namedKey(new Certificates.Pair(certificate, key)),
                        config.token(),
                        config.namespace())
                .toYaml("test", name);
    }

    /** The same in a new file that only its owner may read, for programs that take no text. The caller removes it. */
    public Path kubeconfig(Path file) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.writeString(file, kubeconfig());
    }

    /** Our own client. */
    public synchronized ApiClient client() {
        ApiClient known = client;
        if (known == null) {
            known = server.handOut(ApiClient.connect(server.vertx(), config, "test"));
            client = known;
        }
        return known;
    }

    /** Fabric8's client; needs {@code kubernetes-client} and one of its HTTP clients on the class path. */
    public synchronized KubernetesClient fabric8() {
        KubernetesClient known = fabric8;
        if (known == null) {
            known = server.handOut(Fabric8.client(config));
            fabric8 = known;
        }
        return known;
    }

    @Override
    public String toString() {
        return name;
    }
}
