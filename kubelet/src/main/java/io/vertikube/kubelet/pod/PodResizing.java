package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerResizePolicy;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.vertikube.kubelet.cgroup.PodResources;
import io.vertikube.kubelet.resize.Allocations;
import io.vertikube.kubelet.resize.Amounts;
import io.vertikube.kubelet.resize.ResizePlan;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.LinuxResources;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.status.ResizeView;
import io.vertikube.value.PodContainers;
import io.vertikube.value.Quantities;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * Brings the resources of a running pod to what its spec says by now: grants them or says why not, then tells the
 * runtime. Confined to the pod's worker.
 */
final class PodResizing {

    private final PodTools tools;
    private final PodState state;
    private Optional<ResizePlan.Pending> told = Optional.empty();
    private Optional<String> failure = Optional.empty();

    PodResizing(PodTools tools, PodState state) {
        this.tools = tools;
        this.state = state;
    }

    /** The pod with the resources it is granted, and in {@link PodState#resize} how things stand. */
    Pod granted(Pod pod, RuntimePod seen) {
        String uid = state.identity.uid();
        Optional<Allocations.Entry> noted = tools.allocations().of(uid);
        Map<String, ResourceRequirements> granted = new LinkedHashMap<>();
        Map<String, ResourceRequirements> given = new HashMap<>();
        boolean differs = false;
        for (Container container : PodContainers.longRunning(pod.getSpec())) {
            String name = container.getName();
            ResourceRequirements wanted = wanted(container);
            Optional<ResourceRequirements> made = seen.latest(name).flatMap(PodResizing::madeWith);
            ResourceRequirements has = noted.map(Allocations.Entry::granted)
                    .map(all -> all.get(name))
                    .or(() -> made)
                    .orElse(wanted);
            granted.put(name, has);
            differs |= !Amounts.of(has).equals(Amounts.of(wanted));
            seen.latest(name)
                    .filter(ContainerStatus::running)
                    .ifPresent(running -> given.put(name, givenTo(running, noted, has)));
        }
        Optional<ResizePlan.Pending> pending = Optional.empty();
        if (differs) {
            pending = ResizePlan.of(
                    amounts(wanted(pod)),
                    amounts(granted),
                    tools.allocations().others(uid),
                    room(tools.facts().get().allocatable()),
                    PodOrigin.isStatic(pod));
            if (pending.isEmpty()) {
                granted.putAll(wanted(pod));
                tools.allocations().grant(uid, granted);
                failure = Optional.empty();
                tools.events().normal(pod, "ResizeStarted", "Pod resize started: " + text(granted));
            }
        }
        tell(pod, pending);
        tools.allocations().takes(uid, amounts(granted).values());
        boolean open = given.entrySet().stream()
                .anyMatch(each -> !Amounts.of(each.getValue()).equals(Amounts.of(granted.get(each.getKey()))));
        state.resize =
                new ResizeView(granted, given, pending, open ? Optional.of(failure.orElse("")) : Optional.empty());
        return differs || open || noted.isPresent() ? with(pod, granted) : pod;
    }

    /** What running containers have that are to have something else, by container id. */
    Map<String, Boolean> open(Pod granted, RuntimePod seen) {
        Map<String, Boolean> result = new HashMap<>();
        for (Container container : PodContainers.longRunning(granted.getSpec())) {
            ResourceRequirements given = state.resize.given().get(container.getName());
            Optional<ContainerStatus> running = seen.latest(container.getName()).filter(ContainerStatus::running);
            if (given != null && running.isPresent()) {
                Amounts has = Amounts.of(given);
                Amounts wanted = Amounts.of(container.getResources());
                if (!has.equals(wanted)) {
                    result.put(running.get().id(), needsRestart(container, has, wanted));
                }
            }
        }
        return result;
    }

