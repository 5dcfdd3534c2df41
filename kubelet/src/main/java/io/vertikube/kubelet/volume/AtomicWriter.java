package io.vertikube.kubelet.volume;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Changes a folder of files all at once: the files lie in a dated folder, {@code ..data} is a symbolic link to it, and
 * every name that users see is a link through {@code ..data}; renaming a new {@code ..data} over the old one is the
 * moment of change. Confined to the worker of the pod that owns the folder.
 */
final class AtomicWriter {

    private static final String DATA = "..data";
    private static final String NEW_DATA = "..data_tmp";
    private static final int FOLDER_MODE = 0755;

    private final Path target;
    private final OptionalLong group;

    AtomicWriter(Path target, OptionalLong group) {
        this.target = target;
        this.group = group;
    }

    /** Makes the folder hold exactly these files, by relative path; answers whether anything changed. */
    boolean write(Map<String, FileBody> files) throws IOException {
        for (String path : files.keySet()) {
            checkPath(path);
        }
        if (Files.isSymbolicLink(target.resolve(DATA)) && current().equals(files)) {
            return false;
        }
        Path old = Files.isSymbolicLink(target.resolve(DATA))
                ? target.resolve(Files.readSymbolicLink(target.resolve(DATA)))
                : null;
        Path fresh = Files.createTempDirectory(target, "..");
        setMode(fresh, FOLDER_MODE);
        for (Map.Entry<String, FileBody> file : files.entrySet()) {
            writeFile(fresh, file.getKey(), file.getValue());
        }
        Path link = target.resolve(NEW_DATA);
        Files.deleteIfExists(link);
        Files.createSymbolicLink(link, fresh.getFileName());
        Files.move(link, target.resolve(DATA), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        linkNames(files);
        if (old != null) {
            deleteTree(old);
        }
        return true;
    }

    private void writeFile(Path folder, String path, FileBody body) throws IOException {
        Path file = folder.resolve(path);
        for (Path parent = file.getParent(); parent != null && !parent.equals(folder); parent = parent.getParent()) {
            Files.createDirectories(parent);
            setMode(parent, FOLDER_MODE);
        }
        Files.write(file, body.bytes());
        if (group.isPresent()) {
            setGroup(file, group.getAsLong());
        }
        setMode(file, body.mode());
    }

    /** Links the first component of every path; takes away links to what is no longer there. */
    private void linkNames(Map<String, FileBody> files) throws IOException {
        var names = new TreeSet<String>();
        files.keySet().forEach(path -> names.add(path.split("/", 2)[0]));
        for (String name : names) {
            Path link = target.resolve(name);
            if (!Files.exists(link, LinkOption.NOFOLLOW_LINKS)) {
                Files.createSymbolicLink(link, Path.of(DATA, name));
            }
        }
        try (Stream<Path> present = Files.list(target)) {
            for (Path path : present.toList()) {
                String name = path.getFileName().toString();
                if (!name.startsWith("..") && Files.isSymbolicLink(path) && !names.contains(name)) {
                    Files.delete(path);
                }
            }
        }
    }

    private Map<String, FileBody> current() throws IOException {
        Map<String, FileBody> result = new TreeMap<>();
        Path data = target.resolve(DATA).toRealPath();
        try (Stream<Path> files = Files.walk(data)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                int mode = (int) Files.getAttribute(file, "unix:mode") & 07777;
                result.put(data.relativize(file).toString(), new FileBody(Files.readAllBytes(file), mode));
            }
        } catch (NoSuchFileException e) {
            return Map.of();
        }
        return result;
    }

    private static void checkPath(String path) throws IOException {
        Path parsed = Path.of(path);
        boolean escapes = parsed.isAbsolute() || path.isEmpty() || path.startsWith("..");
        for (Path part : parsed) {
            escapes |= part.toString().equals("..");
        }
        if (escapes) {
            throw new IOException("path \"" + path + "\" must be relative and must not contain '..'");
        }
    }

    static void setMode(Path path, int mode) throws IOException {
        Files.setAttribute(path, "unix:mode", mode);
    }

    static void setGroup(Path path, long gid) throws IOException {
        Files.setAttribute(path, "unix:gid", (int) gid, LinkOption.NOFOLLOW_LINKS);
    }

    /** Deletes a folder and what is in it; never follows a link. */
    static void deleteTree(Path folder) throws IOException {
        if (Files.notExists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                Files.delete(file);
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path done, @org.jspecify.annotations.Nullable IOException failure)
                    throws IOException {
                if (failure != null) {
                    throw failure;
                }
                Files.delete(done);
                return FileVisitResult.CONTINUE;
            }
        });
    }
}
