package io.vertikube.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a log begins anew and what is kept of the old one. */
final class RotatedFileTest {

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T03:04:05Z"));

    @TempDir
    private Path folder;

    private RotatedFile open(int mostBackups, Duration longest) throws IOException {
        return open(new RotatedFile.Keeping(10, mostBackups, longest, false));
    }

    private RotatedFile open(RotatedFile.Keeping keeping) throws IOException {
        return new RotatedFile(folder.resolve("audit.log"), keeping, now::get);
    }

    private void write(RotatedFile file, String line) throws IOException {
        file.write(line.getBytes(StandardCharsets.UTF_8));
        file.flush();
        now.set(now.get().plusSeconds(1));
    }

    private List<String> names() throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void aFullFileIsPutAsideUnderItsTimeAndNoLineIsSplit() throws IOException {
        try (RotatedFile file = open(0, Duration.ZERO)) {
            write(file, "first\n");
            write(file, "second\n");
            write(file, "much longer than a file\n");
        }
        assertThat(names())
                .containsExactly("audit-2026-01-02T03-04-06.000.log", "audit-2026-01-02T03-04-07.000.log", "audit.log");
        assertThat(folder.resolve("audit-2026-01-02T03-04-06.000.log")).hasContent("first\n");
        assertThat(folder.resolve("audit.log")).hasContent("much longer than a file\n");
    }

    @Test
    void anotherStartGoesOnWhereTheFileEnds() throws IOException {
        try (RotatedFile file = open(0, Duration.ZERO)) {
            write(file, "a\n");
        }
        try (RotatedFile file = open(0, Duration.ZERO)) {
            write(file, "b\n");
        }
        assertThat(folder.resolve("audit.log")).hasContent("a\nb\n");
    }

    @Test
    void noMoreThanSaidAreKeptAndNotLonger() throws IOException {
        Files.writeString(folder.resolve("audit-other.log"), "no backup of ours");
        try (RotatedFile file = open(2, Duration.ofDays(1))) {
            for (int i = 0; i < 5; i++) {
                write(file, "line " + i + " is long\n");
            }
            assertThat(names())
                    .containsExactly(
                            "audit-2026-01-02T03-04-08.000.log",
                            "audit-2026-01-02T03-04-09.000.log",
                            "audit-other.log",
                            "audit.log");
            now.set(now.get().plus(Duration.ofDays(2)));
            write(file, "days later\n");
        }
        assertThat(names()).hasSize(3).contains("audit-other.log", "audit.log");
    }

    @Test
    void fullFilesArePackedAndPackedOnesAreKeptAsLongAsOthers() throws IOException {
        Files.writeString(folder.resolve("audit-2026-01-02T03-04-01.000.log"), "of an earlier run\n");
        Files.writeString(folder.resolve("audit-2026-01-02T03-04-02.000.log.gz.part"), "half");
        var packed = new RotatedFile.Keeping(10, 3, Duration.ofDays(1), true);
        try (RotatedFile file = open(packed)) {
            for (int i = 0; i < 4; i++) {
                write(file, "line " + i + " is long\n");
            }
        }
        assertThat(names())
                .containsExactly(
                        "audit-2026-01-02T03-04-06.000.log.gz",
                        "audit-2026-01-02T03-04-07.000.log.gz",
                        "audit-2026-01-02T03-04-08.000.log.gz",
                        "audit.log");
        assertThat(unpacked("audit-2026-01-02T03-04-08.000.log.gz")).isEqualTo("line 2 is long\n");
        now.set(now.get().plus(Duration.ofDays(2)));
        try (RotatedFile file = open(packed)) {
            write(file, "days later\n");
        }
        assertThat(names()).hasSize(2).contains("audit.log");
    }

    private String unpacked(String name) throws IOException {
        try (var in = new GZIPInputStream(Files.newInputStream(folder.resolve(name)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
