package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.volume.PodVolumes;
import io.vertikube.kubelet.volume.VolumeFailure;
import java.time.Instant;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sets a pod's volumes up and keeps what they show fresh. Confined to the pod's worker. */
final class PodVolumeCare {

    private static final Logger LOG = LoggerFactory.getLogger(PodVolumeCare.class);
    private static final String VOLUMES = "\0volumes";

    private final PodTools tools;
    private final PodState state;
    private final MountTurns turns;

    /** What the volumes were to show when they were last tried. */
    private int tried;

    PodVolumeCare(PodTools tools, PodState state) {
        this.tools = tools;
        this.state = state;
        this.turns = new MountTurns(tools.clock());
    }

    void refresh(Pod pod) {
        Instant now = tools.clock().instant();
        // Labels and annotations are all that a volume shows of its pod; the rest is what it refers to.
        int shown = Objects.hash(
                pod.getMetadata().getLabels(),
                pod.getMetadata().getAnnotations(),
                tools.configs().changes(state.identity.uid()));
        if (state.volumesReady && shown == state.volumesShow && state.volumesFreshUntil.isAfter(now)) {
            return;
        }
        if (shown != tried) {
            turns.openAll();
            tried = shown;
        } else if (state.blocked.isBlocked(VOLUMES)) {
            return;
        }
        PodVolumes.SetUp result = tools.volumes().setUp(pod, tools.fields(PodState.reportedIps(pod)), turns::isOpen);
        result.mounted().keySet().forEach(turns::stands);
        result.failed().forEach((volume, why) -> note(pod, volume, why));
        if (result.isWhole()) {
            state.volumes = result.mounted();
            state.volumesReady = true;
            state.volumesShow = shown;
            state.volumesFreshUntil = now.plus(tools.options().syncFrequency());
            state.blocked.clear(VOLUMES);
        } else {
            turns.next().ifPresent(at -> state.blocked.block(VOLUMES, at));
        }
    }

    private void note(Pod pod, String volume, VolumeFailure why) {
        LOG.info("{}: {}", state.identity, why.getMessage());
        boolean tell = true;
        if (why.isWaiting()) {
            tell = turns.waits(volume);
        } else {
            turns.failed(volume);
        }
        if (tell) {
            tools.events().warning(pod, "FailedMount", String.valueOf(why.getMessage()));
        }
    }
}
