package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.PlainPod;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a look at a pod finds when the pod changes while it is looked at. */
final class RuntimeObserverTest {

    private static final String IMAGE = "nginx:1";

    @TempDir
    Path logs;

    @Test
    void memoryThatRanOutIsToldThoughTheRuntimeLearnsOfItAfterTheEnd() {
        var asked = new AtomicInteger();
        var runtime = (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "containers" -> List.of(ended());
                    case "containerStatus" -> Optional.of(killed(asked.getAndIncrement() == 0 ? "Error" : "OOMKilled"));
                    default -> List.of();
                });
        var observer = new RuntimeObserver(runtime, id -> false);

        for (int look = 0; look < 2; look++) {
            assertThat(observer.observe("u").containers())
                    .singleElement()
                    .satisfies(container -> assertThat(container.reason()).isEqualTo("OOMKilled"));
        }
        assertThat(asked).as("what has ended is not asked for again").hasValue(2);
    }

    @ParameterizedTest(name = "killed: {0}, the machine says {1}")
    @CsvSource({"137,c,OOMKilled", "137,other,Error", "1,c,Error"})
    void memoryThatRanOutIsToldThoughTheRuntimeNeverLearnsOfIt(int exitCode, String known, String reason) {
        var runtime = (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "containers" -> List.of(ended());
                    case "containerStatus" -> Optional.of(killed("Error", exitCode));
                    default -> List.of();
                });
        assertThat(new RuntimeObserver(runtime, known::equals).observe("u").containers())
                .singleElement()
                .satisfies(container -> assertThat(container.reason()).isEqualTo(reason));
    }

    private static Container ended() {
        return new Container("c", "s", "main", 0, ContainerState.EXITED, Instant.EPOCH, Map.of(), Map.of(), Set.of());
    }

    private static ContainerStatus killed(String reason) {
        return killed(reason, 137);
    }

    private static ContainerStatus killed(String reason, int exitCode) {
        return new ContainerStatus(
                "c",
                "s",
                "main",
                0,
                ContainerState.EXITED,
                Instant.EPOCH,
                Optional.of(Instant.EPOCH),
                Optional.of(Instant.EPOCH),
                exitCode,
                IMAGE,
                IMAGE,
                reason,
                "",
                Map.of(),
                Map.of(),
                List.of(),
                "",
                Optional.empty(),
                "");
    }

    @ParameterizedTest
    @ValueSource(strings = {"sandboxes", "sandboxStatus", "containers", "containerStatus"})
    void containerThatEndedWithItsSandboxIsNeverSeenInAReadyOne(String call) {
        try (var runtime = new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"))) {
            var pod = new PlainPod(new PodIdentity("default", "p", "u"), logs, true);
            String sandbox = runtime.runSandbox(pod.sandbox(), "");
            runtime.pullImage(IMAGE, Optional.empty());
            runtime.startContainer(
                    runtime.createContainer(sandbox, pod.container("main", 0, IMAGE, List.of("serve")), pod.sandbox()));
            RuntimePod before = new RuntimeObserver(runtime, id -> false).observe("u");
            assertThat(before.sandbox()).isPresent();
            assertThat(before.running()).hasSize(1);

            RuntimePod seen = new RuntimeObserver(stoppingBefore(call, runtime, sandbox), id -> false).observe("u");

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
