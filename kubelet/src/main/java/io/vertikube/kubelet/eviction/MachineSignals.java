package io.vertikube.kubelet.eviction;

import io.vertikube.kubelet.kernel.FileSystems;
import io.vertikube.kubelet.node.Machine;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ImageFilesystem;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The signals of this machine: /proc, the disk of the kubelet's folder, the disk of the runtime's images. */
public final class MachineSignals implements NodeSignals {

    private static final Logger LOG = LoggerFactory.getLogger(MachineSignals.class);

    private final Machine machine;
    private final ContainerRuntime runtime;
    private final Path rootDir;

    public MachineSignals(Machine machine, ContainerRuntime runtime, Path rootDir) {
        this.machine = machine;
        this.runtime = runtime;
        this.rootDir = rootDir;
    }

    @Override
    public Map<Signal, Observation> observe() throws IOException {
        Machine.Resources has = machine.resources();
        Map<Signal, Observation> result = new EnumMap<>(Signal.class);
        result.put(Signal.MEMORY_AVAILABLE, new Observation(has.memoryAvailable(), has.memoryBytes()));
        result.put(Signal.PID_AVAILABLE, new Observation(has.maxPids() - has.pids(), has.maxPids()));
        put(result, FileSystems.room(rootDir), Signal.NODEFS_AVAILABLE, Signal.NODEFS_INODES);
        try {
            List<ImageFilesystem> images = runtime.imageFilesystems();
            if (!images.isEmpty() && Files.exists(Path.of(images.getFirst().mountpoint()))) {
                put(
                        result,
                        FileSystems.room(Path.of(images.getFirst().mountpoint())),
                        Signal.IMAGEFS_AVAILABLE,
                        Signal.IMAGEFS_INODES);
            }
        } catch (RuntimeFailure e) {
            LOG.debug("the runtime does not tell where images are: {}", e.getMessage());
        }
        return result;
    }

    private static void put(Map<Signal, Observation> result, FileSystems.Room room, Signal bytes, Signal inodes) {
        result.put(bytes, new Observation(room.bytesFree(), room.bytes()));
        if (room.inodes() > 0) {
            result.put(inodes, new Observation(room.inodesFree(), room.inodes()));
        }
    }
}
