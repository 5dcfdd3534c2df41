package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.vertikube.kubelet.KubeletOptions;
import io.vertikube.kubelet.cgroup.PodCgroups;
import io.vertikube.kubelet.devices.PodDevices;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.env.FieldValues;
import io.vertikube.kubelet.probe.PodCalls;
import io.vertikube.kubelet.probe.Probes;
import io.vertikube.kubelet.resize.Allocations;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.status.PodStatusPlan;
import io.vertikube.kubelet.status.StatusWriter;
import io.vertikube.kubelet.users.PodUsers;
import io.vertikube.kubelet.volume.PodVolumes;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * What all workers share. Immutable; every part is safe for any thread.
 *
 * @param admission why the node refuses a new pod, if it does
 * @param runtimeHandler the runtime's handler for a RuntimeClass name, or a failure
 */
public record PodTools(
        KubeletOptions options,
        Supplier<NodeFacts> facts,
        ContainerRuntime runtime,
        RuntimeObserver observer,
        PodVolumes volumes,
        PodCgroups cgroups,
        PodUsers users,
        Allocations allocations,
        PodDevices devices,
        Probes probes,
        StatusWriter status,
        PodEvents events,
        ImagePuller images,
        PodCalls calls,
        ConfigSource configs,
        Supplier<Collection<Service>> services,
        Function<String, String> runtimeHandler,
        Function<Pod, Optional<PodStatusPlan.PodEnd>> admission,
        InstantSource clock) {

    /** The runtime's handler for a pod, empty for the default one; fails if its RuntimeClass is not there. */
    String runtimeHandler(Pod pod) {
        String name = pod.getSpec().getRuntimeClassName();
        return name == null || name.isEmpty() ? "" : runtimeHandler.apply(name);
    }

    FieldValues fields(List<String> podIps) {
        NodeFacts now = facts.get();
        return new FieldValues(podIps, now.hostIps(), now.allocatable());
    }
}
