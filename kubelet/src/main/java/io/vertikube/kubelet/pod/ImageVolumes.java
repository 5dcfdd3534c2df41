package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.fabric8.kubernetes.api.model.VolumeMount;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.status.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The images that a pod's volumes are made of ("image" in the documentation of volumes, KEP-4639): pulled before a container that
 * mounts one is made, and mounted by the runtime. What a reference names is looked up once a pod. Confined to one thread at a time.
 */
final class ImageVolumes {

    static final Outcome NONE = new Outcome.Present(Map.of());

    /** A machine's runtime does not get newer while one waits. */
    private static final Duration UNTIL_ANOTHER_RUNTIME = Duration.ofMinutes(1);

    private final PodTools tools;
    private final Map<String, Image> found = new HashMap<>();

    ImageVolumes(PodTools tools) {
        this.tools = tools;
    }

    /** What came of it. */
    sealed interface Outcome {

        /** Those that a container mounts, by volume. */
        record Present(Map<String, Image> images) implements Outcome {

            public Present {
                images = Map.copyOf(images);
            }
        }

        /** One of them is not there, or cannot be mounted; do not try before {@code until}. */
        record Missing(Waiting why, Instant until) implements Outcome {}
    }

    /** Has those on the machine that a container mounts. Blocks. */
    Outcome ensure(Pod pod, ContainerSpec spec) throws InterruptedException {
        Optional<String> problem = ImageVolumeSupport.problem(tools.runtime().version(), mountsPart(pod, spec));
        if (problem.isPresent()) {
            tools.events().warning(pod, spec, "Failed", "Error: " + problem.get());
            return new Outcome.Missing(
                    new Waiting("CreateContainerError", problem.get()),
                    tools.clock().instant().plus(UNTIL_ANOTHER_RUNTIME));
        }
        Map<String, Image> result = new HashMap<>();
        for (Volume volume : mounted(pod, spec)) {
            Image known = found.get(volume.getName());
            if (known == null) {
                switch (tools.images().ensure(pod, ImagePuller.Wanted.of(volume.getImage()))) {
                    case ImagePuller.Outcome.Present present -> known = present.image();
                    case ImagePuller.Outcome.Missing(Waiting why, Instant until) -> {
                        return new Outcome.Missing(why, until);
                    }
                }
                found.put(volume.getName(), known);
            }
            result.put(volume.getName(), known);
        }
        return new Outcome.Present(result);
    }

    /** The volumes made of images that a container mounts, each once. */
    static List<Volume> mounted(Pod pod, ContainerSpec spec) {
        Map<String, Volume> images = Optional.ofNullable(pod.getSpec().getVolumes()).orElse(List.of()).stream()
                .filter(volume -> volume.getImage() != null)
                .collect(Collectors.toMap(Volume::getName, Function.identity()));
        Map<String, Volume> result = new LinkedHashMap<>();
        for (VolumeMount mount : mounts(spec)) {
            Optional.ofNullable(images.get(mount.getName())).ifPresent(volume -> result.put(mount.getName(), volume));
        }
        return List.copyOf(result.values());
    }

    /** Whether a container mounts only a part of one of them. */
    private static boolean mountsPart(Pod pod, ContainerSpec spec) {
        List<String> names = mounted(pod, spec).stream().map(Volume::getName).toList();
        return mounts(spec).stream()
                .anyMatch(mount -> names.contains(mount.getName())
                        && !(Objects.requireNonNullElse(mount.getSubPath(), "")
                                        + Objects.requireNonNullElse(mount.getSubPathExpr(), ""))
                                .isEmpty());
    }

    private static List<VolumeMount> mounts(ContainerSpec spec) {
        return Objects.requireNonNullElse(spec.container().getVolumeMounts(), List.of());
    }
}
