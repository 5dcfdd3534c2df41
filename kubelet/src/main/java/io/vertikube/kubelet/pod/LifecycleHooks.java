package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.vertikube.kubelet.probe.PodCalls;
import io.vertikube.kubelet.probe.ProbeTarget;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ExecResult;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.time.Duration;
import java.util.Optional;

/** Runs postStart and preStop hooks: a command, an HTTP request or a pause. Blocks; safe for any virtual thread. */
final class LifecycleHooks {

    private final ContainerRuntime runtime;
    private final PodCalls calls;

    LifecycleHooks(ContainerRuntime runtime, PodCalls calls) {
        this.runtime = runtime;
        this.calls = calls;
    }

    /** Runs one to its end or the limit; a sentence if it failed. */
    Optional<String> run(LifecycleHandler hook, ProbeTarget target, Duration limit) throws InterruptedException {
        try {
            if (hook.getExec() != null) {
                ExecResult result =
                        runtime.exec(target.containerId(), hook.getExec().getCommand(), limit);
                return result.exitCode() == 0
                        ? Optional.empty()
                        : Optional.of(
                                "command '" + String.join(" ", hook.getExec().getCommand()) + "' exited with "
                                        + result.exitCode() + ": " + result.stderr());
            }
            if (hook.getHttpGet() != null) {
                return Optional.ofNullable(calls.hook(hook.getHttpGet(), target, limit));
            }
            if (hook.getSleep() != null) {
                Duration wanted = Duration.ofSeconds(hook.getSleep().getSeconds());
                Thread.sleep(wanted.compareTo(limit) < 0 ? wanted : limit);
                return Optional.empty();
            }
            return Optional.of("invalid handler: it has neither exec, httpGet nor sleep");
        } catch (RuntimeFailure | IllegalArgumentException e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }
}
