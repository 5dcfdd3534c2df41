package io.vertikube.e2e.conformance;

import io.vertikube.e2e.host.Shell;
import io.vertikube.e2e.machine.MachineCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Three registries of Debian's docker-registry on the machine's loopback: 5000 lets everybody in, 5001 only {@code reader}
 * with {@code secret}, 5002 speaks HTTPS and is empty. The others have one image of busybox under several names, which the node does not have.
 */
final class Registries implements AutoCloseable {

    static final String OPEN = "127.0.0.1:5000";
    static final String CLOSED = "127.0.0.1:5001";

    /** Speaks HTTPS; nothing is pulled from it. */
    static final String SECURE = "127.0.0.1:5002";

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final String IMAGE = "vertikube.local/busybox:1";
    private static final List<String> NAMES =
            List.of("/plain/one:1", "/plain/two:1", "/plain/three:latest", "/plain/four:1");

    /** The password's hash, by bcrypt. */
    private static final String ACCOUNTS = "reader:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a\n";

    private final MachineCluster cluster;
    private final Path folder;
    private final List<Process> processes = new ArrayList<>();

    private Registries(MachineCluster cluster, Path folder) {
        this.cluster = cluster;
        this.folder = folder;
    }

    static Registries start(MachineCluster cluster) throws IOException {
        var registries =
                new Registries(cluster, Files.createDirectory(cluster.dataDir().resolve("registries")));
        Path pki = cluster.dataDir().resolve("pki");
        try {
            registries.serve(OPEN, "", "");
            registries.serve(
                    SECURE,
                    ", tls: {certificate: %s, key: %s}"
                            .formatted(pki.resolve("apiserver.crt"), pki.resolve("apiserver.key")),
                    "");
            Path accounts = Files.writeString(registries.folder.resolve("accounts"), ACCOUNTS);
            registries.serve(CLOSED, "", "auth: {htpasswd: {realm: test, path: %s}}\n".formatted(accounts));
            registries.fill(OPEN);
            registries.fill(CLOSED, "--user", "reader:secret");
        } catch (IOException | AssertionError e) {
            registries.close();
            throw e;
        }
        return registries;
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }

    private void serve(String address, String tls, String more) throws IOException {
        String name = address.replace(':', '-');
        Path config = Files.writeString(
                folder.resolve(name + ".yml"), """
                version: 0.1
                log: {level: warn}
                storage: {filesystem: {rootdirectory: %s}}
                http: {addr: "%s"%s}
                %s""".formatted(folder.resolve(name), address, tls, more));
        processes.add(cluster.shell()
                .start(
                        List.of("docker-registry", "serve", config.toString()),
                        folder.resolve(name + ".out"),
                        folder.resolve(name + ".err")));
        cluster.shell()
                .run(
                        SOON,
                        "curl",
                        "-sSk",
                        "--retry",
                        "50",
                        "--retry-delay",
                        "1",
                        "--retry-connrefused",
                        (tls.isEmpty() ? "http://" : "https://") + address + "/v2/")
                .orFail();
    }

    private void fill(String registry, String... credentials) {
        for (String name : NAMES) {
            ctr("tag", IMAGE, registry + name);
            var push = new ArrayList<>(List.of("push", "--plain-http"));
            push.addAll(List.of(credentials));
            push.add(registry + name);
            ctr(push.toArray(new String[0]));
            ctr("rm", registry + name);
        }
    }

    private void ctr(String... arguments) {
        var command = new ArrayList<>(List.of(
                "ctr",
                "--address",
                cluster.dataDir().resolve("containerd/containerd.sock").toString(),
                "--namespace",
                "k8s.io",
                "images"));
        command.addAll(List.of(arguments));
        Shell.Result result = cluster.shell().run(SOON, command.toArray(new String[0]));
        result.orFail();
    }
}
