package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.vertikube.kubelet.status.PodStatusPlan;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Why a pod has to end though nobody deletes it: its deadline, what others on this machine want, a node that does not take
 * it. A verdict once noted in {@link PodState#end} stands. Confined to the pod's worker.
 */
final class PodVerdicts {

    private static final Logger LOG = LoggerFactory.getLogger(PodVerdicts.class);
    private static final String EVICTED = "Evicted";

    /** Begins the status' message of a pod that is refused, and not its event's. */
    private static final String REJECTED = "Pod was rejected: ";

    private final PodTools tools;
    private final PodState state;
    private final Supplier<Optional<PodWorker.EndRequest>> endRequest;

    /** {@code endRequest} says why it is to end, if somebody on this machine wants it to. */
    PodVerdicts(PodTools tools, PodState state, Supplier<Optional<PodWorker.EndRequest>> endRequest) {
        this.tools = tools;
        this.state = state;
        this.endRequest = endRequest;
    }

    void note(Pod pod) {
        checkDeadline(pod);
        checkRequests(pod);
        checkAdmission(pod);
    }

    /** How long until the pod's deadline, if it has one and has started. */
    Optional<Duration> untilDeadline(Pod pod) {
        Long seconds = pod.getSpec().getActiveDeadlineSeconds();
        String started = state.before(tools, pod).getStartTime();
        return seconds == null || started == null
                ? Optional.empty()
                : Optional.of(Duration.between(
                        tools.clock().instant(), Instant.parse(started).plusSeconds(seconds)));
    }

    private void checkDeadline(Pod pod) {
        if (state.end.isEmpty()
                && untilDeadline(pod).filter(left -> !left.isPositive()).isPresent()) {
            String message = "Pod was active on the node longer than the specified deadline";
            state.end = Optional.of(new PodStatusPlan.PodEnd("DeadlineExceeded", message));
            tools.events().warning(pod, "DeadlineExceeded", message);
        }
    }

    /** An end that was decided before the kubelet restarted stands. */
    private void checkRequests(Pod pod) {
        PodStatus before = state.before(tools, pod);
        if (state.end.isEmpty() && EVICTED.equals(before.getReason())) {
            state.end = Optional.of(PodStatusPlan.PodEnd.disrupted(
                    EVICTED, Objects.requireNonNullElse(before.getMessage(), ""), "TerminationByKubelet"));
        }
        Optional<PodWorker.EndRequest> request = endRequest.get();
        if (state.end.isEmpty() && request.isPresent()) {
            state.end = Optional.of(request.get().why());
            state.endGrace = request.get().graceSeconds();
        }
    }

    /** A pod that nothing was done for yet may be refused by the node. */
    private void checkAdmission(Pod pod) {
        boolean fresh = state.before(tools, pod).getStartTime() == null;
        if (state.admitted || state.end.isPresent()) {
            return;
        }
        state.admitted = true;
        Optional<PodStatusPlan.PodEnd> refused = fresh ? tools.admission().apply(pod) : Optional.empty();
        if (refused.isPresent()
                && tools.observer().observe(state.identity.uid()).isEmpty()) {
            state.end = refused;
            LOG.info("{} is refused: {}", state.identity, refused.get().message());
            tools.events()
                    .warning(
                            pod, refused.get().reason(), refused.get().message().replaceFirst("^" + REJECTED, ""));
        }
    }
}
