package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.RegistryCredentials;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.status.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has a container's image on the machine, by its pull policy, with back-off for what cannot be pulled ("Images" in the
 * documentation). A few pulls run at a time, never two of one image. Safe for any thread; blocks.
 */
public final class ImagePuller {

    /** What became of it. */
    sealed interface Outcome {

        /** {@code reference} is what containers are made from. */
        record Present(String reference, Image image) implements Outcome {}

        /** Not there; do not try before {@code until}. */
        record Missing(Waiting why, Instant until) implements Outcome {}
    }

    private static final Logger LOG = LoggerFactory.getLogger(ImagePuller.class);
    private static final int PARALLEL = 5;
    private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

    private record Backoff(Duration delay, Instant until, String failure) {}

    private final ContainerRuntime runtime;
    private final ConfigSource configs;
    private final PodEvents events;
    private final InstantSource clock;
    private final Semaphore slots = new Semaphore(PARALLEL, /* fair= */ true);
    private final Map<String, Object> pulling = new ConcurrentHashMap<>();
    private final Map<String, Backoff> backoffs = new ConcurrentHashMap<>();

    public ImagePuller(ContainerRuntime runtime, ConfigSource configs, PodEvents events, InstantSource clock) {
        this.runtime = runtime;
        this.configs = configs;
        this.events = events;
        this.clock = clock;
    }

    Outcome ensure(Pod pod, ContainerSpec spec) throws InterruptedException {
        String reference = spec.container().getImage();
        String policy = policy(spec);
        Optional<String> invalid = ImageNames.problem(reference);
        if (invalid.isPresent()) {
            events.warning(pod, spec, "InspectFailed", invalid.get());
            events.warning(pod, spec, "Failed", "Error: InvalidImageName");
            return new Outcome.Missing(
                    new Waiting("InvalidImageName", invalid.get()),
                    clock.instant().plus(FIRST_DELAY));
        }
        Optional<Image> present = runtime.image(reference);
        if (present.isPresent() && !policy.equals("Always")) {
            events.normal(pod, spec, "Pulled", "Container image \"" + reference + "\" already present on machine");
            return new Outcome.Present(present.get().id(), present.get());
        }
        if (policy.equals("Never")) {
            String message = "Container image \"" + reference + "\" is not present with pull policy of Never";
            events.warning(pod, spec, "ErrImageNeverPull", message);
            events.warning(pod, spec, "Failed", "Error: ErrImageNeverPull");
            return new Outcome.Missing(
                    new Waiting("ErrImageNeverPull", message), clock.instant().plus(FIRST_DELAY));
        }
        String key = pod.getMetadata().getUid() + "\0" + reference;
        Backoff backoff = backoffs.get(key);
        if (backoff != null && backoff.until().isAfter(clock.instant())) {
            events.normal(pod, spec, "BackOff", "Back-off pulling image \"" + reference + "\"");
            events.warning(pod, spec, "Failed", "Error: ImagePullBackOff");
            return new Outcome.Missing(
                    new Waiting(
                            "ImagePullBackOff",
                            "Back-off pulling image \"" + reference + "\": ErrImagePull: " + backoff.failure()),
                    backoff.until());
        }
        try {
            Image image = pull(pod, spec, reference);
            backoffs.remove(key);
            return new Outcome.Present(image.id(), image);
        } catch (RuntimeFailure e) {
            return failed(pod, spec, reference, key, backoff, String.valueOf(e.getMessage()));
        }
    }

    /** Drops the back-offs of a pod that is gone. */
    void forget(String podUid) {
        backoffs.keySet().removeIf(key -> key.startsWith(podUid + "\0"));
    }

    static String policy(ContainerSpec spec) {
        String policy = spec.container().getImagePullPolicy();
        if (policy != null && !policy.isEmpty()) {
            return policy;
        }
        String image = spec.container().getImage();
        String last = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
        return latest ? "Always" : "IfNotPresent";
    }

    private Image pull(Pod pod, ContainerSpec spec, String reference) throws InterruptedException {
        Instant asked = clock.instant();
        synchronized (pulling.computeIfAbsent(reference, r -> new Object())) {
            slots.acquire();
            try {
                events.normal(pod, spec, "Pulling", "Pulling image \"" + reference + "\"");
                Instant began = clock.instant();
                String pulled = pullWithAny(reference, PullSecrets.find(pod, reference, configs));
                Image image = runtime.image(pulled)
                        .or(() -> runtime.image(reference))
                        .orElseThrow(() -> new RuntimeFailure(
                                RuntimeFailure.Kind.OTHER, "image " + reference + " is gone right after its pull"));
                Instant done = clock.instant();
                events.normal(
                        pod,
                        spec,
                        "Pulled",
                        "Successfully pulled image \"" + reference + "\" in " + text(began, done) + " ("
                                + text(asked, done) + " including waiting). Image size: " + image.sizeBytes()
                                + " bytes.");
                return image;
            } finally {
                slots.release();
            }
        }
    }

    /** One set of credentials after the other; without any, as nobody. The last refusal counts. */
    private String pullWithAny(String reference, List<RegistryCredentials> all) {
        if (all.isEmpty()) {
            return runtime.pullImage(reference, Optional.empty());
        }
        for (RegistryCredentials one : all.subList(0, all.size() - 1)) {
            try {
                return runtime.pullImage(reference, Optional.of(one));
            } catch (RuntimeFailure e) {
                LOG.info("{} is not pulled as {}: {}", reference, one.username(), e.getMessage());
            }
        }
        return runtime.pullImage(reference, Optional.of(all.getLast()));
    }

    private Outcome failed(
            Pod pod,
            ContainerSpec spec,
            String reference,
            String key,
            @org.jspecify.annotations.Nullable Backoff before,
            String failure) {
        Duration delay = before == null ? FIRST_DELAY : before.delay().multipliedBy(2);
        if (delay.compareTo(LONGEST_DELAY) > 0) {
            delay = LONGEST_DELAY;
        }
        Instant until = clock.instant().plus(delay);
        backoffs.put(key, new Backoff(delay, until, failure));
        events.warning(pod, spec, "Failed", "Failed to pull image \"" + reference + "\": " + failure);
        events.warning(pod, spec, "Failed", "Error: ErrImagePull");
        return new Outcome.Missing(
                new Waiting("ErrImagePull", failure), clock.instant().plusSeconds(1));
    }

    private static String text(Instant from, Instant to) {
        long millis = Duration.between(from, to).toMillis();
        return millis < 1000 ? millis + "ms" : millis / 1000 + "." + String.format("%03d", millis % 1000) + "s";
    }
}
