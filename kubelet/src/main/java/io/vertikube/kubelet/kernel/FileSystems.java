package io.vertikube.kubelet.kernel;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/** What file systems and files take, statfs(2) and statx(2): Java tells of neither inodes nor blocks. Safe for any thread. */
@SuppressWarnings("restricted")
public final class FileSystems {

    /** A file system's size and what is left for everybody, in bytes and inodes. Immutable. */
    public record Room(long bytes, long bytesFree, long inodes, long inodesFree) {}

    private static final int AT_FDCWD = -100;
    private static final int AT_SYMLINK_NOFOLLOW = 0x100;
    private static final int STATX_BLOCKS = 0x400;

    /** Larger than either structure on any 64-bit machine. */
    private static final long STRUCTURE = 512;

    private static final long BLOCK_SIZE_AT = 8;
    private static final long BLOCKS_AT = 16;
    private static final long BLOCKS_AVAILABLE_AT = 32;
    private static final long FILES_AT = 40;
    private static final long FILES_FREE_AT = 48;
    private static final long STATX_BLOCKS_AT = 48;
    private static final long SECTOR = 512;

    private static final MethodHandle STATFS = NativeCall.require(
            "statfs", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.ADDRESS));
    private static final MethodHandle STATX = NativeCall.require(
            "statx",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS,
                    ValueLayout.JAVA_INT,
                    ValueLayout.JAVA_INT,
                    ValueLayout.ADDRESS));

    private FileSystems() {}

    /** Room of the file system that a path is on; a file system without a table of inodes has 0 of them. */
    public static Room room(Path path) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(STRUCTURE, Long.BYTES);
            int result = NativeCall.call(STATFS, arena.allocateFrom(path.toString()), answer);
            if (result != 0) {
                throw new IOException("statfs of " + path + " failed");
            }
            long block = answer.get(ValueLayout.JAVA_LONG, BLOCK_SIZE_AT);
            return new Room(
                    answer.get(ValueLayout.JAVA_LONG, BLOCKS_AT) * block,
                    answer.get(ValueLayout.JAVA_LONG, BLOCKS_AVAILABLE_AT) * block,
                    answer.get(ValueLayout.JAVA_LONG, FILES_AT),
                    answer.get(ValueLayout.JAVA_LONG, FILES_FREE_AT));
        }
    }

    /** Bytes that a file takes on its disk; links are not followed; 0 for one that is gone. */
    public static long allocated(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment answer = arena.allocate(STRUCTURE, Long.BYTES);
            int result = NativeCall.call(
                    STATX, AT_FDCWD, arena.allocateFrom(file.toString()), AT_SYMLINK_NOFOLLOW, STATX_BLOCKS, answer);
            return result != 0 ? 0 : answer.get(ValueLayout.JAVA_LONG, STATX_BLOCKS_AT) * SECTOR;
        }
    }
}
