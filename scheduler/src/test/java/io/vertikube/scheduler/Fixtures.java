package io.vertikube.scheduler;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.scheduler.snapshot.NodeView;
import io.vertikube.scheduler.snapshot.PodView;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Nodes and pods for tests. */
public final class Fixtures {

    private Fixtures() {}

    /** A node of 4 CPUs, 8 GiB and 110 pods in zone {@code zone}. */
    public static NodeBuilder node(String name, String zone) {
        return new NodeBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels(Map.of("kubernetes.io/hostname", name, "zone", zone))
                .endMetadata()
                .withNewSpec()
                .endSpec()
                .withNewStatus()
                .withAllocatable(Map.of(
                        "cpu", new Quantity("4"),
                        "memory", new Quantity("8Gi"),
                        "ephemeral-storage", new Quantity("100Gi"),
                        "pods", new Quantity("110")))
                .endStatus();
    }

    public static NodeView view(NodeBuilder node, Pod... pods) {
        Node built = node.build();
        return NodeView.of(built, List.of(pods).stream().map(PodView::of).toList());
    }

    /** A pod of app {@code app} that asks for CPU and memory. */
    public static PodBuilder pod(String name, String app, String cpu, String memory) {
        return new PodBuilder()
                .withNewMetadata()
                .withNamespace("default")
                .withName(name)
                .withUid("uid-" + name)
                .addToLabels("app", app)
                .endMetadata()
                .withNewSpec()
                .withSchedulerName("default-scheduler")
                .addNewContainer()
                .withName("c")
                .withImage("registry.local/app:1")
                .withNewResources()
                .addToRequests("cpu", new Quantity(cpu))
                .addToRequests("memory", new Quantity(memory))
                .endResources()
                .endContainer()
                .endSpec();
    }

    public static PodView view(PodBuilder pod) {
        return PodView.of(pod.build());
    }

    public static PodView podOf(UnaryOperator<PodBuilder> change) {
        return view(change.apply(pod("p", "web", "1", "1Gi")));
    }

    /** A pod on a node, with a priority. */
    public static Pod placed(String name, String app, String cpu, String node, int priority) {
        return pod(name, app, cpu, "64Mi")
                .editSpec()
                .withNodeName(node)
                .withPriority(priority)
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .withStartTime("2026-01-01T00:00:00Z")
                .endStatus()
                .build();
    }
}
