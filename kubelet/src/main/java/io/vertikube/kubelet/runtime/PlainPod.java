package io.vertikube.kubelet.runtime;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A pod with nothing special to it, as a runtime is told of one: for contract tests, and to measure a runtime without a
 * kubelet. Immutable; pure functions.
 *
 * @param owned whether it carries a pod's labels; a kubelet of the same runtime takes away what it does not know, and
 *     leaves alone what has none
 */
public record PlainPod(PodIdentity identity, Path logs, boolean owned) {

    private static final NamespaceSharing OWN_NAMESPACES =
            new NamespaceSharing(false, false, NamespaceSharing.Pid.CONTAINER, "", Optional.empty());
    private static final long SHARES = 2;

    public SandboxConfig sandbox() {
        return sandbox("");
    }

    /** In a cgroup that is there, in cgroupfs style. */
    public SandboxConfig sandbox(String cgroupParent) {
        return sandbox(cgroupParent, OWN_NAMESPACES);
    }

    /** The same, sharing other things with the machine. */
    public SandboxConfig sandbox(String cgroupParent, NamespaceSharing namespaces) {
        return new SandboxConfig(
                identity,
                0,
                identity.name(),
                logs.resolve(identity.uid()).toString(),
                Optional.of(new DnsConfig(List.of("10.96.0.10"), List.of("cluster.local"), List.of())),
                List.of(),
                labels(),
                Map.of(),
                cgroupParent,
                namespaces,
                false,
                SeccompProfile.RUNTIME_DEFAULT,
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of(),
                Map.of());
    }

    /** Its log is {@code <name>/<attempt>.log} in the sandbox's folder, which has to be there. */
    public ContainerConfig container(String name, int attempt, String image, List<String> command) {
        return container(name, attempt, image, command, List.of());
    }

    /** The same with paths of the machine in it. */
    public ContainerConfig container(String name, int attempt, String image, List<String> command, List<Mount> mounts) {
        return container(name, attempt, image, command, mounts, OWN_NAMESPACES);
    }

    /** The same in such a sandbox. */
    public ContainerConfig container(
            String name,
            int attempt,
            String image,
            List<String> command,
            List<Mount> mounts,
            NamespaceSharing namespaces) {
        return new ContainerConfig(
                name,
                attempt,
                image,
                image,
                command,
                List.of(),
                "",
                List.of(new EnvVariable("NAME", "value")),
                mounts,
                List.of(),
                List.of(),
                labels(),
                Map.of(Labels.HASH, "abc"),
                name + "/" + attempt + ".log",
                false,
                false,
                false,
                "",
                new LinuxResources(0, 0, SHARES, 0, 0),
                new SecurityOptions(
                        false,
                        false,
                        false,
                        List.of(),
                        List.of(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        List.of(),
                        false,
                        SeccompProfile.UNCONFINED,
                        GuardedPaths.MASKED,
                        GuardedPaths.READ_ONLY,
                        namespaces,
                        Optional.empty(),
                        Optional.empty()));
    }

    private Map<String, String> labels() {
        return owned ? Labels.of(identity) : Map.of();
    }
}
