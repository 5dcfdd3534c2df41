package io.vertikube.kubelet.kernel;

import java.io.IOException;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pages of this process that the kernel can have back: those of files that are mapped, cannot be written and never were
 * (code of libraries, archived classes, the JDK's modules). They come again from the file when they are touched.
 * Safe for any thread.
 */
@SuppressWarnings("restricted")
public final class OwnPages {

    private static final Path MAPS = Path.of("/proc/self/smaps");

    /** Start, end, permissions, offset, device, inode and path of a mapping of a file that cannot be written. */
    private static final Pattern READ_ONLY_FILE =
            Pattern.compile("([0-9a-f]+)-([0-9a-f]+) r-[-x][ps] [0-9a-f]+ \\S+ [1-9]\\d* +/.*");

    private static final Pattern MAPPING = Pattern.compile("[0-9a-f]+-[0-9a-f]+ .*");

    /** Lines that say that some of a mapping is not as in the file: it was written before it was closed to writers. */
    private static final Pattern WRITTEN = Pattern.compile("(Anonymous|Swap): +[1-9].*");

    /** Large mappings stay as long as the process; what is smaller is not worth the look. */
    private static final long LARGE = 1 << 20;

    /**
     * In this order: touched pages come back one by one rather than with their neighbours; nobody else's pages leave memory;
     * those that others have as well leave this process.
     */
    private static final List<Integer> ADVICE = List.of(Advice.RANDOM, Advice.PAGEOUT, Advice.DONTNEED);

    /** As madvise(2) numbers them. */
    private static final class Advice {
        static final int RANDOM = 1;
        static final int DONTNEED = 4;
        static final int PAGEOUT = 21;
    }

    private static final Optional<MethodHandle> ADVISE = NativeCall.find(
            "madvise",
            FunctionDescriptor.of(
                    ValueLayout.JAVA_INT, ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.JAVA_INT));

    /** Addresses from (inclusive) to (exclusive). */
    record Range(long from, long to) {}

    private OwnPages() {}

    /** Gives back what can be had again, and says how much was advised, in bytes. */
    public static long giveBack() throws IOException {
        long advised = 0;
        for (Range range : unwritten(Files.readAllLines(MAPS))) {
            if (ADVISE.isPresent() && advise(ADVISE.get(), range)) {
                advised += range.to() - range.from();
            }
        }
        return advised;
    }

    /** The mappings of files that nobody can write to and nobody has: what is dropped of them is in the file as it was. */
    static List<Range> unwritten(List<String> smaps) {
        List<Range> ranges = new ArrayList<>();
        boolean whole = false;
        for (String line : smaps) {
            if (MAPPING.matcher(line).matches()) {
                Matcher file = READ_ONLY_FILE.matcher(line);
                whole = file.matches();
                if (whole) {
                    ranges.add(new Range(
                            Long.parseUnsignedLong(file.group(1), 16), Long.parseUnsignedLong(file.group(2), 16)));
                }
            } else if (whole && WRITTEN.matcher(line).matches()) {
                ranges.removeLast();
                whole = false;
            }
        }
        ranges.removeIf(range -> range.to() - range.from() < LARGE);
        return ranges;
    }

    /** Old kernels do not know all of it; the last is what counts. */
    private static boolean advise(MethodHandle madvise, Range range) {
        int answer = -1;
        for (int advice : ADVICE) {
            answer = NativeCall.call(madvise, range.from(), range.to() - range.from(), advice);
        }
        return answer == 0;
    }
}
