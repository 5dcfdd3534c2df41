package io.vertikube.deploy.bench.node;

import io.vertikube.kubelet.cgroup.PodCgroups;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.LinuxResources;
import io.vertikube.kubelet.runtime.Mount;
import io.vertikube.kubelet.runtime.PlainPod;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.SandboxConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Pods made by three calls to the runtime each: sandbox, container, start. They ask of it what a pod of a kubelet asks: a
 * cgroup of their own to be in, a log folder, a hosts file and a termination message mounted, the usual masked paths.
 * Confined to one thread, which waits.
 */
final class RawPods {

    private static final List<String> COMMAND = List.of("sleep", "1000000");
    private static final String BEST_EFFORT = "BestEffort";
    private static final LinuxResources UNLIMITED = new LinuxResources(0, 0, 2, 0, 0);

    /** Beside the kubelet's own, which takes away what it does not know. */
    static final String CGROUP_ROOT = "/vertikube-raw";

    private final ContainerRuntime runtime;
    private final String image;
    private final Path files;
    private final PodCgroups cgroups = new PodCgroups(Optional.of(CGROUP_ROOT));

    /** Sandboxes that are there, by the uid of their pod. */
    private final Map<String, String> made = new ConcurrentHashMap<>();

    RawPods(ContainerRuntime runtime, String imageName, Path files) {
        this.runtime = runtime;
        this.image = runtime.image(imageName)
                .orElseThrow(() -> new IllegalStateException("the runtime has no image " + imageName))
                .id();
        this.files = files;
    }

    /** How long so many take with some under way at a time; they stay. */
    Duration burst(int count, int atOnce) throws InterruptedException {
        long began = System.nanoTime();
        all(count, atOnce, number -> make());
        return Duration.ofNanos(System.nanoTime() - began);
    }

    /** One alone, from the first call to the end of the last; it is removed again, unmeasured. */
    Duration single() throws InterruptedException {
        long began = System.nanoTime();
        make();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        remove(1);
        return took;
    }

    /** Takes away all that were made. */
    void remove(int atOnce) throws InterruptedException {
        List<Map.Entry<String, String>> pods = List.copyOf(made.entrySet());
        all(pods.size(), atOnce, number -> {
            Map.Entry<String, String> pod = pods.get(number);
            runtime.stopSandbox(pod.getValue());
            runtime.removeSandbox(pod.getValue());
            try {
                cgroups.remove(pod.getKey());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            made.remove(pod.getKey());
            return "";
        });
    }

    private String make() {
        String uid = UUID.randomUUID().toString();
        var pod = new PlainPod(new PodIdentity("raw", "raw-" + uid.substring(0, 8), uid), files, false);
        SandboxConfig sandbox = pod.sandbox(cgroups.parentOf(uid, BEST_EFFORT));
        try {
            cgroups.create(uid, BEST_EFFORT, UNLIMITED);
            Path folder = Path.of(sandbox.logDirectory());
            Files.createDirectories(folder.resolve("main"));
            List<Mount> mounts = List.of(
                    Mount.of("/etc/hosts", written(folder.resolve("hosts")), false),
                    Mount.of("/dev/termination-log", written(folder.resolve("termination")), false));
            String id = runtime.runSandbox(sandbox, "");
            made.put(uid, id);
            runtime.startContainer(
                    runtime.createContainer(id, pod.container("main", 0, image, COMMAND, mounts), sandbox));
            return id;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String written(Path file) throws IOException {
        return Files.writeString(file, "127.0.0.1\tlocalhost\n").toString();
    }

    private static List<String> all(int count, int atOnce, IntFunction<String> task) throws InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(atOnce)) {
            List<String> results = new ArrayList<>();
            List<Future<String>> running = IntStream.range(0, count)
                    .mapToObj(number -> threads.submit(() -> task.apply(number)))
                    .toList();
            for (Future<String> one : running) {
                results.add(one.get());
            }
            return results;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the runtime failed: " + e.getCause(), e.getCause());
        }
    }
}
