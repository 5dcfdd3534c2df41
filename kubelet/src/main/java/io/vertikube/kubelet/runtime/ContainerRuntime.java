package io.vertikube.kubelet.runtime;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What the kubelet asks of a container runtime. Every call blocks until it is done and throws {@link RuntimeFailure};
 * call from virtual threads. Stopping and removing what is already gone succeeds. Safe for any thread.
 */
public interface ContainerRuntime extends AutoCloseable {

    /** Name and version; the cheapest call that needs a living runtime. */
    RuntimeVersion version();

    /** Whether the runtime and its network take pods. */
    RuntimeStatus status();

    /** Who makes cgroups as the runtime is configured; empty for one that does not say (containerd 1). */
    default Optional<CgroupDriver> cgroupDriver() {
        return Optional.empty();
    }

    /** Starts a sandbox and answers its id; {@code handler} is empty for the default one. */
    String runSandbox(SandboxConfig config, String handler);

    /** Ends every container in it and gives its address back. */
    void stopSandbox(String sandboxId);

    void removeSandbox(String sandboxId);

    Optional<SandboxStatus> sandboxStatus(String sandboxId);

    /** All sandboxes that carry all these labels. */
    List<Sandbox> sandboxes(Map<String, String> labels);

    /** Makes a container and answers its id; it does not run yet. */
    String createContainer(String sandboxId, ContainerConfig config, SandboxConfig sandbox);

    void startContainer(String containerId);

    /** Asks it to end and kills it when the grace is over (zero: at once); returns when it has ended. */
    void stopContainer(String containerId, Duration grace);

    void removeContainer(String containerId);

    /** All containers that carry all these labels. */
    List<Container> containers(Map<String, String> labels);

    Optional<ContainerStatus> containerStatus(String containerId);

    void updateResources(String containerId, LinuxResources resources);

    /** Tells the runtime that the log file was moved away. */
    void reopenLog(String containerId);

    /** Runs a command to its end; a command that outlives the timeout is a failure of kind TIMEOUT. */
    ExecResult exec(String containerId, List<String> command, Duration timeout);

    /** Where a streamed command can be reached, once. */
    URI execUrl(String containerId, List<String> command, StreamOptions streams);

    /** Where the streams of a running container can be reached, once. */
    URI attachUrl(String containerId, StreamOptions streams);

    /** Where ports of a sandbox can be reached, once. */
    URI portForwardUrl(String sandboxId, List<Integer> ports);

    /** Usage of all running containers. */
    List<ContainerUsage> usage();

    /** The image by any of its names, if the machine has it. */
    Optional<Image> image(String reference);

    List<Image> images();

    /** Fetches an image and answers the reference to use for it. */
    String pullImage(String reference, Optional<RegistryCredentials> credentials);

    void removeImage(String reference);

    /** The file systems that hold images. */
    List<ImageFilesystem> imageFilesystems();

    /**
     * Whether pods have to wait for their turn to start, and until those are through: what is not urgent had better wait
     * as well.
     */
    default boolean isCrowded() {
        return false;
    }

    /**
     * Hints that a pod changed, by pod uid, until the answer is closed; a runtime without events sends none. The
     * listener must not block.
     */
    AutoCloseable events(Consumer<String> podUidChanged);

    @Override
    void close();
}
