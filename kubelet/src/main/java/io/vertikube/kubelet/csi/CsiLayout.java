package io.vertikube.kubelet.csi;

import io.vertikube.value.Sha256;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Where volumes of drivers lie below the kubelet's root; the places that drivers know from Kubernetes. Immutable. */
final class CsiLayout {

    private static final String KIND = "kubernetes.io~csi";

    private final Path staged;
    private final Path pods;

    CsiLayout(Path rootDir) {
        this.staged = rootDir.resolve("plugins/kubernetes.io/csi");
        this.pods = rootDir.resolve("pods");
    }

    /** The folder that holds a volume's place of staging and its record. */
    Path stageFolder(String driver, String handle) {
        return staged.resolve(driver).resolve(Sha256.hex(handle));
    }

    static Path stagePath(Path stageFolder) {
        return stageFolder.resolve("globalmount");
    }

    /** The folder that holds a pod's mount, or device, of a volume and its record. */
    static Path podFolder(Path podDir, String volume, boolean block) {
        return podDir.resolve(block ? "volumeDevices" : "volumes").resolve(KIND).resolve(volume);
    }

    /** What the driver is told to make: a folder, or for a device a file. */
    static Path target(Path podFolder, boolean block) {
        return podFolder.resolve(block ? "dev" : "mount");
    }

    /** Folders of one pod that have, or may have, a record. */
    static List<Path> ofPod(Path podDir) throws IOException {
        var found = new ArrayList<Path>();
        for (String part : List.of("volumes", "volumeDevices")) {
            found.addAll(children(podDir.resolve(part).resolve(KIND)));
        }
        return found;
    }

    List<Path> ofAllPods() throws IOException {
        var found = new ArrayList<Path>();
        for (Path pod : children(pods)) {
            found.addAll(ofPod(pod));
        }
        return found;
    }

    List<Path> allStaged() throws IOException {
        var found = new ArrayList<Path>();
        for (Path driver : children(staged)) {
            found.addAll(children(driver));
        }
        return found;
    }

    private static List<Path> children(Path folder) throws IOException {
        var found = new ArrayList<Path>();
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, Files::isDirectory)) {
                entries.forEach(found::add);
            }
        }
        return found;
    }
}
