package io.vertikube.kubelet.kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Mounts of this machine. Needs root for changes. Safe for any thread. */
public final class Mounts {

    private static final long MS_NOSUID = 2;
    private static final long MS_NODEV = 4;
    private static final long MS_BIND = 4096;
    private static final int MNT_DETACH = 2;
    private static final int UMOUNT_NOFOLLOW = 8;
    private static final int FOLDER_MODE = 0750;
    private static final int FILE_MODE = 0640;

    private Mounts() {}

    /** Mounts memory as a file system; zero bytes leaves the size to the kernel (half of the memory). */
    public static void tmpfs(Path target, long sizeBytes) throws IOException {
        Libc.mount("tmpfs", target.toString(), "tmpfs", MS_NOSUID | MS_NODEV, sizeBytes > 0 ? "size=" + sizeBytes : "");
    }

    /**
     * Mounts memory in large pages as a file system.
     *
     * @param pageSize such as {@code 2Mi}
     * @param sizeBytes zero for as much as there is
     */
    public static void largePages(Path target, String pageSize, long sizeBytes) throws IOException {
        String size = sizeBytes > 0 ? ",size=" + sizeBytes : "";
        try {
            Libc.mount(
                    "nodev",
                    target.toString(),
                    "hugetlbfs",
                    MS_NOSUID | MS_NODEV,
                    "pagesize=" + pageSize.replace("i", "") + size);
        } catch (IOException e) {
            throw new IOException("this kernel gives no pages of " + pageSize + ": " + e.getMessage(), e);
        }
    }

    /** Takes a mount away, lazily if it is in use. */
    public static void unmount(Path target) throws IOException {
        Libc.unmount(target.toString(), MNT_DETACH | UMOUNT_NOFOLLOW);
    }

    /**
     * Binds what lies at a path below a volume to a target, so that no symbolic link, however it changes meanwhile,
     * leads out of the volume: the path is opened beneath the volume and the open file is what gets bound (the fault of
     * CVE-2021-25741). Missing folders of the path are made; the target is made to fit.
     */
    public static void bindBeneath(Path volume, String subPath, Path target) throws IOException {
        int root = Libc.open(volume.toString(), Libc.O_PATH | Libc.O_DIRECTORY);
        try {
            int found = openOrMake(root, subPath);
            try {
                Path opened = Path.of("/proc/self/fd/" + found);
                if (Files.isDirectory(opened)) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(parentOf(target));
                    if (Files.notExists(target)) {
                        Files.createFile(target);
                    }
                }
                Libc.mount(opened.toString(), target.toString(), "", MS_BIND, "");
            } finally {
                Libc.close(found);
            }
        } finally {
            Libc.close(root);
        }
    }

    /** The file at a path below a folder, created empty if it is missing, without ever leaving the folder. */
    public static void touchBeneath(Path folder, String name) throws IOException {
        int root = Libc.open(folder.toString(), Libc.O_PATH | Libc.O_DIRECTORY);
        try {
            Libc.close(Libc.openBeneath(root, name, Libc.O_CREAT, FILE_MODE));
        } finally {
            Libc.close(root);
        }
    }

    /** Looks at what was opened. */
    @FunctionalInterface
    public interface Look {

        /** @param opened leads to it whatever becomes of its name; nobody has opened its content yet */
        void at(Path opened) throws IOException;
    }

    /**
     * Has a look at what is at a path below a folder, without ever leaving the folder; answers whether there is something. Opening
     * what is neither a file nor a folder may wait for ever.
     */
    public static boolean lookBeneath(Path folder, String name, Look look) throws IOException {
        int root = Libc.open(folder.toString(), Libc.O_PATH | Libc.O_DIRECTORY);
        int found;
        try {
            found = Libc.openBeneath(root, name, Libc.O_PATH, 0);
        } catch (Libc.ErrnoException e) {
            if (e.errno() == Libc.ENOENT) {
                return false;
            }
            throw e;
        } finally {
            Libc.close(root);
        }
        try {
            look.at(Path.of("/proc/self/fd/" + found));
            return true;
        } finally {
            Libc.close(found);
        }
    }

    /**
     * The content of a file at a path below a folder, without ever leaving the folder; empty if there is none. What is no
     * plain file is not opened.
     */
    public static Optional<byte[]> readBeneath(Path folder, String name, int limit) throws IOException {
        var content = new AtomicReference<byte @Nullable []>();
        lookBeneath(folder, name, opened -> {
            if (!Files.isRegularFile(opened)) {
                throw new IOException("it is no file");
            }
            try (var in = Files.newInputStream(opened)) {
                content.set(in.readNBytes(limit + 1));
            }
        });
        byte[] read = content.get();
        if (read != null && read.length > limit) {
            throw new IOException("it has more than " + limit + " bytes");
        }
        return Optional.ofNullable(read);
    }

    /** Every mount at or below a folder, innermost first. */
    public static List<Path> under(Path folder) throws IOException {
        List<Path> found = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            Path point = Path.of(unescape(line.split(" ", 6)[4]));
            if (point.startsWith(folder)) {
                found.add(point);
            }
        }
        return found.reversed();
    }

    /** Takes away every mount at or below a folder. */
    public static void unmountAll(Path folder) throws IOException {
        for (Path point : under(folder)) {
            unmount(point);
        }
    }

    public static boolean isMountPoint(Path path) throws IOException {
        return under(path).contains(path);
    }

    private static int openOrMake(int root, String subPath) throws IOException {
        try {
            return Libc.openBeneath(root, subPath, Libc.O_PATH, 0);
        } catch (Libc.ErrnoException e) {
            if (e.errno() != Libc.ENOENT) {
                throw e;
            }
        }
        int folder = Libc.openBeneath(root, ".", Libc.O_PATH | Libc.O_DIRECTORY, 0);
        for (Path part : Path.of(subPath).normalize()) {
            int next;
            try {
                next = openOrMakeOne(folder, part.toString());
            } finally {
                Libc.close(folder);
            }
            folder = next;
        }
        return folder;
    }

    private static int openOrMakeOne(int folder, String name) throws IOException {
        try {
            return Libc.openBeneath(folder, name, Libc.O_PATH | Libc.O_DIRECTORY, 0);
        } catch (Libc.ErrnoException e) {
            if (e.errno() != Libc.ENOENT) {
                throw e;
            }
            Libc.makeFolder(folder, name, FOLDER_MODE);
            return Libc.openBeneath(folder, name, Libc.O_PATH | Libc.O_DIRECTORY, 0);
        }
    }

    private static Path parentOf(Path path) throws IOException {
        Path parent = path.getParent();
        if (parent == null) {
            throw new IOException(path + " has no parent folder");
        }
        return parent;
    }

    /** The kernel writes spaces, tabs, line ends and backslashes as octal. */
    private static String unescape(String text) {
        return text.replace("\\040", " ")
                .replace("\\011", "\t")
                .replace("\\012", "\n")
                .replace("\\134", "\\");
    }
}
