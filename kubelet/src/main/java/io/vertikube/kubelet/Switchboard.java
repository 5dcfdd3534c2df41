package io.vertikube.kubelet;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.admission.NodeAdmission;
import io.vertikube.kubelet.devices.DeviceFailure;
import io.vertikube.kubelet.devices.PodDevices;
import io.vertikube.kubelet.eviction.Evictions;
import io.vertikube.kubelet.eviction.PressureAdmission;
import io.vertikube.kubelet.node.NodeAgent;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.shutdown.GracefulShutdown;
import io.vertikube.kubelet.status.PodStatusPlan;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Ties the knots between parts that need each other: probes wake pods, evictions end them, pods ask both, and many wake
 * the node. Each is connected once, before anything starts; a call to what is not there yet does nothing. Safe for any
 * thread.
 */
final class Switchboard {

    private volatile @Nullable Pods pods;
    private volatile @Nullable Evictions evictions;
    private volatile @Nullable GracefulShutdown shutdown;
    private volatile @Nullable NodeAdmission admission;
    private volatile @Nullable NodeAgent node;
    private volatile @Nullable PodDevices devices;

    void connect(Pods part) {
        pods = part;
    }

    void connect(Evictions part) {
        evictions = part;
    }

    void connect(GracefulShutdown part) {
        shutdown = part;
    }

    void connect(NodeAdmission part) {
        admission = part;
    }

    void connect(NodeAgent part) {
        node = part;
    }

    void connect(PodDevices part) {
        devices = part;
    }

    void wakePod(String uid) {
        Pods known = pods;
        if (known != null) {
            known.wake(uid);
        }
    }

    void wakeNode() {
        NodeAgent known = node;
        if (known != null) {
            known.wake();
        }
    }

    /** Why this node takes no new pod now, if so. */
    Optional<PodStatusPlan.PodEnd> refuse(Pod pod) {
        GracefulShutdown ending = shutdown;
        Evictions known = evictions;
        Optional<PodStatusPlan.PodEnd> late = ending == null ? Optional.empty() : ending.refuse();
        return late.or(() -> known == null ? Optional.empty() : PressureAdmission.refuse(pod, known.pressures()))
                .or(() -> refuseRoom(pod));
    }

    /** Devices first: of them this machine knows more than the API, which rooms are counted by. */
    private Optional<PodStatusPlan.PodEnd> refuseRoom(Pod pod) {
        PodDevices given = devices;
        NodeAdmission room = admission;
        try {
            if (given != null) {
                given.give(pod);
            }
        } catch (DeviceFailure | UncheckedIOException e) {
            return Optional.of(new PodStatusPlan.PodEnd(
                    "UnexpectedAdmissionError",
                    "Pod was rejected: Allocate failed due to " + e.getMessage() + ", which is unexpected"));
        }
        Optional<PodStatusPlan.PodEnd> refused = room == null ? Optional.empty() : room.refuse(pod);
        if (refused.isPresent() && given != null) {
            given.forget(pod.getMetadata().getUid());
        }
        return refused;
    }

    Optional<Pod> pod(String uid) {
        Pods known = pods;
        return known == null
                ? Optional.empty()
                : known.all().stream()
                        .filter(pod -> pod.getMetadata().getUid().equals(uid))
                        .findFirst();
    }
}
