package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.Sandbox;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lists what the runtime has, every second, and wakes the workers of pods where something changed; finds what belongs to
 * no pod. Two calls a round, on a virtual thread of its own.
 */
public final class Relist implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Relist.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);

    private final ContainerRuntime runtime;
    private final RuntimeObserver observer;
    private final Pods pods;
    private final InstantSource clock;
    private final Thread thread;
    private Set<String> before = Set.of();
    private boolean failing;
    private volatile Instant lastSuccess = Instant.MIN;

    public Relist(ContainerRuntime runtime, RuntimeObserver observer, Pods pods, InstantSource clock) {
        this.runtime = runtime;
        this.observer = observer;
        this.pods = pods;
        this.clock = clock;
        this.thread = Thread.ofVirtual().name("relist").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    /** When the runtime last answered. */
    public Instant lastSuccess() {
        return lastSuccess;
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            while (true) {
                try {
                    round();
                    lastSuccess = clock.instant();
                    failing = false;
                } catch (RuntimeFailure e) {
                    if (!failing) {
                        LOG.warn("the runtime does not list its containers: {}", e.getMessage());
                    }
                    failing = true;
                } catch (RuntimeException e) {
                    LOG.error("what the runtime has is looked at again soon", e);
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            LOG.debug("relisting ends");
        }
    }

    private void round() {
        Map<String, Integer> marks = new HashMap<>();
        Map<String, PodIdentity> found = new HashMap<>();
        for (Sandbox sandbox : runtime.sandboxes(Map.of())) {
            // What carries no pod's uid is not a kubelet's.
            String uid = sandbox.labels().get(Labels.POD_UID);
            if (uid != null) {
                found.putIfAbsent(uid, sandbox.pod());
                marks.merge(uid, RuntimePod.markOf(sandbox.id(), sandbox.ready()), Integer::sum);
            }
        }
        for (Container container : runtime.containers(Map.of())) {
            Optional<PodIdentity> pod = Labels.pod(container.labels());
            if (pod.isPresent()) {
                found.putIfAbsent(pod.get().uid(), pod.get());
                marks.merge(pod.get().uid(), RuntimePod.markOf(container.id(), container.state()), Integer::sum);
            }
        }
        long now = System.nanoTime();
        marks.forEach((uid, mark) -> pods.listed(uid, mark, now));
        before.stream().filter(uid -> !marks.containsKey(uid)).forEach(pods::wake);
        before = marks.keySet();
        observer.listed(marks);
        found.values().stream().filter(pod -> !pods.knows(pod.uid())).forEach(pods::foundInRuntime);
    }
}