    /** Tells the runtime; the pod's cgroup is never smaller than what is in it. */
    boolean give(Pod granted, RuntimePod seen, ContainerSpec spec, ContainerStatus running) {
        String uid = state.identity.uid();
        String qos = PodResources.qosClass(granted);
        NodeFacts facts = tools.facts().get();
        LinuxResources all = PodResources.ofPod(granted, facts.limits());
        LinuxResources before = PodResources.ofPod(with(granted, state.resize.given()), facts.limits());
        try {
            tools.cgroups().create(uid, qos, larger(before, all));
            tools.runtime()
                    .updateResources(
                            running.id(),
                            PodResources.of(
                                    granted, spec.container(), facts.memoryBytes(), facts.pageSizes(), facts.limits()));
            tools.allocations().give(uid, running.id(), wanted(spec.container()));
            if (isLast(granted, seen, running.id())) {
                tools.cgroups().create(uid, qos, all);
                tools.events().normal(granted, "ResizeCompleted", "Pod resize completed: " + text(wanted(granted)));
            }
            failure = Optional.empty();
            return true;
        } catch (RuntimeFailure | IOException e) {
            failure = Optional.of(Objects.requireNonNullElse(e.getMessage(), "the runtime refused"));
            tools.events().warning(granted, spec, "ResizeError", "Error: " + failure.get());
            return false;
        }
    }

    private boolean isLast(Pod granted, RuntimePod seen, String containerId) {
        return open(granted, seen).keySet().stream()
                .filter(id -> !id.equals(containerId))
                .noneMatch(id -> tools.allocations()
                        .of(state.identity.uid())
                        .map(entry -> !entry.given().containsKey(id))
                        .orElse(true));
    }

    private void tell(Pod pod, Optional<ResizePlan.Pending> pending) {
        if (!pending.equals(told)) {
            pending.ifPresent(
                    why -> tools.events().warning(pod, "Resize" + why.reason(), "Pod resize " + why.message()));
            told = pending;
        }
    }

    private static boolean needsRestart(Container container, Amounts has, Amounts wanted) {
        for (ContainerResizePolicy policy :
                Objects.requireNonNullElse(container.getResizePolicy(), List.<ContainerResizePolicy>of())) {
            boolean changes = policy.getResourceName().equals("cpu") ? !has.sameCpu(wanted) : !has.sameMemory(wanted);
            if (changes && policy.getRestartPolicy().equals("RestartContainer")) {
                return true;
            }
        }
        return false;
    }

    private static ResourceRequirements givenTo(
            ContainerStatus running, Optional<Allocations.Entry> noted, ResourceRequirements otherwise) {
        return noted.map(Allocations.Entry::given)
                .map(all -> all.get(running.id()))
                .or(() -> madeWith(running))
                .orElse(otherwise);
    }

    private static Optional<ResourceRequirements> madeWith(ContainerStatus container) {
        return Optional.ofNullable(container.annotations().get(Labels.RESOURCES))
                .map(Allocations::parse);
    }

    private static ResourceRequirements wanted(Container container) {
        return Objects.requireNonNullElseGet(container.getResources(), ResourceRequirements::new);
    }

    private static Map<String, ResourceRequirements> wanted(Pod pod) {
        Map<String, ResourceRequirements> result = new LinkedHashMap<>();
        PodContainers.longRunning(pod.getSpec())
                .forEach(container -> result.put(container.getName(), wanted(container)));
        return result;
    }

    private static Map<String, Amounts> amounts(Map<String, ResourceRequirements> resources) {
        Map<String, Amounts> result = new LinkedHashMap<>();
        resources.forEach((name, each) -> result.put(name, Amounts.of(each)));
        return result;
    }

    private static ResizePlan.Room room(Map<String, Quantity> allocatable) {
        Quantity cpu = allocatable.get("cpu");
        Quantity memory = allocatable.get("memory");
        return new ResizePlan.Room(
                cpu == null ? 0 : Quantities.milli(cpu.toString()),
                memory == null ? 0 : Quantities.value(memory.toString()));
    }

    private static Pod with(Pod pod, Map<String, ResourceRequirements> resources) {
        Pod copy = new PodBuilder(pod).build();
        PodContainers.all(copy.getSpec()).forEach(container -> {
            ResourceRequirements own = resources.get(container.getName());
            if (own != null) {
                container.setResources(own);
            }
        });
        return copy;
    }

    private static LinuxResources larger(LinuxResources a, LinuxResources b) {
        return new LinuxResources(
                Math.max(a.cpuPeriod(), b.cpuPeriod()),
                unlimitedOr(a.cpuQuota(), b.cpuQuota()),
                Math.max(a.cpuShares(), b.cpuShares()),
                unlimitedOr(a.memoryLimitBytes(), b.memoryLimitBytes()),
                0);
    }

    private static long unlimitedOr(long a, long b) {
        return a == 0 || b == 0 ? 0 : Math.max(a, b);
    }

    private static String text(Map<String, ResourceRequirements> resources) {
        return new String(io.vertikube.object.Json.bytes(resources), java.nio.charset.StandardCharsets.UTF_8);
    }
}
