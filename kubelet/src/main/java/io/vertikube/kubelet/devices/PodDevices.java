package io.vertikube.kubelet.devices;

import com.google.protobuf.InvalidProtocolBufferException;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.deviceplugin.v1beta1.ContainerAllocateResponse;
import io.vertikube.value.PodContainers;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives devices to pods, and takes them back. What a container has stays as it is until its pod is over, whatever becomes of
 * the plugin. Safe for any thread; pods that ask for devices are given them one after another.
 */
public final class PodDevices {

    private final DevicePlugins plugins;
    private final DeviceRecords records;
    private final ReentrantLock turn = new ReentrantLock();

    PodDevices(DevicePlugins plugins, DeviceRecords records) {
        this.plugins = plugins;
        this.records = records;
    }

    /**
     * Gives a pod's containers the devices that they ask for and do not have. An init container's devices are those of later
     * containers too, a sidecar's are its own.
     *
     * @throws DeviceFailure if they are not to be had; then the pod has none of them
     */
    public void give(Pod pod) {
        Set<String> known = plugins.names();
        if (known.isEmpty() || !asksForAny(pod, known)) {
            return;
        }
        String uid = pod.getMetadata().getUid();
        boolean hadSome = records.podUids().contains(uid);
        turn.lock();
        try {
            Map<String, Set<String>> reusable = new HashMap<>();
            for (Container init : PodContainers.init(pod.getSpec())) {
                give(uid, init, known, reusable, !PodContainers.isSidecar(init));
            }
            for (Container container : pod.getSpec().getContainers()) {
                give(uid, container, known, reusable, false);
            }
        } catch (RuntimeException e) {
            if (!hadSome) {
                records.forget(uid);
            }
            throw e;
        } finally {
            turn.unlock();
        }
    }

    /**
     * What a container that is about to be made gets with its devices; tells the plugins that want to know.
     *
     * @throws DeviceFailure if it has none though it asks for some, or a plugin says no
     */
    public GivenDevices prepare(Pod pod, Container container) {
        Map<String, Integer> asked = DevicePlan.asked(container, plugins.names()::contains);
        if (asked.isEmpty()) {
            return GivenDevices.NONE;
        }
        String uid = pod.getMetadata().getUid();
        if (!records.of(uid, container.getName()).keySet().containsAll(asked.keySet())) {
            // It was admitted before there was a plugin, or what it had was not on disk.
            give(pod);
        }
        List<ContainerAllocateResponse> answers = new ArrayList<>();
        records.of(uid, container.getName()).forEach((resource, given) -> {
            if (given.preStart()) {
                registered(resource)
                        .orElseThrow(() -> new DeviceFailure("the plugin for " + resource
                                + " is gone, which wants to be told before a container starts"))
                        .preStart(given.ids());
            }
            answers.add(parse(given.answer()));
        });
        return GivenDevices.of(answers);
    }

    /** The pod is over: what it had is anybody's. */
    public void forget(String podUid) {
        records.forget(podUid);
    }

    /** Pods that have devices. */
    public Set<String> podUids() {
        return records.podUids();
    }

    /** Whether a resource is counted here, by devices. */
    public boolean counts(String resource) {
        return plugins.find(resource).isPresent();
    }

    private void give(
            String uid, Container container, Set<String> known, Map<String, Set<String>> reusable, boolean ends) {
        DevicePlan.asked(container, known::contains).forEach((resource, needed) -> {
            Set<String> shared = reusable.computeIfAbsent(resource, name -> new HashSet<>());
            DeviceRecords.@Nullable Given had =
                    records.of(uid, container.getName()).get(resource);
            if (had != null && had.ids().size() != needed) {
                throw new DeviceFailure("container \"" + container.getName() + "\" changed request for resource \""
                        + resource + "\" from " + had.ids().size() + " to " + needed);
            }
            List<String> ids = had != null ? had.ids() : allocate(uid, container, resource, needed, shared);
            if (ends) {
                shared.addAll(ids);
            } else {
                ids.forEach(shared::remove);
            }
        });
    }

    private List<String> allocate(String uid, Container container, String resource, int needed, Set<String> reusable) {
        DevicePlugins.Resource now = plugins.find(resource).orElseThrow(() -> unregistered(resource));
        List<String> ids = DevicePlan.choose(
                resource,
                needed,
                reusable,
                now.devices(),
                records.taken(resource),
                (available, must, size) -> plugin(resource).preferred(available, must, size));
        DevicePlugin plugin = plugin(resource);
        ContainerAllocateResponse answer = plugin.allocate(ids);
        records.give(
                uid,
                container.getName(),
                resource,
                new DeviceRecords.Given(
                        ids, Base64.getEncoder().encodeToString(answer.toByteArray()), plugin.wantsPreStart()));
        return ids;
    }

    /** Asked for after the devices: a plugin that is gone has no healthy ones, which says more. */
    private DevicePlugin plugin(String resource) {
        return registered(resource).orElseThrow(() -> unregistered(resource));
    }

    private Optional<DevicePlugin> registered(String resource) {
        return plugins.find(resource).map(DevicePlugins.Resource::plugin);
    }

    private static DeviceFailure unregistered(String resource) {
        return new DeviceFailure("cannot allocate unregistered device " + resource);
    }

    private static ContainerAllocateResponse parse(String answer) {
        try {
            return ContainerAllocateResponse.parseFrom(Base64.getDecoder().decode(answer));
        } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new DeviceFailure("what a plugin said of devices that were given cannot be read any more", e);
        }
    }

    private static boolean asksForAny(Pod pod, Set<String> known) {
        return PodContainers.all(pod.getSpec()).stream()
                .anyMatch(each -> !DevicePlan.asked(each, known::contains).isEmpty());
    }
}
