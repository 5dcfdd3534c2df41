package io.vertikube.kubelet.csi;

import io.vertikube.kubelet.csi.v1.CapacityRange;
import io.vertikube.kubelet.csi.v1.NodeExpandVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeGetVolumeStatsRequest;
import io.vertikube.kubelet.csi.v1.NodeGetVolumeStatsResponse;
import io.vertikube.kubelet.csi.v1.NodePublishVolumeRequest;
import io.vertikube.kubelet.csi.v1.NodeServiceCapability.RPC;
import io.vertikube.kubelet.csi.v1.NodeStageVolumeRequest;
import io.vertikube.kubelet.kernel.Mounts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Mounts volumes through their drivers and gives them back: staged once a machine, published once a pod, unstaged when no
 * pod's record names them any more. Safe for any thread; one at a time a volume.
 */
public final class CsiMounts {

    private static final Logger LOG = LoggerFactory.getLogger(CsiMounts.class);
    private static final int FOLDER_MODE = 0750;

    private final CsiDrivers drivers;
    private final CsiLayout layout;
    private final Runnable changed;
    private final Map<String, ReentrantLock> locks = new ConcurrentHashMap<>();

    /** {@code changed} is told when there may be another volume in use than before. */
    public CsiMounts(CsiDrivers drivers, Path rootDir, Runnable changed) {
        this.drivers = drivers;
        this.changed = changed;
        this.layout = new CsiLayout(rootDir);
    }

    /**
     * Has the volume mounted for a pod; one that stands is left as it is unless it asks to be published again.
     *
     * @return the folder, or the device
     * @throws CsiFailure with the sentence that an event should carry behind "MountVolume."
     */
    public Path mount(Path podDir, CsiVolume volume) throws IOException {
        Path folder = CsiLayout.podFolder(podDir, volume.name(), volume.block());
        Path target = CsiLayout.target(folder, volume.block());
        ReentrantLock lock = lock(volume.driver(), volume.handle());
        try {
            boolean stands = CsiRecord.read(folder).map(CsiRecord::done).orElse(false) && isMounted(target, volume);
            if (stands && !volume.republish()) {
                return target;
            }
            if (!stands) {
                CsiRecord.of(volume).write(folder);
                changed.run();
            }
            CsiDriver driver = driver(volume, "SetUp");
            boolean staged = !volume.inline() && driver.can(RPC.Type.STAGE_UNSTAGE_VOLUME);
            if (staged && !stands) {
                stage(driver, volume);
            }
            makeFolder(folder);
            publish(driver, volume, target, staged);
            if (!stands && !volume.block() && volume.group().isPresent() && !driver.can(RPC.Type.VOLUME_MOUNT_GROUP)) {
                GroupOwnership.give(target, volume.group().getAsLong(), volume.groupAlways());
            }
            CsiRecord.of(volume).finished().write(folder);
            return target;
        } finally {
            lock.unlock();
        }
    }

    /** Has a mounted volume's file system grow to at least a size; false where the driver has nothing to do for that. */
    public boolean expand(Path podDir, CsiVolume volume, long bytes) {
        CsiDriver driver = driver(volume, "NodeExpandVolume");
        if (!driver.can(RPC.Type.EXPAND_VOLUME)) {
            return false;
        }
        Path target = CsiLayout.target(CsiLayout.podFolder(podDir, volume.name(), volume.block()), volume.block());
        var request = NodeExpandVolumeRequest.newBuilder()
                .setVolumeId(volume.handle())
                .setVolumePath(target.toString())
                .setCapacityRange(CapacityRange.newBuilder().setRequiredBytes(bytes))
                .setVolumeCapability(CsiCapability.of(volume, driver));
        if (driver.can(RPC.Type.STAGE_UNSTAGE_VOLUME)) {
            request.setStagingTargetPath(stagePath(volume).toString());
        }
        ReentrantLock lock = lock(volume.driver(), volume.handle());
        try {
            driver.expand(request.build());
        } finally {
            lock.unlock();
        }
        return true;
    }

    /** Has every volume of a pod unpublished, and unstaged where nobody else uses it. Doing it twice is harmless. */
    public void unmountAll(Path podDir) throws IOException {
        for (Path folder : CsiLayout.ofPod(podDir)) {
            Optional<CsiRecord> found = CsiRecord.read(folder);
            if (found.isPresent()) {
                unmount(folder, found.get());
            }
        }
    }

    /** Unstages what no pod's record names: what a kubelet that died half-way left. */
    public void unstageLeft() throws IOException {
        for (Path folder : layout.allStaged()) {
            Optional<CsiRecord> found = CsiRecord.read(folder);
            if (found.isPresent()) {
                CsiRecord record = found.get();
                ReentrantLock lock = lock(record.driver(), record.handle());
                try {
                    unstageIfUnused(drivers.get(record.driver()), record);
                } catch (CsiFailure e) {
                    LOG.warn("volume {} stays staged for now: {}", record.handle(), e.getMessage());
                } finally {
                    lock.unlock();
                }
            }
        }
    }

    /** Every volume that a pod or the machine holds, as the Node's status names them. */
    public List<String> inUse() throws IOException {
        var names = new TreeSet<String>();
        var folders = new ArrayList<>(layout.ofAllPods());
        folders.addAll(layout.allStaged());
        for (Path folder : folders) {
            CsiRecord.read(folder)
                    .filter(record -> !record.inline())
                    .ifPresent(record -> names.add(record.uniqueName()));
        }
        return List.copyOf(names);
    }

