package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.UnreachableException;
import io.vertikube.kubelet.env.ConfigProblem;
import io.vertikube.kubelet.probe.ProbeTarget;
import io.vertikube.kubelet.runtime.ContainerConfig;
import io.vertikube.kubelet.runtime.ContainerStatus;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.runtime.SandboxConfig;
import io.vertikube.kubelet.status.Waiting;
import io.vertikube.kubelet.volume.MountedVolume;
import io.vertikube.kubelet.volume.VolumeFailure;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Takes one container from its spec to running. Blocks; one at a time a pod. */
final class ContainerStarter {

    /** Where it ended. */
    sealed interface Outcome {

        record Started(String containerId) implements Outcome {}

        /** It does not run; do not try before {@code until}. */
        record Blocked(Waiting why, Instant until) implements Outcome {}

        /** Its sandbox ended meanwhile, so nothing was tried: no container is left of it that would count as a restart. */
        record SandboxEnded() implements Outcome {}
    }

    private static final Duration RETRY = Duration.ofSeconds(10);
    private static final Duration POST_START_LIMIT = Duration.ofMinutes(10);

    private final PodTools tools;
    private final ContainerConfigs configs;
    private final LifecycleHooks hooks;
    private final ImageVolumes imageVolumes;
    private final BooleanSupplier endWanted;

    /** {@code endWanted} turns true when nothing should be started any more. */
    ContainerStarter(PodTools tools, BooleanSupplier endWanted) {
        this.tools = tools;
        this.endWanted = endWanted;
        this.configs = new ContainerConfigs(tools);
        this.imageVolumes = new ImageVolumes(tools);
        this.hooks = new LifecycleHooks(tools.runtime(), tools.calls());
    }

    /**
     * What it needs to know of the pod as it stands.
     *
     * @param sandbox what its sandbox was made with; a {@link ConfigProblem} if that is not known
     */
    record Place(
            Pod pod,
            String sandboxId,
            Supplier<SandboxConfig> sandbox,
            Map<String, MountedVolume> volumes,
            List<String> podIps,
            RuntimePod seen) {}

    Outcome start(Place place, ContainerSpec spec, int attempt) throws InterruptedException {
        Optional<ImageVolumes.Outcome> files =
                ImageVolumes.mounted(place.pod(), spec).isEmpty()
                        ? Optional.of(ImageVolumes.NONE)
                        : Cancellable.run(
                                "pull-volumes-" + spec.name(), () -> imageVolumes.ensure(place.pod(), spec), endWanted);
        if (files.isEmpty()) {
            return givenUp();
        }
        return switch (files.get()) {
            case ImageVolumes.Outcome.Missing(Waiting why, Instant until) -> new Outcome.Blocked(why, until);
            case ImageVolumes.Outcome.Present(Map<String, Image> images) -> pull(place, spec, attempt, images);
        };
    }

    private Outcome pull(Place place, ContainerSpec spec, int attempt, Map<String, Image> files)
            throws InterruptedException {
        var wanted = ImagePuller.Wanted.of(spec);
        Optional<ImagePuller.Outcome> image = tools.images().atHand(place.pod(), wanted);
        if (image.isEmpty()) {
            image = Cancellable.run("pull-" + spec.name(), () -> tools.images().ensure(place.pod(), wanted), endWanted);
        }
        if (image.isEmpty()) {
            return givenUp();
        }
        return switch (image.get()) {
            case ImagePuller.Outcome.Missing(Waiting why, Instant until) -> new Outcome.Blocked(why, until);
            case ImagePuller.Outcome.Present present -> make(place, spec, attempt, present, files);
        };
    }

    private Outcome make(
            Place place, ContainerSpec spec, int attempt, ImagePuller.Outcome.Present image, Map<String, Image> files)
            throws InterruptedException {
        Pod pod = place.pod();
        SandboxConfig sandbox;
        ContainerConfig config;
        try {
            sandbox = place.sandbox().get();
            config = configs.of(
                    pod,
                    spec,
                    attempt,
                    image.reference(),
                    image.image(),
                    place.volumes(),
                    files,
                    place.podIps(),
                    targetId(place, spec),
                    sandbox.namespaces().users());
            Files.createDirectories(Path.of(sandbox.logDirectory()).resolve(spec.name()));
        } catch (ConfigProblem | VolumeFailure | ApiException | UnreachableException | IOException e) {
            return blocked(pod, spec, "CreateContainerConfigError", String.valueOf(e.getMessage()));
        }
        String id;
        try {
            id = tools.runtime().createContainer(place.sandboxId(), config, sandbox);
        } catch (RuntimeFailure e) {
            return sandboxEnded(place)
                    ? new Outcome.SandboxEnded()
                    : blocked(pod, spec, "CreateContainerError", String.valueOf(e.getMessage()));
        }
        tools.events().normal(pod, spec, "Created", "Created container: " + spec.name());
        try {
            tools.runtime().startContainer(id);
        } catch (RuntimeFailure e) {
            if (sandboxEnded(place)) {
                tools.runtime().removeContainer(id);
                return new Outcome.SandboxEnded();
            }
            return blocked(pod, spec, "RunContainerError", String.valueOf(e.getMessage()));
        }
        tools.events().normal(pod, spec, "Started", "Started container " + spec.name());
        return postStart(place, spec, id);
    }

    private Outcome postStart(Place place, ContainerSpec spec, String id) throws InterruptedException {
        var lifecycle = spec.container().getLifecycle();
        if (lifecycle == null || lifecycle.getPostStart() == null) {
            return new Outcome.Started(id);
        }
        String ip = place.podIps().isEmpty() ? "127.0.0.1" : place.podIps().getFirst();
        var target = new ProbeTarget(id, spec.container(), ip);
        Optional<Optional<String>> ended = Cancellable.run(
                "post-start-" + spec.name(),
                () -> hooks.run(lifecycle.getPostStart(), target, POST_START_LIMIT),
                endWanted);
        if (ended.isEmpty() || ended.get().isEmpty()) {
            return new Outcome.Started(id);
        }
        String failure = ended.get().get();
        tools.events().warning(place.pod(), spec, "FailedPostStartHook", "PostStartHook failed");
        tools.events().normal(place.pod(), spec, "Killing", "FailedPostStartHook");
        Long grace = place.pod().getSpec().getTerminationGracePeriodSeconds();
        tools.runtime().stopContainer(id, Duration.ofSeconds(grace == null ? 30 : grace));
        return new Outcome.Blocked(
                new Waiting("PostStartHookError", failure), tools.clock().instant());
    }

    /** A runtime that does not answer has not said so. */
    private boolean sandboxEnded(Place place) {
        try {
            return tools.runtime()
                    .sandboxStatus(place.sandboxId())
                    .map(sandbox -> !sandbox.ready())
                    .orElse(true);
        } catch (RuntimeFailure e) {
            return false;
        }
    }

    private Outcome givenUp() {
        return new Outcome.Blocked(
                new Waiting("ContainerCreating", ""), tools.clock().instant());
    }

    private Outcome blocked(Pod pod, ContainerSpec spec, String reason, String message) {
        tools.events().warning(pod, spec, "Failed", "Error: " + message);
        return new Outcome.Blocked(
                new Waiting(reason, message), tools.clock().instant().plus(RETRY));
    }

    private static String targetId(Place place, ContainerSpec spec) {
        return spec.target().isEmpty()
                ? ""
                : place.seen().latest(spec.target()).map(ContainerStatus::id).orElse("");
    }
}
