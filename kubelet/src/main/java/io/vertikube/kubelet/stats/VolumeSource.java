package io.vertikube.kubelet.stats;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Volume;
import io.vertikube.kubelet.csi.CsiFailure;
import io.vertikube.kubelet.csi.CsiMounts;
import io.vertikube.kubelet.csi.CsiUsage;
import io.vertikube.kubelet.kernel.FileSystems;
import io.vertikube.kubelet.kernel.FolderUse;
import io.vertikube.kubelet.volume.EmptyDirMedium;
import io.vertikube.kubelet.volume.MountedVolume;
import io.vertikube.kubelet.volume.PodVolumes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Measures the volumes of pods, each pod at most once in a while: folders are counted file by file, and drivers are asked.
 * Who asks waits a moment for what is due and otherwise gets what was measured before, so that no driver that hangs holds
 * up the others. Safe for any thread.
 */
public final class VolumeSource {

    private static final Logger LOG = LoggerFactory.getLogger(VolumeSource.class);
    private static final String CSI = "kubernetes.io~csi";
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** Measured last, and by whom if somebody is at it. */
    private record Entry(Instant at, List<VolumeFigures> figures, Optional<Thread> measuring) {}

    private final PodVolumes volumes;
    private final CsiMounts csi;
    private final Duration fresh;
    private final InstantSource clock;
    private final Map<String, Entry> entries = new ConcurrentHashMap<>();

    /** {@code fresh} is how long measures are good. */
    public VolumeSource(PodVolumes volumes, CsiMounts csi, Duration fresh, InstantSource clock) {
        this.volumes = volumes;
        this.csi = csi;
        this.fresh = fresh;
        this.clock = clock;
    }

    /** Volumes by pod uid; pods that are not named are forgotten. */
    Map<String, List<VolumeFigures>> of(List<Pod> pods) throws InterruptedException {
        Instant now = clock.instant();
        Set<String> named = new HashSet<>();
        List<Thread> started = new ArrayList<>();
        for (Pod pod : pods) {
            String uid = pod.getMetadata().getUid();
            named.add(uid);
            entries.compute(uid, (key, known) -> {
                Entry entry = known == null ? new Entry(Instant.MIN, List.of(), Optional.empty()) : known;
                if (entry.measuring().isPresent()
                        || (!entry.at().equals(Instant.MIN)
                                && entry.at().plus(fresh).isAfter(now))) {
                    return entry;
                }
                Thread thread = Thread.ofVirtual().name("volumes of " + uid).unstarted(() -> measure(pod));
                started.add(thread);
                return new Entry(entry.at(), entry.figures(), Optional.of(thread));
            });
        }
        started.forEach(Thread::start);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (Thread thread : started) {
            long left = deadline - System.nanoTime();
            if (left > 0) {
                thread.join(Duration.ofNanos(left));
            }
        }
        entries.keySet().retainAll(named);
        Map<String, List<VolumeFigures>> result = new HashMap<>();
        entries.forEach((uid, entry) -> result.put(uid, entry.figures()));
        return result;
    }

    private void measure(Pod pod) {
        List<VolumeFigures> figures = new ArrayList<>();
        Map<String, MountedVolume> mounted = volumes.mounted(pod.getMetadata().getUid());
        for (Volume volume : Objects.requireNonNullElse(pod.getSpec().getVolumes(), List.<Volume>of())) {
            MountedVolume there = mounted.get(volume.getName());
            if (there != null) {
                try {
                    measure(pod, volume, there).ifPresent(figures::add);
                } catch (IOException | CsiFailure e) {
                    LOG.debug("volume {} of {} is not measured: {}", volume.getName(), pod.getMetadata(), e.toString());
                }
            }
        }
        entries.computeIfPresent(
                pod.getMetadata().getUid(), (uid, entry) -> new Entry(clock.instant(), figures, Optional.empty()));
    }

    private Optional<VolumeFigures> measure(Pod pod, Volume volume, MountedVolume there) throws IOException {
        Optional<String> claim = claim(pod, volume);
        Path holder = there.path().getParent();
        if (holder != null && holder.getParent() != null && holder.getParent().endsWith(CSI)) {
            // Drivers' volumes lie below the name of what the claim is bound to.
            Optional<CsiUsage> told =
                    csi.usage(volumes.podDir(pod.getMetadata().getUid()), String.valueOf(holder.getFileName()));
            return told.map(one -> figures(volume, claim, one));
        }
        if (there.device() || volume.getHostPath() != null) {
            return Optional.empty();
        }
        FileSystems.Room room = FileSystems.room(there.path());
        boolean whole = claim.isPresent() || volume.getNfs() != null;
        FolderUse use = whole ? FolderUse.NOTHING : FolderUse.of(there.path());
        return Optional.of(new VolumeFigures(
                volume.getName(),
                claim,
                !whole && (volume.getEmptyDir() == null || EmptyDirMedium.onDisk(volume.getEmptyDir())),
                clock.instant(),
                new VolumeFigures.Amount(
                        room.bytes(), whole ? room.bytes() - room.bytesFree() : use.bytes(), room.bytesFree()),
                new VolumeFigures.Amount(
                        room.inodes(), whole ? room.inodes() - room.inodesFree() : use.inodes(), room.inodesFree()),
                Optional.empty()));
    }

    private VolumeFigures figures(Volume volume, Optional<String> claim, CsiUsage told) {
        return new VolumeFigures(
                volume.getName(),
                claim,
                false,
                clock.instant(),
                new VolumeFigures.Amount(told.capacityBytes(), told.usedBytes(), told.availableBytes()),
                new VolumeFigures.Amount(told.inodes(), told.inodesUsed(), told.inodesFree()),
                told.problem());
    }

    private static Optional<String> claim(Pod pod, Volume volume) {
        if (volume.getPersistentVolumeClaim() != null) {
            return Optional.of(volume.getPersistentVolumeClaim().getClaimName());
        }
        return volume.getEphemeral() == null
                ? Optional.empty()
                : Optional.of(pod.getMetadata().getName() + "-" + volume.getName());
    }
}