    /** What the driver measures of a pod's volume; empty where it measures nothing, or is not there. */
    public Optional<CsiUsage> usage(Path podDir, String volume) throws IOException {
        Path folder = CsiLayout.podFolder(podDir, volume, false);
        Optional<CsiRecord> found = CsiRecord.read(folder).filter(CsiRecord::done);
        if (found.isEmpty()) {
            return Optional.empty();
        }
        CsiRecord record = found.get();
        CsiDriver driver = drivers.get(record.driver());
        if (!driver.can(RPC.Type.GET_VOLUME_STATS)) {
            return Optional.empty();
        }
        NodeGetVolumeStatsResponse answer = driver.stats(NodeGetVolumeStatsRequest.newBuilder()
                .setVolumeId(record.handle())
                .setVolumePath(CsiLayout.target(folder, false).toString())
                .build());
        return Optional.of(CsiUsage.of(answer));
    }

    private void stage(CsiDriver driver, CsiVolume volume) throws IOException {
        Path folder = layout.stageFolder(volume.driver(), volume.handle());
        Path path = CsiLayout.stagePath(folder);
        if (CsiRecord.read(folder).map(CsiRecord::done).orElse(false) && isMounted(path, volume)) {
            return;
        }
        CsiRecord.of(volume).write(folder);
        makeFolder(path);
        try {
            driver.stage(NodeStageVolumeRequest.newBuilder()
                    .setVolumeId(volume.handle())
                    .putAllPublishContext(volume.attached())
                    .setStagingTargetPath(path.toString())
                    .setVolumeCapability(CsiCapability.of(volume, driver))
                    .putAllSecrets(volume.stageSecrets())
                    .putAllVolumeContext(volume.context())
                    .build());
        } catch (CsiFailure e) {
            throw new CsiFailure(what(volume, "MountDevice") + e.getMessage(), e);
        }
        CsiRecord.of(volume).finished().write(folder);
    }

    private void publish(CsiDriver driver, CsiVolume volume, Path target, boolean staged) {
        var request = NodePublishVolumeRequest.newBuilder()
                .setVolumeId(volume.handle())
                .putAllPublishContext(volume.attached())
                .setTargetPath(target.toString())
                .setVolumeCapability(CsiCapability.of(volume, driver))
                .setReadonly(volume.readOnly())
                .putAllSecrets(volume.publishSecrets())
                .putAllVolumeContext(volume.context());
        if (staged) {
            request.setStagingTargetPath(stagePath(volume).toString());
        }
        try {
            driver.publish(request.build());
        } catch (CsiFailure e) {
            throw new CsiFailure(what(volume, "SetUp") + e.getMessage(), e);
        }
    }

    private void unmount(Path folder, CsiRecord record) throws IOException {
        Path target = CsiLayout.target(folder, record.block());
        ReentrantLock lock = lock(record.driver(), record.handle());
        try {
            CsiDriver driver = drivers.get(record.driver());
            driver.unpublish(record.handle(), target);
            if (Mounts.isMountPoint(target)) {
                Mounts.unmount(target);
            }
            Files.deleteIfExists(target);
            Files.deleteIfExists(folder.resolve(CsiRecord.FILE));
            Files.deleteIfExists(folder);
            if (!record.inline()) {
                unstageIfUnused(driver, record);
            }
            changed.run();
        } catch (CsiFailure e) {
            throw new IOException(
                    "UnmountVolume.TearDown failed for volume \"" + record.name() + "\" : " + e.getMessage(), e);
        } finally {
            lock.unlock();
        }
    }

    private void unstageIfUnused(CsiDriver driver, CsiRecord record) throws IOException {
        Path folder = layout.stageFolder(record.driver(), record.handle());
        if (CsiRecord.read(folder).isEmpty()) {
            return;
        }
        for (Path pod : layout.ofAllPods()) {
            if (CsiRecord.read(pod)
                    .filter(other -> other.isOf(record.driver(), record.handle()))
                    .isPresent()) {
                return;
            }
        }
        Path path = CsiLayout.stagePath(folder);
        driver.unstage(record.handle(), path);
        if (Mounts.isMountPoint(path)) {
            Mounts.unmount(path);
        }
        Files.deleteIfExists(path);
        Files.deleteIfExists(folder.resolve(CsiRecord.FILE));
        Files.deleteIfExists(folder);
    }

    private CsiDriver driver(CsiVolume volume, String step) {
        try {
            return drivers.get(volume.driver());
        } catch (CsiFailure e) {
            throw new CsiFailure(what(volume, step) + "kubernetes.io/csi: " + e.getMessage(), e);
        }
    }

    private Path stagePath(CsiVolume volume) {
        return CsiLayout.stagePath(layout.stageFolder(volume.driver(), volume.handle()));
    }

    private static String what(CsiVolume volume, String step) {
        return (volume.block() && step.equals("SetUp")
                        ? "MapVolume.MapPodDevice"
                        : step.equals("NodeExpandVolume") ? step : "MountVolume." + step)
                + " failed for volume \"" + volume.name() + "\" : ";
    }

    /** A machine that was started again has records but no mounts. */
    private static boolean isMounted(Path target, CsiVolume volume) throws IOException {
        return volume.block() ? Files.exists(target, LinkOption.NOFOLLOW_LINKS) : Mounts.isMountPoint(target);
    }

    private static void makeFolder(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            Files.createDirectories(folder);
            Files.setAttribute(folder, "unix:mode", FOLDER_MODE);
        }
    }

    private ReentrantLock lock(String driver, String handle) {
        ReentrantLock lock = locks.computeIfAbsent(driver + "^" + handle, key -> new ReentrantLock());
        lock.lock();
        return lock;
    }
}
