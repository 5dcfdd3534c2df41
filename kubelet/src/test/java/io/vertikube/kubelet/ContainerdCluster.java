package io.vertikube.kubelet;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.kernel.Mounts;
import io.vertikube.kubelet.runtime.Containerd;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A containerd, an API server, kubectl, and a kubelet between them; what its nodes leave in the machine's mounts and cgroups
 * is taken away at the end. Confined to the test's thread.
 */
final class ContainerdCluster {

    static final Duration SOON = Duration.ofSeconds(45);

    final Containerd containerd;
    final TestCluster api;
    final Kubectl kubectl;
    private final Path folder;
    private final Set<String> nodes = new HashSet<>();
    private @Nullable KubeletService kubelet;

    private ContainerdCluster(Path folder, Containerd containerd, TestCluster api) throws IOException {
        this.folder = folder;
        this.containerd = containerd;
        this.api = api;
        this.kubectl = new Kubectl(api.adminKubeconfig(), folder);
    }

    /** {@code number} tells fixtures that run at once apart. */
    static ContainerdCluster start(int number, Path folder) throws Exception {
        Containerd containerd = Containerd.start(number);
        @Nullable TestCluster api = null;
        try {
            containerd.configureNetwork();
            api = new TestCluster(folder);
            return new ContainerdCluster(folder, containerd, api);
        } catch (Throwable e) {
            // A failed assertion or a class that is not there leaves no less behind than an exception.
            if (api != null) {
                api.close();
            }
            containerd.close();
            throw e;
        }
    }

    /** What a node's kubelet starts with, its folder being {@code root}. */
    KubeletOptions options(String node, Path root, NodePolicies policies) throws IOException {
        if (nodes.add(node)) {
            for (File hierarchy : hierarchies()) {
                removeEmpty(new File(hierarchy, node));
            }
        }
        return api.options(node, containerd.endpoint(), root).with(policies);
    }

    /** Starts the node's kubelet in place of the one before, and waits until its node is ready. */
    void kubelet(KubeletOptions options) {
        closeKubelet();
        KubeletService started = api.kubelet(options);
        kubelet = started;
        await().atMost(SOON).until(started::nodeReady);
    }

    void closeKubelet() {
        if (kubelet != null) {
            kubelet.close();
            kubelet = null;
        }
    }

    /** Makes a pod in the namespace default; its containers have {@link Containerd#IMAGE} where it says {@code %s}. */
    void create(String yaml) {
        Pod pod = TestPods.parse(yaml.formatted(Containerd.IMAGE));
        pod.setApiVersion("v1");
        pod.setKind("Pod");
        api.client.of(Pod.class).create(pod);
    }

    /** Deletes pods and waits until they are gone. */
    void remove(String... pods) {
        for (String pod : pods) {
            api.find(pod).ifPresent(there -> api.client.of(Pod.class).delete("default", pod));
        }
        await().atMost(SOON)
                .ignoreExceptions()
                .until(() ->
                        List.of(pods).stream().allMatch(pod -> api.find(pod).isEmpty()));
    }

    /** What a node's kubelet answers below its port, asked through the API server. */
    String kubeletSays(String node, String path) {
        return new String(
                api.client.raw("GET", "/api/v1/nodes/" + node + "/proxy/" + path, null, null), StandardCharsets.UTF_8);
    }

    private static File[] hierarchies() {
        return Objects.requireNonNull(new File("/sys/fs/cgroup").listFiles(File::isDirectory));
    }

    /** What a run that was killed left. */
    private static void removeEmpty(File cgroup) throws IOException {
        File[] below = cgroup.listFiles(File::isDirectory);
        if (below != null) {
            for (File child : below) {
                removeEmpty(child);
            }
            Files.deleteIfExists(cgroup.toPath());
        }
    }

    /** Ends what is left, in the order in which one needs the other. */
    void close() throws IOException, InterruptedException {
        if (kubelet != null) {
            remove(api.client.of(Pod.class).list("default", ListOptions.all()).items().stream()
                    .map(pod -> pod.getMetadata().getName())
                    .toArray(String[]::new));
        }
        closeKubelet();
        api.close();
        containerd.close();
        Mounts.unmountAll(folder);
        for (File hierarchy : hierarchies()) {
            for (String node : nodes) {
                for (String part : List.of("kubepods/besteffort", "kubepods/burstable", "kubepods", "")) {
                    Files.deleteIfExists(hierarchy.toPath().resolve(node).resolve(part));
                }
            }
        }
    }
}
