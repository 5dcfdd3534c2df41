package io.vertikube.kubelet.csi;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Gives a volume's files to a pod's group: the group reads and writes what the owner may, and what is made later belongs to
 * it too. Symbolic links are never followed. Stateless.
 *
 * @see <a href="https://kubernetes.io/docs/tasks/configure-pod-container/security-context/">Configure a Security Context</a>
 */
public final class GroupOwnership {

    private static final int READ_WRITE = 0660;
    private static final int EXECUTE = 0110;
    private static final int SET_GROUP = 02000;
    private static final int ALL_BITS = 07777;

    private GroupOwnership() {}

    /** @param always whether to go through all files though the top folder is as it should be */
    public static void give(Path root, long group, boolean always) throws IOException {
        if (!always && isGiven(root, group)) {
            return;
        }
        Files.walkFileTree(root, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                own(file, group);
                if (!attributes.isSymbolicLink()) {
                    set(file, READ_WRITE);
                }
                return FileVisitResult.CONTINUE;
            }

            // The top folder comes last: it is the mark that all is done.
            @Override
            public FileVisitResult postVisitDirectory(
                    Path folder, @org.jspecify.annotations.Nullable IOException failure) throws IOException {
                if (failure != null) {
                    throw failure;
                }
                own(folder, group);
                set(folder, READ_WRITE | EXECUTE | SET_GROUP);
                return FileVisitResult.CONTINUE;
            }
        });
    }

    private static boolean isGiven(Path root, long group) throws IOException {
        int wanted = READ_WRITE | EXECUTE | SET_GROUP;
        return (int) Files.getAttribute(root, "unix:gid") == group && (mode(root) & wanted) == wanted;
    }

    private static void own(Path path, long group) throws IOException {
        Files.setAttribute(path, "unix:gid", (int) group, LinkOption.NOFOLLOW_LINKS);
    }

    private static void set(Path path, int bits) throws IOException {
        Files.setAttribute(path, "unix:mode", mode(path) | bits);
    }

    private static int mode(Path path) throws IOException {
        return (int) Files.getAttribute(path, "unix:mode") & ALL_BITS;
    }
}
