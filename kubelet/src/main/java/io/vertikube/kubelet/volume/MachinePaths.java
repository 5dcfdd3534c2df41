package io.vertikube.kubelet.volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths of the machine that the kubelet runs on. Stateless. */
final class MachinePaths implements HostPaths {

    private static final int FOLDER_MODE = 0755;
    private static final int FILE_MODE = 0644;
    private static final int TYPE_MASK = 0170000;

    @Override
    public Path checked(String text, String type) {
        Path path = Path.of(text);
        try {
            switch (type) {
                case "" -> {}
                case "DirectoryOrCreate" -> {
                    if (Files.notExists(path)) {
                        Files.createDirectories(path);
                        AtomicWriter.setMode(path, FOLDER_MODE);
                    }
                    require(Files.isDirectory(path), path, "not a directory");
                }
                case "Directory" -> require(Files.isDirectory(path), path, "not a directory");
                case "FileOrCreate" -> {
                    if (Files.notExists(path)) {
                        Files.createFile(path);
                        AtomicWriter.setMode(path, FILE_MODE);
                    }
                    require(Files.isRegularFile(path), path, "not a file");
                }
                case "File" -> require(Files.isRegularFile(path), path, "not a file");
                case "Socket" -> require(kindOf(path) == 0140000, path, "not a socket file");
                case "CharDevice" -> require(kindOf(path) == 0020000, path, "not a character device");
                case "BlockDevice" -> require(kindOf(path) == 0060000, path, "not a block device");
                default -> throw new VolumeFailure(type + " is an invalid volume type");
            }
        } catch (IOException e) {
            throw new VolumeFailure("hostPath " + path + ": " + e.getMessage(), e);
        }
        return path;
    }

    private static int kindOf(Path path) throws IOException {
        return Files.exists(path) ? (int) Files.getAttribute(path, "unix:mode") & TYPE_MASK : 0;
    }

    private static void require(boolean met, Path path, String problem) {
        if (!met) {
            throw new VolumeFailure("hostPath type check failed: " + path + " is " + problem);
        }
    }
}
