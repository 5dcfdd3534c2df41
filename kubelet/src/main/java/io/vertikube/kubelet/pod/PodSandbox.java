package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.cgroup.PodReserves;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.env.ConfigProblem;
import io.vertikube.kubelet.runtime.IdRange;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.SandboxConfig;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes a pod's cgroup and its sandbox in it. Confined to the pod's worker. */
final class PodSandbox {

    private static final Logger LOG = LoggerFactory.getLogger(PodSandbox.class);
    private static final String SANDBOX = "\0sandbox";
    private static final String NO_CLAIMS = "Failed to prepare dynamic resources: this kubelet has no drivers for them:"
            + " leave out spec.resourceClaims";
    private static final Duration RETRY = Duration.ofSeconds(3);

    private final PodTools tools;
    private final PodState state;

    PodSandbox(PodTools tools, PodState state) {
        this.tools = tools;
        this.state = state;
    }

    PodEffect create(Pod pod, int attempt) {
        if (state.blocked.isBlocked(SANDBOX) || !state.volumesReady) {
            return PodEffect.HELD;
        }
        if (!pod.getSpec().getResourceClaims().isEmpty()) {
            return held(pod, "FailedPrepareDynamicResources", NO_CLAIMS);
        }
        try {
            String handler = tools.runtimeHandler(pod);
            Optional<IdRange> users = giveUsers(pod, handler);
            String id = tools.runtime().runSandbox(config(pod, attempt, makeCgroup(pod), users), handler);
            state.blocked.clear(SANDBOX);
            return new PodEffect.SandboxMade(id);
        } catch (RuntimeFailure | ConfigProblem e) {
            return held(pod, "FailedCreatePodSandBox", "Failed to create pod sandbox: " + e.getMessage());
        }
    }

    private PodEffect held(Pod pod, String reason, String message) {
        LOG.warn("{}: {}", state.identity, message);
        tools.events().warning(pod, reason, message);
        state.blocked.block(SANDBOX, RETRY);
        return PodEffect.HELD;
    }

    /** A pod that wants users of its own waits where there are none: its root would else be the machine's. */
    private Optional<IdRange> giveUsers(Pod pod, String handler) {
        if (!hasOwnUsers(pod)) {
            return Optional.empty();
        }
        if (!tools.runtime().status().mapsUsers(handler)) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.UNSUPPORTED,
                    "RuntimeClass handler \"" + handler + "\" does not support user namespaces");
        }
        return Optional.of(tools.users().give(state.identity.uid()));
    }

    private static boolean hasOwnUsers(Pod pod) {
        return Boolean.FALSE.equals(pod.getSpec().getHostUsers());
    }

    /** What a sandbox that is there was made with; a {@link ConfigProblem} if its users are not known. */
    SandboxConfig config(Pod pod, int attempt) {
        String uid = state.identity.uid();
        return config(
                pod,
                attempt,
                tools.cgroups().parentOf(uid, PodResources.qosClass(pod)),
                hasOwnUsers(pod) ? Optional.of(tools.users().of(uid)) : Optional.empty());
    }

    private SandboxConfig config(Pod pod, int attempt, String cgroup, Optional<IdRange> users) {
        return SandboxConfigs.of(pod, attempt, tools.options(), tools.facts().get(), cgroup, users);
    }

    private String makeCgroup(Pod pod) {
        String qos = PodResources.qosClass(pod);
        try {
            tools.cgroups()
                    .create(
                            state.identity.uid(),
                            qos,
                            PodResources.ofPod(pod, tools.facts().get().limits()),
                            PodReserves.of(pod));
            return tools.cgroups().parentOf(state.identity.uid(), qos);
        } catch (IOException e) {
            tools.events()
                    .warning(
                            pod,
                            "FailedCreatePodCgroup",
                            "The pod runs without a cgroup of its own: " + e.getMessage());
            return "";
        }
    }
}
