package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes away files, mounts and cgroups of pods that neither the API, nor a worker, nor the runtime knows: what a kubelet
 * that died half-way left. One virtual thread, every minute or so.
 */
public final class Housekeeping implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Housekeeping.class);
    private static final Duration PERIOD = Duration.ofMinutes(1);
    private static final Duration FIRST = Duration.ofSeconds(10);

    private final PodTools tools;
    private final Pods pods;
    private final Thread thread;

    public Housekeeping(PodTools tools, Pods pods) {
        this.tools = tools;
        this.pods = pods;
        this.thread = Thread.ofVirtual().name("housekeeping").unstarted(this::run);
    }

    public void start() {
        thread.start();
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void run() {
        try {
            Thread.sleep(FIRST);
            while (true) {
                try {
                    if (pods.synced()) {
                        round();
                    }
                } catch (IOException | RuntimeFailure e) {
                    LOG.warn("leftovers of pods stay for now: {}", e.getMessage());
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            LOG.debug("housekeeping ends");
        }
    }

    private void round() throws IOException {
        Set<String> left = new HashSet<>(tools.volumes().podUids());
        left.addAll(tools.cgroups().podUids());
        tools.runtime()
                .sandboxes(Map.of())
                .forEach(sandbox -> left.remove(sandbox.labels().getOrDefault(Labels.POD_UID, "")));
        tools.runtime()
                .containers(Map.of())
                .forEach(container -> left.remove(container.labels().getOrDefault(Labels.POD_UID, "")));
        pods.all().forEach(pod -> left.remove(pod.getMetadata().getUid()));
        for (String uid : left) {
            if (!pods.knows(uid)) {
                LOG.info("pod {} is gone, its files go too", uid);
                tools.volumes().tearDown(uid);
                tools.cgroups().remove(uid);
            }
        }
    }
}
