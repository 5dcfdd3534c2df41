package io.vertikube.kubelet.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Map;

/** The handful of C library calls that Java has no name for. Safe for any thread. */
@SuppressWarnings("restricted")
final class Libc {

    static final int ENOENT = 2;
    static final int O_PATH = 0x200000;
    static final int O_DIRECTORY = 0x10000;
    static final int O_CREAT = 0x40;
    static final int O_CLOEXEC = 0x80000;

    private static final int AT_FDCWD = -100;
    private static final long RESOLVE_BENEATH = 0x08;
    private static final long RESOLVE_NO_MAGICLINKS = 0x02;
    private static final long SYS_OPENAT2 = 437;

    private static final Linker LINKER = Linker.nativeLinker();
    private static final StructLayout ERRNO_LAYOUT = Linker.Option.captureStateLayout();
    private static final VarHandle ERRNO = ERRNO_LAYOUT.varHandle(MemoryLayout.PathElement.groupElement("errno"));

    private static final MethodHandle MOUNT = handle(
            "mount",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.ADDRESS));
    private static final MethodHandle UMOUNT =
            handle("umount2", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle OPEN = handle(
            "openat",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT),
            Linker.Option.firstVariadicArg(3));
    private static final MethodHandle MKDIR = handle(
            "mkdirat",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
    private static final MethodHandle CLOSE =
            handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
    private static final MethodHandle OPENAT2 = handle(
            "syscall",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_LONG,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_LONG),
            Linker.Option.firstVariadicArg(1));

    /** What the errors that mounts and opens meet are called; others are shown by number. */
    private static final Map<Integer, String> ERRORS = Map.ofEntries(
            Map.entry(1, "operation not permitted"),
            Map.entry(ENOENT, "no such file or directory"),
            Map.entry(13, "permission denied"),
            Map.entry(16, "device or resource busy"),
            Map.entry(17, "file exists"),
            Map.entry(18, "path leads out of the volume"),
            Map.entry(19, "no such device"),
            Map.entry(20, "not a directory"),
            Map.entry(22, "invalid argument"),
            Map.entry(28, "no space left on device"),
            Map.entry(30, "read-only file system"),
            Map.entry(40, "too many levels of symbolic links"));

    /** A call that failed, with its number. */
    static final class ErrnoException extends IOException {
        private static final long serialVersionUID = 1L;
        private final int errno;

        ErrnoException(String what, int errno) {
            super(what + ": " + ERRORS.getOrDefault(errno, "error " + errno));
            this.errno = errno;
        }

        int errno() {
            return errno;
        }
    }

    private Libc() {}

    static void mount(String source, String target, String type, long flags, String options) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int result = (int) invoke(
                    MOUNT,
                    state,
                    arena.allocateFrom(source),
                    arena.allocateFrom(target),
                    type.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(type),
                    flags,
                    options.isEmpty() ? MemorySegment.NULL : arena.allocateFrom(options));
            check(result, state, "mount " + source + " on " + target);
        }
    }

    static void unmount(String target, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            check((int) invoke(UMOUNT, state, arena.allocateFrom(target), flags), state, "unmount " + target);
        }
    }

    /** Opens a path of our own making; follows symbolic links. */
    static int open(String path, int flags) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            int fd = (int) invoke(OPEN, state, AT_FDCWD, arena.allocateFrom(path), flags | O_CLOEXEC, 0);
            check(fd, state, "open " + path);
            return fd;
        }
    }

    /** Opens below a folder; the kernel refuses any path or symbolic link that leads out of it (openat2(2)). */
    static int openBeneath(int folder, String path, int flags, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            MemorySegment how = arena.allocate(ValueLayout.JAVA_LONG, 3);
            how.setAtIndex(ValueLayout.JAVA_LONG, 0, flags | O_CLOEXEC);
            how.setAtIndex(ValueLayout.JAVA_LONG, 1, mode);
            how.setAtIndex(ValueLayout.JAVA_LONG, 2, RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS);
            long fd = (long) invoke(OPENAT2, state, SYS_OPENAT2, folder, arena.allocateFrom(path), how, how.byteSize());
            check(fd, state, "open " + path);
            return (int) fd;
        }
    }

    static void makeFolder(int folder, String name, int mode) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(ERRNO_LAYOUT);
            check((int) invoke(MKDIR, state, folder, arena.allocateFrom(name), mode), state, "mkdir " + name);
        }
    }

    static void close(int fd) {
        try (Arena arena = Arena.ofConfined()) {
            int ignored = (int) invoke(CLOSE, arena.allocate(ERRNO_LAYOUT), fd);
            assert ignored <= 0;
        }
    }

    private static MethodHandle handle(String name, FunctionDescriptor shape, Linker.Option... options) {
        var all = new Linker.Option[options.length + 1];
        all[0] = Linker.Option.captureCallState("errno");
        System.arraycopy(options, 0, all, 1, options.length);
        return LINKER.downcallHandle(LINKER.defaultLookup().findOrThrow(name), shape, all);
    }

    private static Object invoke(MethodHandle function, Object... arguments) {
        try {
            return function.invokeWithArguments(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private static void check(long result, MemorySegment state, String what) throws ErrnoException {
        if (result < 0) {
            throw new ErrnoException(what, (int) ERRNO.get(state, 0L));
        }
    }
}
