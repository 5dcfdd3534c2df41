package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.LogFiles;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The end of a pod: its containers end with grace, the API is told and deletes the object, and what is left on the
 * machine goes ("Termination of Pods" in the documentation). Confined to the pod's worker.
 */
final class PodTermination {

    private static final Duration LOOK = Duration.ofMillis(100);

    private final PodTools tools;
    private final PodState state;
    private final ApiClient client;

    PodTermination(PodTools tools, PodState state, ApiClient client) {
        this.tools = tools;
        this.state = state;
        this.client = client;
    }

    /**
     * Ends a pod that is marked as deleted and has the API delete it.
     *
     * @param graceSeconds the grace as it is now: it may be shortened while we wait
     */
    void terminate(Pod pod, LongSupplier graceSeconds) throws InterruptedException, IOException {
        String uid = state.identity.uid();
        RuntimePod seen = tools.observer().observe(uid);
        tools.probes().forget(uid);
        state.readMessages(tools, seen);
        state.publish(tools, pod, seen);
        stopWithGrace(pod, seen, graceSeconds);
        RuntimePod stopped = tools.observer().observe(uid);
        for (var sandbox : stopped.sandboxes()) {
            tools.runtime().stopSandbox(sandbox.id());
        }
        RuntimePod after = tools.observer().observe(uid);
        state.readMessages(tools, after);
        state.waiting.clear();
        boolean there = tools.status().writeNow(pod, finalStatus(pod, after));
        tools.volumes().tearDown(uid);
        tools.cgroups().remove(uid);
        tools.devices().forget(uid);
        if (there) {
            deleteObject(pod);
        }
    }

    /** Takes away whatever the machine still has of a pod that the API does not know; its spec may be unknown too. */
    void cleanUp(@Nullable Pod last) throws InterruptedException, IOException {
        String uid = state.identity.uid();
        tools.allocations().forget(uid);
        tools.probes().forget(uid);
        RuntimePod seen = tools.observer().observe(uid);
        if (last != null) {
            new PodEnding(tools, state).stopContainers(last, seen, lastGrace(last));
        } else {
            for (var container : seen.running()) {
                tools.runtime().stopContainer(container.id(), recordedGrace(container));
            }
        }
        for (var sandbox : seen.sandboxes()) {
            tools.runtime().stopSandbox(sandbox.id());
        }
        for (var container : seen.containers()) {
            tools.runtime().removeContainer(container.id());
            tools.observer().removed(container.id());
        }
        for (var sandbox : seen.sandboxes()) {
            tools.runtime().removeSandbox(sandbox.id());
        }
        tools.volumes().tearDown(uid);
        tools.cgroups().remove(uid);
        tools.devices().forget(uid);
        tools.images().forget(uid);
        tools.status().forget(uid);
        deleteLogs(LogFiles.folder(tools.options().podLogsDir(), state.identity));
    }

    /** Waits for the containers; a grace that gets shorter meanwhile cuts theirs. */
    private void stopWithGrace(Pod pod, RuntimePod seen, LongSupplier graceSeconds) throws InterruptedException {
        var began = tools.clock().instant();
        long grace = graceSeconds.getAsLong();
        var ended = new CompletableFuture<Void>();
        Thread.ofVirtual().name("end-" + pod.getMetadata().getName()).start(() -> {
            try {
                new PodEnding(tools, state).stopContainers(pod, seen, Duration.ofSeconds(grace));
                ended.complete(null);
            } catch (InterruptedException | RuntimeException e) {
                ended.completeExceptionally(e);
            }
        });
        long current = grace;
        while (true) {
            try {
                ended.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
                return;
            } catch (TimeoutException e) {
                long now = graceSeconds.getAsLong();
                if (now < current) {
                    current = now;
                    Duration left = Duration.ofSeconds(now)
                            .minus(Duration.between(began, tools.clock().instant()));
                    cutShort(seen, left.isNegative() ? Duration.ZERO : left);
                }
            } catch (ExecutionException e) {
                if (e.getCause() instanceof RuntimeException failure) {
                    throw failure;
                }
                throw new IllegalStateException(e.getCause());
            }
        }
    }

    private void cutShort(RuntimePod seen, Duration left) {
        for (var container : seen.running()) {
            Thread.ofVirtual()
                    .name("cut-" + container.name())
                    .start(() -> tools.runtime().stopContainer(container.id(), left));
        }
    }

    /** A pod that was ended is over, whatever its restart policy: failed unless all of it ended well. */
    private PodStatus finalStatus(Pod pod, RuntimePod after) {
        PodStatus status = PodStatusPlan.of(state.statusInput(tools, pod, after));
        if ("Succeeded".equals(status.getPhase()) || "Failed".equals(status.getPhase())) {
            return status;
        }
        boolean well = status.getContainerStatuses().stream().allMatch(PodTermination::endedWell);
        return new PodStatusBuilder(status)
                .withPhase(well ? "Succeeded" : "Failed")
                .build();
    }

    private static boolean endedWell(ContainerStatus status) {
        var ended = status.getState().getTerminated();
        return ended != null && ended.getExitCode() == 0;
    }

    private void deleteObject(Pod pod) {
        try {
            client.of(Pod.class)
                    .delete(
                            pod.getMetadata().getNamespace(),
                            pod.getMetadata().getName(),
                            new DeleteOptionsBuilder()
                                    .withGracePeriodSeconds(0L)
                                    .withNewPreconditions()
                                    .withUid(pod.getMetadata().getUid())
                                    .endPreconditions()
                                    .build());
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
    }

    private static Duration lastGrace(Pod pod) {
        Long deletion = pod.getMetadata().getDeletionGracePeriodSeconds();
        Long own = pod.getSpec().getTerminationGracePeriodSeconds();
        return Duration.ofSeconds(deletion != null ? Math.max(1, deletion) : own == null ? 30 : own);
    }

    private static Duration recordedGrace(io.vertikube.kubelet.runtime.ContainerStatus container) {
        try {
            return Duration.ofSeconds(Long.parseLong(container.annotations().getOrDefault(Labels.POD_GRACE, "30")));
        } catch (NumberFormatException e) {
            return Duration.ofSeconds(30);
        }
    }

    private static void deleteLogs(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder, new FileVisitOption[0])) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        }
    }
}
