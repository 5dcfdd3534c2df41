package io.vertikube.kubelet.images;

import io.vertikube.control.EventRecorder;
import io.vertikube.control.Rounds;
import io.vertikube.kubelet.eviction.NodeSignals;
import io.vertikube.kubelet.eviction.Observation;
import io.vertikube.kubelet.eviction.Signal;
import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.Image;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes images that no container uses when their disk fills up, or when they have been unused for too long. What is
 * known of their use begins anew with each kubelet. One virtual thread; {@link #freeAll()} is for any.
 */
public final class ImageCollection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ImageCollection.class);
    private static final Duration PERIOD = Duration.ofMinutes(5);

    /** Runtimes that do not pin the image of their sandboxes call it so. */
    private static final String SANDBOX_IMAGE = "pause";

    private record Use(Instant firstSeen, Instant lastUsed) {}

    private final CollectionOptions options;
    private final String nodeName;
    private final ContainerRuntime runtime;
    private final NodeSignals signals;
    private final PullRecords pulled;
    private final EventRecorder recorder;
    private final InstantSource clock;
    private final Rounds rounds;
    private Map<String, Use> uses = Map.of();

    public ImageCollection(
            CollectionOptions options,
            String nodeName,
            ContainerRuntime runtime,
            NodeSignals signals,
            PullRecords pulled,
            EventRecorder recorder,
            InstantSource clock) {
        this.options = options;
        this.nodeName = nodeName;
        this.runtime = runtime;
        this.signals = signals;
        this.pulled = pulled;
        this.recorder = recorder;
        this.clock = clock;
        this.rounds = new Rounds(
                "image-collection",
                Duration.ZERO,
                PERIOD,
                this::round,
                "images are not looked over now",
                RuntimeFailure.class);
    }

    public void start() {
        rounds.start();
    }

    @Override
    public void close() {
        rounds.close();
    }

    /** Removes every image that may go; what is left is in use, pinned or young. */
    public synchronized void freeAll() {
        List<ImagePlan.Known> images = look();
        remove(ImagePlan.toFree(options, images, Long.MAX_VALUE, clock.instant()), "the disk is short");
    }

    synchronized void round() throws IOException {
        Instant asked = clock.instant();
        List<ImagePlan.Known> images = look();
        pulled.keepOnly(images.stream().map(known -> known.image().id()).collect(Collectors.toSet()), asked);
        remove(ImagePlan.tooOld(options, images, clock.instant()), "unused for longer than " + options.maximumAge());
        Observation disk = signals.observe().get(Signal.IMAGEFS_AVAILABLE);
        if (disk == null) {
            return;
        }
        long wanted = ImagePlan.bytesToFree(options, disk.available(), disk.capacity());
        if (wanted == 0) {
            return;
        }
        long freed = remove(
                ImagePlan.toFree(options, images, wanted, clock.instant()),
                "the disk is used to " + options.highPercent() + "%");
        if (freed < wanted) {
            recorder.record(
                    EventRecorder.ownNode(nodeName),
                    "Warning",
                    "FreeDiskSpaceFailed",
                    "Failed to garbage collect required amount of images. Attempted to free " + wanted
                            + " bytes, but only found " + freed + " bytes eligible to free.");
        }
    }

    /** All images now, with what is known of their use. */
    private List<ImagePlan.Known> look() {
        Instant now = clock.instant();
        Set<String> used = new HashSet<>();
        for (Container container : runtime.containers(Map.of())) {
            used.addAll(container.images());
            Optional.ofNullable(container.annotations().get(Labels.IMAGE_VOLUMES))
                    .ifPresent(ids -> used.addAll(List.of(ids.split(","))));
        }
        Map<String, Use> fresh = new HashMap<>();
        List<ImagePlan.Known> result = new ArrayList<>();
        for (Image image : runtime.images()) {
            boolean inUse = names(image).anyMatch(used::contains);
            Use before = uses.getOrDefault(image.id(), new Use(now, now));
            var use = new Use(before.firstSeen(), inUse ? now : before.lastUsed());
            fresh.put(image.id(), use);
            result.add(new ImagePlan.Known(
                    image, use.firstSeen(), use.lastUsed(), inUse || image.pinned() || isSandboxImage(image)));
        }
        uses = fresh;
        return result;
    }

    private long remove(List<Image> images, String why) {
        long freed = 0;
        for (Image image : images) {
            try {
                runtime.removeImage(image.id());
                freed += image.sizeBytes();
                LOG.info("image {} is removed, {} bytes: {}", image.tags(), image.sizeBytes(), why);
            } catch (RuntimeFailure e) {
                LOG.warn("image {} is not removed: {}", image.tags(), e.getMessage());
            }
        }
        return freed;
    }

    private static Stream<String> names(Image image) {
        return Stream.concat(Stream.of(image.id()), Stream.concat(image.tags().stream(), image.digests().stream()));
    }

    private static boolean isSandboxImage(Image image) {
        return names(image).anyMatch(name -> {
            String last = name.substring(name.lastIndexOf('/') + 1);
            return last.split("[:@]", 2)[0].equals(SANDBOX_IMAGE);
        });
    }
}
