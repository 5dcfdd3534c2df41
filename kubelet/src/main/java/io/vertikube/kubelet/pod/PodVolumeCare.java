package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.volume.VolumeFailure;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets a pod's volumes up and keeps what they show fresh. Confined to the pod's worker. */
final class PodVolumeCare {

    private static final Logger LOG = LoggerFactory.getLogger(PodVolumeCare.class);
    private static final String VOLUMES = "\0volumes";
    private static final Duration RETRY = Duration.ofSeconds(2);

    /** Others attach a volume: that is looked at often, and told only when it lasts. */
    private static final Duration LOOK = Duration.ofMillis(500);

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final PodTools tools;
    private final PodState state;
    private @Nullable Instant waitSince;

    PodVolumeCare(PodTools tools, PodState state) {
        this.tools = tools;
        this.state = state;
    }

    void refresh(Pod pod) {
        Instant now = tools.clock().instant();
        // Labels and annotations are all that a volume shows of its pod; the rest is what it refers to.
        int shown = Objects.hash(
                pod.getMetadata().getLabels(),
                pod.getMetadata().getAnnotations(),
                tools.configs().changes(state.identity.uid()));
        boolean fresh = shown == state.volumesShow && state.volumesFreshUntil.isAfter(now);
        if (state.volumesReady ? fresh : state.blocked.isBlocked(VOLUMES)) {
            return;
        }
        try {
            state.volumes = tools.volumes().setUp(pod, tools.fields(PodState.reportedIps(pod)));
            state.volumesReady = true;
            waitSince = null;
            state.volumesShow = shown;
            state.volumesFreshUntil = now.plus(tools.options().syncFrequency());
        } catch (VolumeFailure e) {
            LOG.info("{}: {}", state.identity, e.getMessage());
            if (waitSince == null) {
                waitSince = now;
            }
            if (!e.isWaiting() || waitSince.plus(PATIENCE).isBefore(now)) {
                tools.events().warning(pod, "FailedMount", String.valueOf(e.getMessage()));
                waitSince = now;
            }
            state.blocked.block(VOLUMES, e.isWaiting() ? LOOK : RETRY);
        }
    }
}
