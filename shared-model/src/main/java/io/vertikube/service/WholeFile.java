package io.vertikube.service;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;

/**
 * Files that are written beside and moved into their place: whoever reads one, or comes after a process that died, finds the
 * old content or the new, never half of one. One writer a file.
 */
public final class WholeFile {

    private WholeFile() {}

    /**
     * Makes or replaces it; its folder must be there.
     *
     * @param attributes what it is made with, as a mode that nobody else reads
     */
    public static void write(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
        Files.move(
                beside(file, content, attributes),
                file,
                StandardCopyOption.ATOMIC_MOVE,
                StandardCopyOption.REPLACE_EXISTING);
    }

    /** The same, and on the disk when it returns. */
    public static void writeThrough(Path file, byte[] content) throws IOException {
        Path fresh = beside(file, content);
        sync(fresh, StandardOpenOption.WRITE);
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        sync(file.resolveSibling("."), StandardOpenOption.READ);
    }

    /** Hidden, so that nobody who looks into the folder takes it for one of its files. */
    private static Path beside(Path file, byte[] content, FileAttribute<?>... attributes) throws IOException {
        Path fresh = file.resolveSibling("." + file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        Files.createFile(fresh, attributes);
        return Files.write(fresh, content);
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
