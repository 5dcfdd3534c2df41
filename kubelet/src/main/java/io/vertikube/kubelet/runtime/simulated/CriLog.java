package io.vertikube.kubelet.runtime.simulated;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/**
 * Appends to a log file in the runtimes' format: time, stream, {@code F} for a whole line or {@code P} for a part of one,
 * text. The file is opened for each piece, so that it can be moved away. Safe for any thread.
 */
final class CriLog {

    /** Longer lines are cut into parts, as runtimes do. */
    static final int LONGEST = 16 * 1024;

    private static final DateTimeFormatter NANOS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnnX");

    private final Path file;
    private final InstantSource clock;

    CriLog(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    synchronized void append(String stream, boolean whole, byte[] text, int length) throws IOException {
        Path folder = file.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            Files.createDirectories(folder);
        }
        var out = new ByteArrayOutputStream(length + 64);
        String time = NANOS.format(clock.instant().atOffset(ZoneOffset.UTC));
        out.writeBytes((time + " " + stream + (whole ? " F " : " P ")).getBytes(StandardCharsets.US_ASCII));
        out.write(text, 0, length);
        out.write('\n');
        Files.write(file, out.toByteArray(), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }
}
