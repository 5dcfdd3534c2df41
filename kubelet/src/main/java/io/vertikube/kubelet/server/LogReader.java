package io.vertikube.kubelet.server;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Objects;
import java.util.function.BooleanSupplier;

/**
 * Reads a container's log in the runtimes' format: time, stream, {@code F} or {@code P} for a full or partial line, text.
 * Confined to one thread; blocks while it follows.
 */
final class LogReader {

    /** Takes what was read. */
    interface Sink {
        void write(byte[] bytes, int length) throws IOException;

        /** Whether nobody reads any more. */
        boolean closed();
    }

    private static final int BLOCK = 64 * 1024;
    private static final int LONGEST_LINE = 1024 * 1024;
    private static final Duration POLL = Duration.ofMillis(100);

    private final Path file;
    private final LogOptions options;
    private final Sink sink;
    private final BooleanSupplier running;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream(BLOCK);
    private long left;
    private boolean lineBegins = true;

    /** {@code running} says whether more may come; asked only when following. */
    LogReader(Path file, LogOptions options, Sink sink, BooleanSupplier running) {
        this.file = file;
        this.options = options;
        this.sink = sink;
        this.running = running;
        this.left = options.limitBytes().orElse(Long.MAX_VALUE);
    }

    /** Reads to the end, or until the container ends and everything is read. */
    void read() throws IOException, InterruptedException {
        long from = options.tailLines().isPresent()
                ? tailStart(file, options.tailLines().getAsLong())
                : 0;
        boolean again;
        do {
            again = readFile(from);
            from = 0;
        } while (again);
        flush();
    }

    /** One file to its end; answers whether a new file has taken its name. */
    private boolean readFile(long from) throws IOException, InterruptedException {
        Object identity = Files.readAttributes(file, "unix:ino").get("ino");
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(from);
            var line = new ByteArrayOutputStream();
            byte[] block = new byte[BLOCK];
            while (left > 0 && !sink.closed()) {
                // Asked before reading: what is written before the end is then surely read.
                boolean mayGrow = options.follow() && running.getAsBoolean();
                int count = in.read(block);
                if (count > 0) {
                    take(block, count, line);
                    continue;
                }
                flush();
                if (!options.follow()) {
                    return false;
                }
                if (replaced(identity)) {
                    return true;
                }
                if (!mayGrow) {
                    return false;
                }
                Thread.sleep(POLL);
            }
        }
        return false;
    }

    private void take(byte[] block, int count, ByteArrayOutputStream line) throws IOException {
        int start = 0;
        for (int i = 0; i < count && left > 0; i++) {
            if (block[i] == '\n') {
                line.write(block, start, i - start);
                start = i + 1;
                emit(line.toByteArray());
                line.reset();
            }
        }
        if (left > 0 && line.size() < LONGEST_LINE) {
            line.write(block, start, count - start);
        }
        if (options.follow() || out.size() >= BLOCK) {
            flush();
        }
    }

    private void emit(byte[] line) throws IOException {
        int afterTime = indexOf(line, ' ', 0);
        int afterStream = indexOf(line, ' ', afterTime + 1);
        int afterTag = indexOf(line, ' ', afterStream + 1);
        if (afterTime < 0 || afterStream < 0) {
            return;
        }
        int tagEnd = afterTag < 0 ? line.length : afterTag;
        boolean partial = tagEnd > afterStream + 1 && line[afterStream + 1] == 'P';
        if (options.stream().isPresent()
                && !options.stream()
                        .get()
                        .equals(new String(
                                line, afterTime + 1, afterStream - afterTime - 1, StandardCharsets.US_ASCII))) {
            return;
        }
        String time = new String(line, 0, afterTime, StandardCharsets.US_ASCII);
        if (options.since().isPresent() && isBefore(time, options.since().get())) {
            return;
        }
        if (options.timestamps() && lineBegins) {
            add(time.getBytes(StandardCharsets.US_ASCII), 0, time.length());
            add(new byte[] {' '}, 0, 1);
        }
        if (afterTag >= 0) {
            add(line, afterTag + 1, line.length - afterTag - 1);
        }
        if (!partial) {
            add(new byte[] {'\n'}, 0, 1);
        }
        lineBegins = !partial;
        if (out.size() >= BLOCK) {
            flush();
        }
    }

    private void add(byte[] bytes, int from, int length) {
        int count = (int) Math.min(left, length);
        out.write(bytes, from, count);
        left -= count;
    }

    private void flush() throws IOException {
        if (out.size() > 0) {
            byte[] bytes = out.toByteArray();
            out.reset();
            sink.write(bytes, bytes.length);
        }
    }

    private boolean replaced(@org.jspecify.annotations.Nullable Object identity) throws IOException {
        try {
            return !Objects.equals(
                    identity, Files.readAttributes(file, "unix:ino").get("ino"));
        } catch (NoSuchFileException e) {
            // Between the rename and the reopening of a rotation; or the pod is gone.
            return false;
        }
    }

    private static boolean isBefore(String time, Instant since) {
        try {
            return java.time.OffsetDateTime.parse(time).toInstant().isBefore(since);
        } catch (DateTimeParseException e) {
            return false;
        }
    }

    private static int indexOf(byte[] bytes, char what, int from) {
        for (int i = Math.max(0, from); i < bytes.length; i++) {
            if (bytes[i] == what) {
                return i;
            }
        }
        return -1;
    }

    /** Where the last lines begin. */
    static long tailStart(Path file, long lines) throws IOException {
        try (var in = new RandomAccessFile(file.toFile(), "r")) {
            long end = in.length();
            if (lines == 0) {
                return end;
            }
            long wanted = lines;
            byte[] block = new byte[BLOCK];
            for (long at = end; at > 0; ) {
                int size = (int) Math.min(BLOCK, at);
                at -= size;
                in.seek(at);
                in.readFully(block, 0, size);
                for (int i = size - 1; i >= 0; i--) {
                    boolean lastByte = at + i == end - 1;
                    if (block[i] == '\n' && !lastByte && --wanted == 0) {
                        return at + i + 1;
                    }
                }
            }
            return 0;
        }
    }
}
