package io.vertikube.kubelet.devices;

import io.vertikube.kubelet.deviceplugin.v1beta1.CDIDevice;
import io.vertikube.kubelet.deviceplugin.v1beta1.ContainerAllocateResponse;
import io.vertikube.kubelet.runtime.Device;
import io.vertikube.kubelet.runtime.EnvVariable;
import io.vertikube.kubelet.runtime.Mount;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a container gets with its devices. Immutable.
 *
 * @param cdi full names of devices that the runtime knows (Container Device Interface)
 */
public record GivenDevices(
        Map<String, String> env,
        List<Mount> mounts,
        List<Device> devices,
        Map<String, String> annotations,
        List<String> cdi) {

    public static final GivenDevices NONE = new GivenDevices(Map.of(), List.of(), List.of(), Map.of(), List.of());

    public GivenDevices {
        env = Map.copyOf(env);
        mounts = List.copyOf(mounts);
        devices = List.copyOf(devices);
        annotations = Map.copyOf(annotations);
        cdi = List.copyOf(cdi);
    }

    /** Of what plugins said for one container; where two say something of the same path or name, the first is heard. */
    static GivenDevices of(Collection<ContainerAllocateResponse> answers) {
        Map<String, String> env = new LinkedHashMap<>();
        Map<String, Mount> mounts = new LinkedHashMap<>();
        Map<String, Device> devices = new LinkedHashMap<>();
        Map<String, String> annotations = new LinkedHashMap<>();
        for (ContainerAllocateResponse answer : answers) {
            answer.getEnvsMap().forEach(env::putIfAbsent);
            answer.getAnnotationsMap().forEach(annotations::putIfAbsent);
            answer.getMountsList()
                    .forEach(mount -> mounts.putIfAbsent(
                            mount.getContainerPath(),
                            Mount.of(mount.getContainerPath(), mount.getHostPath(), mount.getReadOnly())));
            answer.getDevicesList()
                    .forEach(device -> devices.putIfAbsent(
                            device.getContainerPath(),
                            new Device(device.getContainerPath(), device.getHostPath(), device.getPermissions())));
        }
        return new GivenDevices(
                env,
                List.copyOf(mounts.values()),
                List.copyOf(devices.values()),
                annotations,
                answers.stream()
                        .flatMap(answer -> answer.getCdiDevicesList().stream())
                        .map(CDIDevice::getName)
                        .distinct()
                        .toList());
    }

    /** A container's variables with those of the devices, where it has none of that name. */
    public List<EnvVariable> env(List<EnvVariable> own) {
        Map<String, String> all = new LinkedHashMap<>(env);
        own.forEach(variable -> all.put(variable.name(), variable.value()));
        return all.entrySet().stream()
                .map(each -> new EnvVariable(each.getKey(), each.getValue()))
                .toList();
    }

    /** A container's mounts with those of the devices, where it has none at that path. */
    public List<Mount> mounts(List<Mount> own) {
        Map<String, Mount> all = new LinkedHashMap<>();
        mounts.forEach(mount -> all.put(mount.containerPath(), mount));
        own.forEach(mount -> all.remove(mount.containerPath()));
        return Stream.concat(own.stream(), all.values().stream()).toList();
    }

    /** A container's devices and these. */
    public List<Device> devices(List<Device> own) {
        return Stream.concat(own.stream(), devices.stream()).toList();
    }

    /** A container's annotations with those of the devices, where it has none of that name. */
    public Map<String, String> annotations(Map<String, String> own) {
        Map<String, String> all = new LinkedHashMap<>(annotations);
        all.putAll(own);
        return all;
    }
}
