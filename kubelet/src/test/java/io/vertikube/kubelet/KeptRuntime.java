package io.vertikube.kubelet;

import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.ContainerUsage;
import io.vertikube.kubelet.runtime.ExecResult;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.ImageFilesystem;
import io.vertikube.kubelet.runtime.LinuxResources;
import io.vertikube.kubelet.runtime.RegistryCredentials;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.RuntimeStatus;
import io.vertikube.kubelet.runtime.RuntimeVersion;
import io.vertikube.kubelet.runtime.Sandbox;
import io.vertikube.kubelet.runtime.SandboxConfig;
import io.vertikube.kubelet.runtime.SandboxStatus;
import io.vertikube.kubelet.runtime.StreamOptions;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** A runtime that outlives the kubelets on it, and may not answer for a while. */
class KeptRuntime implements ContainerRuntime {

    private final ContainerRuntime kept;

    private final BooleanSupplier down;

    KeptRuntime(ContainerRuntime kept) {
        this(kept, () -> false);
    }

    KeptRuntime(ContainerRuntime kept, BooleanSupplier down) {
        this.kept = kept;
        this.down = down;
    }

    private ContainerRuntime kept() {
        if (down.getAsBoolean()) {
            throw new RuntimeFailure(RuntimeFailure.Kind.UNAVAILABLE, "connection refused");
        }
        return kept;
    }

    @Override
    public RuntimeVersion version() {
        return kept().version();
    }

    @Override
    public RuntimeStatus status() {
        return kept().status();
    }

    @Override
    public String runSandbox(SandboxConfig config, String handler) {
        return kept().runSandbox(config, handler);
    }

    @Override
    public void stopSandbox(String sandboxId) {
        kept().stopSandbox(sandboxId);
    }

    @Override
    public void removeSandbox(String sandboxId) {
        kept().removeSandbox(sandboxId);
    }

    @Override
    public Optional<SandboxStatus> sandboxStatus(String sandboxId) {
        return kept().sandboxStatus(sandboxId);
    }

    @Override
    public List<Sandbox> sandboxes(Map<String, String> labels) {
        return kept().sandboxes(labels);
    }

    @Override
    public String createContainer(String sandboxId, ContainerConfig config, SandboxConfig sandbox) {
        return kept().createContainer(sandboxId, config, sandbox);
    }

    @Override
    public void startContainer(String containerId) {
        kept().startContainer(containerId);
    }

    @Override
    public void stopContainer(String containerId, Duration grace) {
        kept().stopContainer(containerId, grace);
    }

    @Override
    public void removeContainer(String containerId) {
        kept().removeContainer(containerId);
    }

    @Override
    public List<Container> containers(Map<String, String> labels) {
        return kept().containers(labels);
    }

    @Override
    public Optional<ContainerStatus> containerStatus(String containerId) {
        return kept().containerStatus(containerId);
    }

    @Override
    public void updateResources(String containerId, LinuxResources resources) {
        kept().updateResources(containerId, resources);
    }

    @Override
    public void reopenLog(String containerId) {
        kept().reopenLog(containerId);
    }

    @Override
    public ExecResult exec(String containerId, List<String> command, Duration timeout) {
        return kept().exec(containerId, command, timeout);
    }

    @Override
    public URI execUrl(String containerId, List<String> command, StreamOptions streams) {
        return kept().execUrl(containerId, command, streams);
    }

    @Override
    public URI attachUrl(String containerId, StreamOptions streams) {
        return kept().attachUrl(containerId, streams);
    }

    @Override
    public URI portForwardUrl(String sandboxId, List<Integer> ports) {
        return kept().portForwardUrl(sandboxId, ports);
    }

    @Override
    public List<ContainerUsage> usage() {
        return kept().usage();
    }

    @Override
    public Optional<Image> image(String reference) {
        return kept().image(reference);
    }

    @Override
    public List<Image> images() {
        return kept().images();
    }

    @Override
    public String pullImage(String reference, Optional<RegistryCredentials> credentials) {
        return kept().pullImage(reference, credentials);
    }

    @Override
    public void removeImage(String reference) {
        kept().removeImage(reference);
    }

    @Override
    public List<ImageFilesystem> imageFilesystems() {
        return kept().imageFilesystems();
    }

    @Override
    public AutoCloseable events(Consumer<String> podUidChanged) {
        return kept.events(podUidChanged);
    }

    @Override
    public void close() {}
}
