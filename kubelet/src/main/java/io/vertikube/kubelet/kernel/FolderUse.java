package io.vertikube.kubelet.kernel;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/** Bytes on disk and files below a folder; links are not followed. Immutable. */
public record FolderUse(long bytes, long inodes) {

    public static final FolderUse NOTHING = new FolderUse(0, 0);

    /** Counting ends here; whoever has more files has too many for any limit. */
    private static final long MOST_FILES = 1_000_000;

    /** What vanishes while it is counted counts as gone. */
    public static FolderUse of(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return NOTHING;
        }
        var count = new Count();
        Files.walkFileTree(folder, count);
        return new FolderUse(count.bytes, count.inodes);
    }

    private static final class Count extends SimpleFileVisitor<Path> {
        private long bytes;
        private long inodes;

        @Override
        public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            inodes++;
            return inodes > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
            inodes++;
            bytes += FileSystems.allocated(file);
            return inodes > MOST_FILES ? FileVisitResult.TERMINATE : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFileFailed(Path file, IOException failure) {
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult postVisitDirectory(Path folder, @org.jspecify.annotations.Nullable IOException failure) {
            return FileVisitResult.CONTINUE;
        }
    }
}
