package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import java.util.List;
import java.util.Optional;

/**
 * Init containers and sidecars, one after the other: an init container is over when it ends with 0, a sidecar when it has
 * started ("Init Containers", "Sidecar Containers" in the documentation). Pure functions.
 */
final class InitPlan {

    private InitPlan() {}

    /** Adds what is to be done; answers whether the pod's own containers may run. */
    static boolean decide(PlanDraft draft) {
        List<ContainerSpec> specs = ContainerSpec.of(draft.input.pod());
        boolean initialised = appsHaveBegun(draft, specs);
        for (ContainerSpec spec : specs) {
            boolean over =
                    switch (spec.kind()) {
                        case INIT -> initialised || initOver(draft, spec);
                        case SIDECAR -> sidecarUp(draft, spec) || initialised;
                        case APP, EPHEMERAL -> true;
                    };
            if (!over) {
                return false;
            }
        }
        return true;
    }

    /** Once a container of the pod proper is there, init containers are not looked at again: they may be pruned. */
    private static boolean appsHaveBegun(PlanDraft draft, List<ContainerSpec> specs) {
        return specs.stream()
                .filter(spec -> spec.kind() == ContainerSpec.Kind.APP)
                .anyMatch(spec -> draft.inSandbox(spec).isPresent());
    }

    private static boolean initOver(PlanDraft draft, ContainerSpec spec) {
        Optional<ContainerStatus> status = draft.inSandbox(spec);
        if (status.isEmpty()) {
            draft.start(spec);
            return false;
        }
        return switch (status.get().state()) {
            case RUNNING -> {
                draft.killIfWrong(spec, status.get());
                yield false;
            }
            case EXITED -> {
                if (status.get().exitCode() == 0) {
                    yield true;
                }
                if (spec.restartsAfter(draft.input.restartPolicy(), status.get().exitCode())) {
                    draft.restart(spec, status.get());
                }
                yield false;
            }
            case CREATED, UNKNOWN -> {
                draft.start(spec);
                yield false;
            }
        };
    }

    private static boolean sidecarUp(PlanDraft draft, ContainerSpec spec) {
        Optional<ContainerStatus> status = draft.inSandbox(spec);
        if (status.isEmpty()
                || status.get().state() == ContainerState.CREATED
                || status.get().state() == ContainerState.UNKNOWN) {
            draft.start(spec);
            return false;
        }
        if (status.get().exited()) {
            draft.restart(spec, status.get());
            return false;
        }
        return !draft.killIfWrong(spec, status.get())
                && draft.input.probes().started(spec.container(), status.get().id());
    }
}
