package io.vertikube.deploy.command;

import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.Sandbox;
import io.vertikube.kubelet.runtime.cri.CriRuntime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code vertikube reset-node}: ends and removes every sandbox of a runtime, so that its network gives addresses back
 * and nothing stays mounted. For a runtime that is the cluster's own.
 */
@Command(
        name = "reset-node",
        mixinStandardHelpOptions = true,
        description = "Ends and removes every pod sandbox of a container runtime.")
public final class ResetNodeCommand implements Callable<Integer> {

    private static final Logger LOG = LoggerFactory.getLogger(ResetNodeCommand.class);
    private static final int AT_ONCE = 8;

    @Option(names = "--container-runtime-endpoint", required = true, description = "unix:///path of its CRI socket.")
    private String endpoint = "";

    @Override
    public Integer call() throws InterruptedException {
        int left = 0;
        try (ContainerRuntime runtime = CriRuntime.open(endpoint);
                ExecutorService threads = Executors.newFixedThreadPool(AT_ONCE)) {
            List<Future<?>> ends = new ArrayList<>();
            for (Sandbox sandbox : runtime.sandboxes(Map.of())) {
                ends.add(threads.submit(() -> {
                    runtime.stopSandbox(sandbox.id());
                    runtime.removeSandbox(sandbox.id());
                }));
            }
            for (Future<?> end : ends) {
                try {
                    end.get();
                } catch (ExecutionException e) {
                    if (!(e.getCause() instanceof RuntimeFailure)) {
                        throw new IllegalStateException(e.getCause());
                    }
                    LOG.warn("a sandbox is left: {}", e.getCause().getMessage());
                    left++;
                }
            }
        }
        return left == 0 ? 0 : 1;
    }
}
