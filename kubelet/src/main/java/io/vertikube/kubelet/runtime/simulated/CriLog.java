package io.vertikube.kubelet.runtime.simulated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Appends lines to a log file in the runtimes' format: time, stream, {@code F}, text. Confined to one container. */
final class CriLog {

    private static final DateTimeFormatter NANOS = DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.nnnnnnnnnX");

    private final Path file;

    CriLog(Path file) {
        this.file = file;
    }

    void line(Instant at, String text) throws IOException {
        Path folder = file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        var out = new StringBuilder();
        for (String part : text.split("\n", -1)) {
            out.append(NANOS.format(at.atOffset(ZoneOffset.UTC)))
                    .append(" stdout F ")
                    .append(part)
                    .append('\n');
        }
        Files.write(
                file,
                out.toString().getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }
}
