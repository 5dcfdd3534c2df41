package io.vertikube.apiserver.audit;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A file that gets a new beginning when it is full: what was in it is kept beside it as {@code audit-2026-11-21T15-04-05.000.log},
 * as many and as long as is said. Writes are whole lines, which are never split over two files. Confined to one thread.
 */
final class RotatedFile extends OutputStream {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);

    /**
     * @param mostBytes of one file
     * @param mostBackups kept beside it; 0 for any number
     * @param longest how long they are kept; zero for ever
     */
    record Keeping(long mostBytes, int mostBackups, Duration longest) {}

    private record Backup(Path file, Instant made) {}

    private final Path file;
    private final Keeping keeping;
    private final InstantSource clock;
    private OutputStream out;
    private long written;

    RotatedFile(Path file, Keeping keeping, InstantSource clock) throws IOException {
        this.file = file.toAbsolutePath();
        this.keeping = keeping;
        this.clock = clock;
        Path folder = this.file.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        this.out = open();
        this.written = Files.size(this.file);
        tidy();
    }

    private OutputStream open() throws IOException {
        return new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] line, int from, int length) throws IOException {
        if (written > 0 && written + length > keeping.mostBytes()) {
            turnOver();
        }
        out.write(line, from, length);
        written += length;
    }

    private void turnOver() throws IOException {
        out.close();
        Instant now = clock.instant();
        Path backup = beside(now);
        while (Files.exists(backup)) {
            now = now.plusMillis(1);
            backup = beside(now);
        }
        Files.move(file, backup);
        out = open();
        written = 0;
        tidy();
    }

    private Path beside(Instant when) {
        return file.resolveSibling(prefix() + STAMP.format(when) + suffix());
    }

    private void tidy() throws IOException {
        List<Backup> backups = backups();
        Instant oldest = clock.instant().minus(keeping.longest());
        for (int i = 0; i < backups.size(); i++) {
            boolean tooMany = keeping.mostBackups() > 0 && i >= keeping.mostBackups();
            boolean tooOld =
                    !keeping.longest().isZero() && backups.get(i).made().isBefore(oldest);
            if (tooMany || tooOld) {
                Files.deleteIfExists(backups.get(i).file());
            }
        }
    }

    /** The newest first. */
    private List<Backup> backups() throws IOException {
        var backups = new ArrayList<Backup>();
        try (var files = Files.newDirectoryStream(file.resolveSibling("."))) {
            for (Path other : files) {
                made(other.getFileName().toString()).ifPresent(when -> backups.add(new Backup(other, when)));
            }
        }
        backups.sort(Comparator.comparing(Backup::made).reversed());
        return backups;
    }

    private Optional<Instant> made(String name) {
        if (!name.startsWith(prefix())
                || !name.endsWith(suffix())
                || name.length() < prefix().length() + suffix().length()) {
            return Optional.empty();
        }
        try {
            String stamp = name.substring(prefix().length(), name.length() - suffix().length());
            return Optional.of(LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }

    private String prefix() {
        String name = name();
        int dot = name.lastIndexOf('.');
        return (dot < 0 ? name : name.substring(0, dot)) + "-";
    }

    private String suffix() {
        String name = name();
        int dot = name.lastIndexOf('.');
        return dot < 0 ? "" : name.substring(dot);
    }

    private String name() {
        return String.valueOf(file.getFileName());
    }

    @Override
    public void flush() throws IOException {
        out.flush();
    }

    @Override
    public void close() throws IOException {
        out.close();
    }
}
