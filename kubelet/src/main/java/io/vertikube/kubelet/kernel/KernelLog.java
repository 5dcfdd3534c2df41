package io.vertikube.kubelet.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What the kernel has said, as far as its buffer goes back and this process may read it (syslog(2)). Safe for any thread.
 */
@SuppressWarnings("restricted")
public final class KernelLog {

    private static final int READ_ALL = 3;
    private static final int SIZE_OF_BUFFER = 10;

    /** A machine may have been started with a far larger buffer; the newest is read. */
    private static final int MOST_BYTES = 4 << 20;

    private KernelLog() {}

    /** All of it, oldest first; empty where it may not be read. */
    public static String read() {
        Optional<MethodHandle> log = NativeCall.find(
                "klogctl",
                FunctionDescriptor.of(
                        ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT));
        if (log.isEmpty()) {
            return "";
        }
        int size = Math.min(NativeCall.call(log.get(), SIZE_OF_BUFFER, MemorySegment.NULL, 0), MOST_BYTES);
        if (size <= 0) {
            return "";
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment buffer = arena.allocate(size);
            int length = NativeCall.call(log.get(), READ_ALL, buffer, size);
            return length <= 0
                    ? ""
                    : new String(buffer.asSlice(0, length).toArray(ValueLayout.JAVA_BYTE), StandardCharsets.ISO_8859_1);
        }
    }

    /**
     * Whether the kernel killed a process of a cgroup because memory ran out.
     *
     * @param log as {@link #read} gives it
     * @param name of the cgroup's folder or a part of it, such as a container's id, which nobody else has
     */
    public static boolean ranOutOfMemory(String log, String name) {
        return log.lines()
                .anyMatch(line -> line.contains("oom-kill:") && victim(line).contains(name));
    }

    /** The path of the cgroup whose process had to go: {@code …,task_memcg=/kubepods/pod1/c1,task=dd,pid=2,uid=0}. */
    private static String victim(String line) {
        String key = ",task_memcg=";
        int start = line.indexOf(key);
        int end = start < 0 ? -1 : line.indexOf(",task=", start);
        return end < 0 ? "" : line.substring(start + key.length(), end);
    }
}
