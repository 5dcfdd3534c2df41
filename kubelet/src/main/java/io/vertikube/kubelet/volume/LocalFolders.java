package io.vertikube.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folders behind volumes of the built-in provisioner: made when a pod first uses one, noted below the kubelet's root, and
 * removed with all that is in them once their volume is no object any more. Safe for any thread.
 */
public final class LocalFolders {

    /** As any user in a container may have to write here. */
    private static final int FOLDER_MODE = 0777;

    private static final int GROUP_BITS = 02770;

    /** A folder and the volume it is behind. */
    public record Noted(String volume, Path folder) {}

    private final Path notes;
    private final boolean simulated;

    /** @param simulated whether the node only pretends, so that no folder is made */
    public LocalFolders(Path rootDir, boolean simulated) {
        this.notes = rootDir.resolve("local-path");
        this.simulated = simulated;
    }

    Path folder(VolumeContext context, String volume, String path) {
        Path folder = Path.of(path);
        if (simulated) {
            return folder;
        }
        try {
            Files.createDirectories(notes);
            Path note = notes.resolve(volume);
            if (Files.notExists(note)) {
                Files.writeString(note, folder.toString());
            }
            if (Files.notExists(folder)) {
                Files.createDirectories(folder);
                AtomicWriter.setMode(folder, FOLDER_MODE);
            }
        } catch (IOException e) {
            throw new VolumeFailure("cannot make " + folder + " for volume \"" + volume + "\": " + e.getMessage(), e);
        }
        applyGroup(context, folder);
        return folder;
    }

    /** Every folder that was made here and not removed yet. */
    public List<Noted> all() throws IOException {
        if (Files.notExists(notes)) {
            return List.of();
        }
        var all = new ArrayList<Noted>();
        try (Stream<Path> found = Files.list(notes)) {
            for (Path note : found.toList()) {
                all.add(new Noted(note.getFileName().toString(), Path.of(Files.readString(note))));
            }
        }
        return all;
    }

    /** Removes the folder, then the note of it. */
    public void remove(Noted noted) throws IOException {
        AtomicWriter.deleteTree(noted.folder());
        Files.deleteIfExists(notes.resolve(noted.volume()));
    }

    static void applyGroup(VolumeContext context, Path path) {
        if (context.fsGroup().isPresent()) {
            try {
                int mode = (int) Files.getAttribute(path, "unix:mode") & 07777;
                AtomicWriter.setGroup(path, context.fsGroup().getAsLong());
                AtomicWriter.setMode(path, mode | GROUP_BITS);
            } catch (IOException e) {
                throw new VolumeFailure("cannot give " + path + " to the pod's group: " + e.getMessage(), e);
            }
        }
    }
}
