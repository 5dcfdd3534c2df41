package io.vertikube.kubelet.volume;

import io.vertikube.kubelet.kernel.MachineCommands;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Block devices of this machine for pods: a device as it is, a file through a loop device that goes with the last pod that
 * uses it. Who uses what is noted as links below the pods' folders. Safe for any thread; one at a time.
 */
final class LoopDevices {

    private static final String NOTES = "volumeDevices/kubernetes.io~local-volume";
    private static final int BLOCK = 0060000;
    private static final int TYPE_MASK = 0170000;

    private final Path podsDir;
    private final MachineCommands commands;

    LoopDevices(Path podsDir, MachineCommands commands) {
        this.podsDir = podsDir;
        this.commands = commands;
    }

    /** The device behind a path, for a pod. */
    synchronized Path device(Path podDir, String volume, Path path) throws IOException {
        if (Files.notExists(path)) {
            throw new VolumeFailure("path \"" + path + "\" does not exist");
        }
        int kind = (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK;
        if (kind == BLOCK) {
            return path;
        }
        if (!Files.isRegularFile(path)) {
            throw new VolumeFailure("path \"" + path + "\" is neither a block device nor a file");
        }
        Path note = podDir.resolve(NOTES).resolve(volume);
        if (!Files.exists(note, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectories(podDir.resolve(NOTES));
            Files.createSymbolicLink(note, path.toRealPath());
        }
        Optional<Path> known = find(path.toRealPath());
        return known.isPresent()
                ? known.get()
                : Path.of(run(
                        List.of("losetup", "--find", "--show", path.toRealPath().toString())));
    }

    /** Gives back what a pod alone used. */
    synchronized void release(Path podDir) throws IOException {
        for (Path note : notes(podDir)) {
            Path file = Files.readSymbolicLink(note);
            if (!usedElsewhere(podDir, file)) {
                Optional<Path> device = find(file);
                if (device.isPresent()) {
                    run(List.of("losetup", "--detach", device.get().toString()));
                }
            }
            Files.delete(note);
        }
    }

    private boolean usedElsewhere(Path podDir, Path file) throws IOException {
        try (DirectoryStream<Path> pods = Files.newDirectoryStream(podsDir)) {
            for (Path pod : pods) {
                for (Path note : pod.equals(podDir) ? List.<Path>of() : notes(pod)) {
                    if (Files.readSymbolicLink(note).equals(file)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private static List<Path> notes(Path podDir) throws IOException {
        Path folder = podDir.resolve(NOTES);
        var found = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> notes = Files.newDirectoryStream(folder, Files::isSymbolicLink)) {
                notes.forEach(found::add);
            }
        }
        return found;
    }

    /** The loop device that stands for a file: {@code /dev/loop0: [0042]:123 (/file)}. */
    private Optional<Path> find(Path file) throws IOException {
        String line = run(List.of("losetup", "--associated", file.toString()));
        return line.isEmpty() ? Optional.empty() : Optional.of(Path.of(line.split(":", 2)[0]));
    }

    private String run(List<String> command) throws IOException {
        MachineCommands.Result result = commands.run(command);
        if (result.status() != 0) {
            throw new IOException(String.join(" ", command) + ": " + result.output());
        }
        return result.output();
    }
}
