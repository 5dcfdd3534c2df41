package io.vertikube.deploy.bench.node;

import io.vertikube.kubelet.runtime.ContainerRuntime;
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
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/** Pods made by three calls to the runtime each: sandbox, container, start. Confined to one thread, which waits. */
final class RawPods {

    private static final List<String> COMMAND = List.of("sleep", "1000000");

    private final ContainerRuntime runtime;
    private final String image;
    private final Path logs;

    RawPods(ContainerRuntime runtime, String imageName, Path logs) {
        this.runtime = runtime;
        this.image = runtime.image(imageName)
                .orElseThrow(() -> new IllegalStateException("the runtime has no image " + imageName))
                .id();
        this.logs = logs;
    }

    /** How long so many take with some under way at a time; they are removed again, unmeasured. */
    Duration burst(int count, int atOnce) throws InterruptedException {
        List<String> sandboxes = new ArrayList<>();
        long began = System.nanoTime();
        sandboxes.addAll(all(count, atOnce, number -> make()));
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        remove(sandboxes, atOnce);
        return took;
    }

    /** One alone, from the first call to the end of the last. */
    Duration single() throws InterruptedException {
        long began = System.nanoTime();
        String sandbox = make();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        remove(List.of(sandbox), 1);
        return took;
    }

    private String make() {
        String uid = UUID.randomUUID().toString();
        var pod = new PlainPod(new PodIdentity("raw", "raw-" + uid.substring(0, 8), uid), logs, false);
        SandboxConfig sandbox = pod.sandbox();
        try {
            Files.createDirectories(Path.of(sandbox.logDirectory()).resolve("main"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        String id = runtime.runSandbox(sandbox, "");
        runtime.startContainer(runtime.createContainer(id, pod.container("main", 0, image, COMMAND), sandbox));
        return id;
    }

    private void remove(List<String> sandboxes, int atOnce) throws InterruptedException {
        all(sandboxes.size(), atOnce, number -> {
            runtime.stopSandbox(sandboxes.get(number));
            runtime.removeSandbox(sandboxes.get(number));
            return "";
        });
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
