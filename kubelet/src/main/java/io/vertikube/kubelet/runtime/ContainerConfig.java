package io.vertikube.kubelet.runtime;

import java.util.List;
import java.util.Map;

/**
 * How a container is to be. {@code image} is what the machine knows it by, {@code userImage} what the person wrote,
 * {@code logPath} relative to the sandbox's log directory. Immutable.
 *
 * @param cdiDevices full names of devices that the runtime knows (Container Device Interface)
 * @param stopSignal what it is to be stopped by; empty for what its image or the runtime says
 */
public record ContainerConfig(
        String name,
        int attempt,
        String image,
        String userImage,
        List<String> command,
        List<String> args,
        String workingDir,
        List<EnvVariable> env,
        List<Mount> mounts,
        List<Device> devices,
        List<String> cdiDevices,
        Map<String, String> labels,
        Map<String, String> annotations,
        String logPath,
        boolean stdin,
        boolean stdinOnce,
        boolean tty,
        String stopSignal,
        LinuxResources resources,
        SecurityOptions security) {

    public ContainerConfig {
        command = List.copyOf(command);
        args = List.copyOf(args);
        env = List.copyOf(env);
        mounts = List.copyOf(mounts);
        devices = List.copyOf(devices);
        cdiDevices = List.copyOf(cdiDevices);
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
    }
}
