package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.PlainPod;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a look at a pod finds when the pod changes while it is looked at. */
final class RuntimeObserverTest {

    private static final String IMAGE = "nginx:1";

    @TempDir
    Path logs;

    @ParameterizedTest
    @ValueSource(strings = {"sandboxes", "sandboxStatus", "containers", "containerStatus"})
    void containerThatEndedWithItsSandboxIsNeverSeenInAReadyOne(String call) {
        try (var runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"))) {
            var pod = new PlainPod(new PodIdentity("default", "p", "u"), logs, true);
            String sandbox = runtime.runSandbox(pod.sandbox(), "");
            runtime.pullImage(IMAGE, Optional.empty());
            runtime.startContainer(
                    runtime.createContainer(sandbox, pod.container("main", 0, IMAGE, List.of("serve")), pod.sandbox()));
            RuntimePod before = new RuntimeObserver(runtime).observe("u");
            assertThat(before.sandbox()).isPresent();
            assertThat(before.running()).hasSize(1);

            RuntimePod seen = new RuntimeObserver(stoppingBefore(call, runtime, sandbox)).observe("u");

            boolean ended = seen.containers().stream().anyMatch(ContainerStatus::exited);
            assertThat(ended && seen.sandbox().isPresent()).isFalse();
            assertThat(runtime.sandboxStatus(sandbox).orElseThrow().ready()).isFalse();
        }
    }

    private static ContainerRuntime stoppingBefore(String call, ContainerRuntime runtime, String sandbox) {
        return (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals(call)) {
                        runtime.stopSandbox(sandbox);
                    }
                    try {
                        return method.invoke(runtime, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
