package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.simulated.SimulatedRuntime;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pod costs of the runtime's answers, on a runtime that tells of no events. */
final class FewLooksTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int RELISTS = 3;

    /** More than twice the time after which this node's workers look at their pods, and a turn of log rotation. */
    private static final Duration TURNS = Duration.ofSeconds(12);

    private final Map<String, Integer> calls = new ConcurrentHashMap<>();
    private final List<String> order = new CopyOnWriteArrayList<>();

    @TempDir
    Path folder;

    @Test
    void neitherItsOwnActionsNorTheEchoOfItsStatusMakeAWorkerLookAgain() throws IOException {
        try (var cluster = new TestCluster(folder)) {
            Path root = folder.resolve("a");
            var options = KubeletOptions.simulated(
                    cluster.options("node-a", KubeletOptions.SIMULATED, root).kubeconfig(), "node-a", root);
            KubeletService kubelet = cluster.kubelet(
                    options, counted(new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"))));
            try {
                Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
                cluster.client.of(Pod.class).create(TestPods.webOn("node-a"));
                Awaitility.await().atMost(SOON).until(() -> isReady(cluster.pod("web")));
                int before = count("sandboxes");
                Awaitility.await().atMost(SOON).until(() -> count("sandboxes") >= before + RELISTS);

                // One more each if the relist came between an action and the look after it.
                assertThat(count("sandboxStatus")).isLessThanOrEqualTo(2);
                assertThat(count("containerStatus")).isLessThanOrEqualTo(2);
                assertThat(order)
                        .as("a new pod is not looked for: the last list of all did not have it")
                        .first()
                        .isEqualTo("runSandbox");
            } finally {
                kubelet.close();
            }
        }
    }

    @Test
    void aPodAtRestAsksNothingOfTheRuntimeThatItsListsDoNotTell() throws Exception {
        try (var cluster = new TestCluster(folder)) {
            KubeletService kubelet = cluster.kubelet(
                    cluster.options("node-a", KubeletOptions.SIMULATED, folder.resolve("a")),
                    counted(new SimulatedRuntime(InstantSource.system(), Cidr.parse("10.77.0.0/24"))));
            try {
                Awaitility.await().atMost(SOON).until(kubelet::nodeReady);
                cluster.client.of(Pod.class).create(TestPods.webOn("node-a"));
                Awaitility.await().atMost(SOON).until(() -> isReady(cluster.pod("web")));
                Thread.sleep(TURNS);
                int details = details();
                int lists = count("containers");

                Thread.sleep(TURNS);

                assertThat(count("containers")).isGreaterThan(lists);
                assertThat(details()).isEqualTo(details);
            } finally {
                kubelet.close();
            }
        }
    }

    /** Calls about one pod. */
    private int details() {
        return count("sandboxStatus") + count("containerStatus") + order.size();
    }

    private int count(String call) {
        return calls.getOrDefault(call, 0);
    }

    private ContainerRuntime counted(ContainerRuntime runtime) {
        return (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("events")) {
                        return (AutoCloseable) () -> {};
                    }
                    calls.merge(method.getName(), 1, Integer::sum);
                    boolean lists = method.getName().equals("sandboxes")
                            || method.getName().equals("containers");
                    if (method.getName().equals("runSandbox")
                            || (lists && !Map.of().equals(arguments[0]))) {
                        order.add(method.getName());
                    }
                    try {
                        return method.invoke(runtime, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus() != null
                && pod.getStatus().getConditions().stream()
                        .filter(condition -> condition.getType().equals("Ready"))
                        .map(PodCondition::getStatus)
                        .anyMatch("True"::equals);
    }
}
