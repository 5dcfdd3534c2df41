package io.vertikube.e2e.simulation;

import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.control.Controller;
import io.vertikube.control.Time;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Stand-ins for the kubelets of many nodes: each keeps its Lease and its Node, runs the pods that are bound to it, and
 * forgets or keeps running them when it crashes or is cut off. They share one watch on pods. Safe for any thread.
 */
final class Fleet implements AutoCloseable {

    private static final String BY_NODE = "node";
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Map<String, SimulatedNode> nodes = new TreeMap<>();
    private final Informer<Pod> pods;
    private final PodRunner runner;
    private final Controller pulses;
    private final Controller workers;

    Fleet(ApiClient api, Time time, History history, OneIdentity identities, List<String> names, int threads) {
        pods = Informer.create(api, Pod.class, "", ListOptions.all());
        pods.addIndex(BY_NODE, pod -> List.of(nodeOf(pod)));
        var meters = new SimpleMeterRegistry();
        runner = new PodRunner(api, time, history, identities);
        var pulse = new NodePulse(api, time);
        for (String name : names) {
            nodes.put(name, new SimulatedNode(name, nodes.size()));
        }
        pulses = new Controller("pulses", threads, key -> pulse.beat(node(key.name())), meters, time);
        workers = new Controller("kubelets", threads, key -> runner.work(key, pods.get(key), nodes), meters, time);
        pods.onChange((before, after) -> {
            Pod pod = after == null ? before : after;
            if (pod != null && !nodeOf(pod).isEmpty()) {
                workers.enqueue(ObjectKey.of(pod));
            }
        });
    }

    void start() throws InterruptedException {
        pods.start();
        pods.awaitSync(PATIENCE);
        workers.start();
        pulses.start();
        nodes.keySet().forEach(name -> pulses.enqueue(ObjectKey.cluster(name)));
    }

    SimulatedNode node(String name) {
        SimulatedNode found = nodes.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no node " + name);
        }
        return found;
    }

    Iterable<SimulatedNode> nodes() {
        return nodes.values();
    }

    /** A node is back: it says so, and looks at everything it has or should have. */
    void wake(String name) {
        node(name).become(SimulatedNode.Fate.UP);
        pulses.enqueue(ObjectKey.cluster(name));
        pods.byIndex(BY_NODE, name).forEach(pod -> workers.enqueue(ObjectKey.of(pod)));
        node(name).running().forEach(local -> workers.enqueue(local.key()));
    }

    /** A node dies, and with it what ran there. */
    void crash(String name) {
        node(name).become(SimulatedNode.Fate.CRASHED);
        runner.crashed(node(name));
    }

    @Override
    public void close() {
        pulses.close();
        workers.close();
        pods.close();
    }

    private static String nodeOf(Pod pod) {
        String name = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        return name == null ? "" : name;
    }
}
