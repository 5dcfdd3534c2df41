package io.vertikube.kubelet.pod;

import io.vertikube.kubelet.runtime.ContainerStatus;
import java.util.Optional;

/** The pod's own containers and ephemeral ones: side by side, each on its own. Pure functions. */
final class AppPlan {

    private AppPlan() {}

    static void decide(PlanDraft draft) {
        for (ContainerSpec spec : ContainerSpec.of(draft.input.pod())) {
            switch (spec.kind()) {
                case APP, EPHEMERAL -> decide(draft, spec);
                case INIT, SIDECAR -> {}
            }
        }
    }

    private static void decide(PlanDraft draft, ContainerSpec spec) {
        Optional<ContainerStatus> latest = draft.input.seen().latest(spec.name());
        if (latest.isEmpty()) {
            draft.start(spec);
            return;
        }
        ContainerStatus status = latest.get();
        boolean here = status.sandboxId().equals(draft.sandboxId);
        switch (status.state()) {
            case RUNNING -> {
                if (here) {
                    draft.killIfWrong(spec, status);
                }
            }
            case CREATED -> {
                if (spec.kind() != ContainerSpec.Kind.EPHEMERAL) {
                    draft.start(spec);
                }
            }
            case EXITED, UNKNOWN -> {
                if (spec.restartsAfter(draft.input.restartPolicy(), status.exitCode())) {
                    draft.restart(spec, status);
                }
            }
        }
    }
}
