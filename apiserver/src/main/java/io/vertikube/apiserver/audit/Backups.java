package io.vertikube.apiserver.audit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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
import java.util.zip.GZIPOutputStream;

/**
 * The full files beside a log, {@code audit-2026-11-21T15-04-05.000.log} and packed ones with {@code .gz} behind it: how
 * they are called, which of them go, and the packing. A file that cannot be packed whole stays as it is. Confined to one
 * thread at a time.
 */
final class Backups {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH-mm-ss.SSS").withZone(ZoneOffset.UTC);
    private static final String PACKED = ".gz";
    private static final String HALF = ".gz.part";

    private record Backup(Path file, Instant made) {}

    private final Path file;
    private final InstantSource clock;
    private final String prefix;
    private final String suffix;

    /** @param file the log itself, as an absolute path */
    Backups(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
        String name = String.valueOf(file.getFileName());
        int dot = name.lastIndexOf('.');
        this.prefix = (dot < 0 ? name : name.substring(0, dot)) + "-";
        this.suffix = dot < 0 ? "" : name.substring(dot);
    }

    /** Where the log is put when it is full now. */
    Path next() {
        Instant now = clock.instant();
        while (Files.exists(beside(now, "")) || Files.exists(beside(now, PACKED))) {
            now = now.plusMillis(1);
        }
        return beside(now, "");
    }

    private Path beside(Instant when, String ending) {
        return file.resolveSibling(prefix + STAMP.format(when) + suffix + ending);
    }

    /** Removes those that are too many or too old. */
    void remove(int most, Duration longest) throws IOException {
        List<Backup> backups = all("");
        backups.addAll(all(PACKED));
        backups.sort(Comparator.comparing(Backup::made).reversed());
        Instant oldest = clock.instant().minus(longest);
        for (int i = 0; i < backups.size(); i++) {
            boolean tooMany = most > 0 && i >= most;
            boolean tooOld = !longest.isZero() && backups.get(i).made().isBefore(oldest);
            if (tooMany || tooOld) {
                Files.deleteIfExists(backups.get(i).file());
            }
        }
    }

    /** Packs those that are not packed; what an earlier process left half done is done again. */
    void pack() throws IOException {
        for (Backup half : all(HALF)) {
            Files.deleteIfExists(half.file());
        }
        for (Backup backup : all("")) {
            Path half = beside(backup.made(), HALF);
            try (var out = new GZIPOutputStream(Files.newOutputStream(half))) {
                Files.copy(backup.file(), out);
            } catch (IOException e) {
                Files.deleteIfExists(half);
                throw e;
            }
            Files.move(half, beside(backup.made(), PACKED), StandardCopyOption.ATOMIC_MOVE);
            Files.delete(backup.file());
        }
    }

    private List<Backup> all(String ending) throws IOException {
        var backups = new ArrayList<Backup>();
        try (var files = Files.newDirectoryStream(file.resolveSibling("."))) {
            for (Path other : files) {
                made(other.getFileName().toString(), suffix + ending)
                        .ifPresent(when -> backups.add(new Backup(other, when)));
            }
        } catch (UncheckedIOException e) {
            throw new IOException(e.getMessage(), e);
        }
        return backups;
    }

    private Optional<Instant> made(String name, String ending) {
        if (!name.startsWith(prefix) || !name.endsWith(ending) || name.length() < prefix.length() + ending.length()) {
            return Optional.empty();
        }
        try {
            String stamp = name.substring(prefix.length(), name.length() - ending.length());
            return Optional.of(LocalDateTime.parse(stamp, STAMP).toInstant(ZoneOffset.UTC));
        } catch (DateTimeParseException e) {
            return Optional.empty();
        }
    }
}
