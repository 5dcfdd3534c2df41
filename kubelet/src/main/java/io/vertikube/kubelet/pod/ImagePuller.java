package io.vertikube.kubelet.pod;

import io.fabric8.kubernetes.api.model.ImageVolumeSource;
import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.control.TokenBucket;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.images.ImageGuard;
import io.vertikube.kubelet.images.SecretUse;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import io.vertikube.kubelet.status.Waiting;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the image of a container or a volume on the machine, by its pull policy, with back-off for what cannot be pulled ("Images" in the
 * documentation). A few pulls run at a time, never two of one image; those that
 * begin faster than the node's pace wait. Safe for any thread; blocks.
 */
public final class ImagePuller {

    /** What became of it. */
    sealed interface Outcome {

        /** {@code reference} is what containers are made from. */
        record Present(String reference, Image image) implements Outcome {}

        /** Not there; do not try before {@code until}. */
        record Missing(Waiting why, Instant until) implements Outcome {}
    }

    /**
     * An image that something of a pod is made of. Immutable.
     *
     * @param policy empty: as the reference's tag says
     * @param container whose it is; empty: a volume's
     */
    record Wanted(String reference, String policy, Optional<ContainerSpec> container) {

        static Wanted of(ContainerSpec spec) {
            return new Wanted(
                    spec.container().getImage(),
                    Objects.requireNonNullElse(spec.container().getImagePullPolicy(), ""),
                    Optional.of(spec));
        }

        static Wanted of(ImageVolumeSource volume) {
            return new Wanted(
                    Objects.requireNonNullElse(volume.getReference(), ""),
                    Objects.requireNonNullElse(volume.getPullPolicy(), ""),
                    Optional.empty());
        }

