package io.vertikube.kubelet.status;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HostIPBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIPBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.pod.ContainerSpec;
import io.vertikube.kubelet.pod.RuntimePod;
import io.vertikube.kubelet.probe.ProbeOutcomes;
import io.vertikube.kubelet.runtime.SandboxStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod's status from what is wanted and what is there (API reference, PodStatus; "Pod Lifecycle" in the documentation).
 * Pure functions.
 */
public final class PodStatusPlan {

    /**
     * What a status is made from.
     *
     * @param before the status to carry on from; conditions of others are kept
     * @param waiting why containers do not run, by name
     * @param messages what ended containers left as their termination message, by container id
     * @param end a reason that ends the pod whatever its containers say, such as a deadline
     */
    public record Input(
            Pod pod,
            PodStatus before,
            RuntimePod seen,
            ProbeOutcomes probes,
            Map<String, Waiting> waiting,
            Map<String, String> messages,
            List<String> hostIps,
            Optional<PodEnd> end,
            boolean initialised,
            Instant now,
            ResizeView resize) {

        /** One whose pod is not resized. */
        public Input(
                Pod pod,
                PodStatus before,
                RuntimePod seen,
                ProbeOutcomes probes,
                Map<String, Waiting> waiting,
                Map<String, String> messages,
                List<String> hostIps,
                Optional<PodEnd> end,
                boolean initialised,
                Instant now) {
            this(pod, before, seen, probes, waiting, messages, hostIps, end, initialised, now, ResizeView.NONE);
        }
    }

    /**
     * Why a pod was ended from outside its containers. Immutable.
     *
     * @param disruption reason of the condition DisruptionTarget, if it gets one
     */
    public record PodEnd(String reason, String message, Optional<String> disruption) {

        /** An end that is no disruption: the pod itself or its owner asked for it. */
        public PodEnd(String reason, String message) {
            this(reason, message, Optional.empty());
        }

        /** An end that the pod has not deserved, so that its owner need not count it as a failure. */
        public static PodEnd disrupted(String reason, String message, String disruption) {
            return new PodEnd(reason, message, Optional.of(disruption));
        }
    }

    private PodStatusPlan() {}

    public static PodStatus of(Input input) {
        var containers = new ContainerStatuses(input);
        List<ContainerStatus> init = new ArrayList<>();
        List<ContainerStatus> app = new ArrayList<>();
        List<ContainerStatus> ephemeral = new ArrayList<>();
        for (ContainerSpec spec : ContainerSpec.of(input.pod())) {
            switch (spec.kind()) {
                case INIT, SIDECAR -> init.add(containers.of(spec));
                case APP -> app.add(containers.of(spec));
                case EPHEMERAL -> ephemeral.add(containers.of(spec));
            }
        }
        String phase = phase(input, init, app);
        var status = new PodStatusBuilder()
                .withPhase(phase)
                .withReason(input.end().map(PodEnd::reason).orElse(null))
                .withMessage(input.end().map(PodEnd::message).orElse(null))
                .withStartTime(
                        input.before().getStartTime() == null
                                ? Times.text(input.now())
                                : input.before().getStartTime())
                .withQosClass(PodResources.qosClass(input.pod()))
                .withInitContainerStatuses(init)
                .withContainerStatuses(app)
                .withEphemeralContainerStatuses(ephemeral)
                .withConditions(PodConditions.of(input, phase, init, app))
                .withNominatedNodeName(input.before().getNominatedNodeName());
        if (!input.hostIps().isEmpty()) {
            status.withHostIP(input.hostIps().getFirst())
                    .withHostIPs(input.hostIps().stream()
                            .map(ip -> new HostIPBuilder().withIp(ip).build())
                            .toList());
        }
        List<String> ips = podIps(input);
        if (!ips.isEmpty()) {
            status.withPodIP(ips.getFirst())
                    .withPodIPs(ips.stream()
                            .map(ip -> new PodIPBuilder().withIp(ip).build())
                            .toList());
        }
        return status.build();
    }

    /** Addresses of the sandbox, or the machine's for a pod on its network; the last known ones when it is gone. */
    static List<String> podIps(Input input) {
        Optional<SandboxStatus> sandbox = input.seen().sandbox();
        if (sandbox.isPresent()) {
            return sandbox.get().hostNetwork() ? input.hostIps() : sandbox.get().ips();
        }
        return input.before().getPodIPs() == null
                ? List.of()
                : input.before().getPodIPs().stream()
                        .map(io.fabric8.kubernetes.api.model.PodIP::getIp)
                        .toList();
    }

    private static String phase(Input input, List<ContainerStatus> init, List<ContainerStatus> app) {
        String before = input.before().getPhase();
        if ("Succeeded".equals(before) || "Failed".equals(before)) {
            return before;
        }
        if (input.end().isPresent()) {
            return anyRunning(init, app) ? "Running" : "Failed";
        }
        String policy = input.pod().getSpec().getRestartPolicy() == null
                ? "Always"
                : input.pod().getSpec().getRestartPolicy();
        String phase = PodPhase.of(input.pod(), policy, init, app);
        boolean terminal = phase.equals("Succeeded") || phase.equals("Failed");
        // A pod is not over while a sidecar still runs.
        return terminal && anyRunning(init, app) ? "Running" : phase;
    }

    private static boolean anyRunning(List<ContainerStatus> init, List<ContainerStatus> app) {
        return init.stream().anyMatch(status -> status.getState().getRunning() != null)
                || app.stream().anyMatch(status -> status.getState().getRunning() != null);
    }
}