        String what() {
            return container.isPresent() ? "Container image" : "Image";
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(ImagePuller.class);
    private static final Duration FIRST_DELAY = Duration.ofSeconds(10);
    private static final Duration LONGEST_DELAY = Duration.ofMinutes(5);

    /** Many pods of one image at once need not all ask whether it is there. */
    private static final Duration SAME = Duration.ofSeconds(1);

    /** An image that was there when it was asked for. Immutable. */
    private record Sight(String reference, Image image, long at) {}

    /** What a pull brought, and the Secret that let it. Immutable. */
    private record Pulled(String reference, Optional<SecretUse> with) {}

    private record Backoff(Duration delay, Instant until, String failure) {}

    private final ContainerRuntime runtime;
    private final ConfigSource configs;
    private final PodEvents events;
    private final InstantSource clock;
    private final PullLimits limits;
    private final ImageGuard guard;
    private final Semaphore slots;

    /** Guarded by itself. */
    private final TokenBucket pace;

    private final Map<String, Object> pulling = new ConcurrentHashMap<>();
    private final Map<String, Backoff> backoffs = new ConcurrentHashMap<>();
    private volatile @Nullable Sight last;

    public ImagePuller(
            ContainerRuntime runtime,
            ConfigSource configs,
            PodEvents events,
            InstantSource clock,
            PullLimits limits,
            ImageGuard guard) {
        this.runtime = runtime;
        this.configs = configs;
        this.events = events;
        this.clock = clock;
        this.limits = limits;
        this.guard = guard;
        this.slots = new Semaphore(limits.atOnce(), /* fair= */ true);
        this.pace = new TokenBucket(Math.max(1, limits.burst()), limits.perSecond(), clock.instant());
    }

    /** The image, if it is there, its policy takes it as it is and the pod may have it. */
    Optional<Outcome> atHand(Pod pod, Wanted wanted) {
        String reference = wanted.reference();
        if (policy(wanted).equals("Always") || ImageNames.problem(reference).isPresent()) {
            return Optional.empty();
        }
        Optional<Image> present = lately(reference)
                .or(() -> look(reference))
                .filter(image -> guard.mayHave(
                        reference,
                        image,
                        () -> PullSecrets.find(pod, reference, configs).stream()
                                .map(PullSecrets.Found::use)
                                .toList()));
        present.ifPresent(image ->
                normal(pod, wanted, "Pulled", wanted.what() + " \"" + reference + "\" already present on machine"));
        return present.map(image -> new Outcome.Present(image.id(), image));
    }

    private Optional<Image> lately(String reference) {
        Sight sight = last;
        return sight != null && sight.reference.equals(reference) && System.nanoTime() - sight.at < SAME.toNanos()
                ? Optional.of(sight.image)
                : Optional.empty();
    }

    private Optional<Image> look(String reference) {
        long began = System.nanoTime();
        Optional<Image> image = runtime.image(reference);
        image.ifPresent(seen -> last = new Sight(reference, seen, began));
        return image;
    }

    Outcome ensure(Pod pod, Wanted wanted) throws InterruptedException {
        String reference = wanted.reference();
        String policy = policy(wanted);
        Optional<String> invalid = ImageNames.problem(reference);
        if (invalid.isPresent()) {
            warning(pod, wanted, "InspectFailed", invalid.get());
            warning(pod, wanted, "Failed", "Error: InvalidImageName");
            return new Outcome.Missing(
                    new Waiting("InvalidImageName", invalid.get()),
                    clock.instant().plus(FIRST_DELAY));
        }
        Optional<Outcome> atHand = atHand(pod, wanted);
        if (atHand.isPresent()) {
            return atHand.get();
        }
        if (policy.equals("Never")) {
            String message = wanted.what() + " \"" + reference + "\" is "
                    + (runtime.image(reference).isPresent()
                            ? "present, but was pulled with credentials that the pod does not have, and may not be"
                                    + " pulled again"
                            : "not present")
                    + " with pull policy of Never";
            warning(pod, wanted, "ErrImageNeverPull", message);
            warning(pod, wanted, "Failed", "Error: ErrImageNeverPull");
            return new Outcome.Missing(
                    new Waiting("ErrImageNeverPull", message), clock.instant().plus(FIRST_DELAY));
        }
        String key = pod.getMetadata().getUid() + "\0" + reference;
        Backoff backoff = backoffs.get(key);
        if (backoff != null && backoff.until().isAfter(clock.instant())) {
            normal(pod, wanted, "BackOff", "Back-off pulling image \"" + reference + "\"");
            warning(pod, wanted, "Failed", "Error: ImagePullBackOff");
            return new Outcome.Missing(
                    new Waiting(
                            "ImagePullBackOff",
                            "Back-off pulling image \"" + reference + "\": ErrImagePull: " + backoff.failure()),
                    backoff.until());
        }
        try {
            Image image = pull(pod, wanted, reference);
            backoffs.remove(key);
            return new Outcome.Present(image.id(), image);
        } catch (RuntimeFailure e) {
            return failed(pod, wanted, reference, key, backoff, String.valueOf(e.getMessage()));
        }
    }

    /** Drops the back-offs of a pod that is gone. */
    void forget(String podUid) {
        backoffs.keySet().removeIf(key -> key.startsWith(podUid + "\0"));
    }

    private static String policy(Wanted wanted) {
        if (!wanted.policy().isEmpty()) {
            return wanted.policy();
        }
        String image = wanted.reference();
        String last = image.substring(image.lastIndexOf('/') + 1);
        boolean latest = !last.contains("@") && (!last.contains(":") || last.endsWith(":latest"));
        return latest ? "Always" : "IfNotPresent";
    }

    private Image pull(Pod pod, Wanted wanted, String reference) throws InterruptedException {
        Instant asked = clock.instant();
        synchronized (pulling.computeIfAbsent(reference, r -> new Object())) {
            slots.acquire();
            try {
                awaitPace();
                normal(pod, wanted, "Pulling", "Pulling image \"" + reference + "\"");
                Instant began = clock.instant();
                Image image = guarded(reference, PullSecrets.find(pod, reference, configs));
                Instant done = clock.instant();
                normal(
                        pod,
                        wanted,
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

    private void awaitPace() throws InterruptedException {
        while (limits.perSecond() > 0 && !mayBegin()) {
            Thread.sleep(Duration.ofSeconds(1).dividedBy(limits.perSecond()));
        }
    }

    private boolean mayBegin() {
        synchronized (pace) {
            return pace.take(clock.instant());
        }
    }

    /** Whose it is, is known before anybody else can have it. */
    private Image guarded(String reference, List<PullSecrets.Found> secrets) {
        boolean wasThere = runtime.image(reference).isPresent();
        begin(reference);
        try {
            Pulled pulled = pullWithAny(reference, secrets);
            Image image = runtime.image(pulled.reference)
                    .or(() -> runtime.image(reference))
                    .orElseThrow(() -> new RuntimeFailure(
                            RuntimeFailure.Kind.OTHER, "image " + reference + " is gone right after its pull"));
            guard.pulled(reference, image.id(), pulled.with);
            return image;
        } catch (RuntimeFailure e) {
            // What came although it was given up is nobody's.
            if (wasThere || runtime.image(reference).isEmpty()) {
                guard.failed(reference);
            }
            throw e;
        }
    }

    private void begin(String reference) {
        try {
            guard.begins(reference);
        } catch (IOException e) {
            throw new RuntimeFailure(
                    RuntimeFailure.Kind.OTHER,
                    "that " + reference + " is pulled cannot be noted: " + e.getMessage(),
                    e);
        }
    }

    /** One set of credentials after the other; without any, as nobody. The last refusal counts. */
    private Pulled pullWithAny(String reference, List<PullSecrets.Found> all) {
        if (all.isEmpty()) {
            return new Pulled(runtime.pullImage(reference, Optional.empty()), Optional.empty());
        }
        for (PullSecrets.Found one : all.subList(0, all.size() - 1)) {
            try {
                return pullWith(reference, one);
            } catch (RuntimeFailure e) {
                LOG.info(
                        "{} is not pulled as {}: {}",
                        reference,
                        one.credentials().username(),
                        e.getMessage());
            }
        }
        return pullWith(reference, all.getLast());
    }

    private Pulled pullWith(String reference, PullSecrets.Found secret) {
        return new Pulled(runtime.pullImage(reference, Optional.of(secret.credentials())), Optional.of(secret.use()));
    }

    private Outcome failed(
            Pod pod, Wanted wanted, String reference, String key, @Nullable Backoff before, String failure) {
        Duration delay = before == null ? FIRST_DELAY : before.delay().multipliedBy(2);
        if (delay.compareTo(LONGEST_DELAY) > 0) {
            delay = LONGEST_DELAY;
        }
        Instant until = clock.instant().plus(delay);
        backoffs.put(key, new Backoff(delay, until, failure));
        warning(pod, wanted, "Failed", "Failed to pull image \"" + reference + "\": " + failure);
        warning(pod, wanted, "Failed", "Error: ErrImagePull");
        return new Outcome.Missing(
                new Waiting("ErrImagePull", failure), clock.instant().plusSeconds(1));
    }

    private void normal(Pod pod, Wanted wanted, String reason, String message) {
        events.record(pod, wanted.container(), "Normal", reason, message);
    }

    private void warning(Pod pod, Wanted wanted, String reason, String message) {
        events.record(pod, wanted.container(), "Warning", reason, message);
    }

    private static String text(Instant from, Instant to) {
        long millis = Duration.between(from, to).toMillis();
        return millis < 1000 ? millis + "ms" : millis / 1000 + "." + String.format("%03d", millis % 1000) + "s";
    }
}
