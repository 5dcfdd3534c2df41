package io.vertikube.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogReaderTest {

    @TempDir
    Path folder;

    private Path log;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    @BeforeEach
    void write() throws IOException {
        log = folder.resolve("0.log");
        Files.writeString(log, """
                2026-01-01T00:00:01.000000000Z stdout F one
                2026-01-01T00:00:02.000000000Z stderr F two
                2026-01-01T00:00:03.000000000Z stdout P par
                2026-01-01T00:00:03.000000000Z stdout F tial
                2026-01-01T00:00:04.000000000Z stdout F\s
                2026-01-01T00:00:05.000000000Z stdout F last
                """);
    }

    @Test
    void linesAreUnwrappedAndPartsJoined() throws Exception {
        assertThat(read(LogOptions.ALL)).isEqualTo("one\ntwo\npartial\n\nlast\n");
    }

    @Test
    void timestampsStandBeforeWholeLines() throws Exception {
        assertThat(read(new LogOptions(
                        false,
                        false,
                        true,
                        Optional.empty(),
                        OptionalLong.of(4),
                        OptionalLong.empty(),
                        Optional.empty())))
                .isEqualTo("2026-01-01T00:00:03.000000000Z partial\n2026-01-01T00:00:04.000000000Z \n"
                        + "2026-01-01T00:00:05.000000000Z last\n");
    }

    @Test
    void tailTakesTheLastLines() throws Exception {
        assertThat(tail(1)).isEqualTo("last\n");
        assertThat(tail(2)).isEqualTo("\nlast\n");
        assertThat(tail(0)).isEmpty();
        assertThat(tail(100)).isEqualTo("one\ntwo\npartial\n\nlast\n");
    }

    @Test
    void tailOfAFileLargerThanABlock() throws Exception {
        var text = new StringBuilder();
        for (int i = 0; i < 5000; i++) {
            text.append("2026-01-01T00:00:01.000000000Z stdout F line ")
                    .append(i)
                    .append('\n');
        }
        Files.writeString(log, text);
        assertThat(tail(3)).isEqualTo("line 4997\nline 4998\nline 4999\n");
        assertThat(tail(4000).lines()).hasSize(4000);
    }

    @Test
    void sinceLeavesOutWhatIsOlder() throws Exception {
        assertThat(read(new LogOptions(
                        false,
                        false,
                        false,
                        Optional.of(Instant.parse("2026-01-01T00:00:04Z")),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty())))
                .isEqualTo("\nlast\n");
    }

    @Test
    void oneStreamAlone() throws Exception {
        assertThat(read(new LogOptions(
                        false,
                        false,
                        false,
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.of("stderr"))))
                .isEqualTo("two\n");
    }

    @Test
    void limitCutsInTheMiddle() throws Exception {
        assertThat(read(new LogOptions(
                        false,
                        false,
                        false,
                        Optional.empty(),
                        OptionalLong.empty(),
                        OptionalLong.of(5),
                        Optional.empty())))
                .isEqualTo("one\nt");
    }

    @Test
    void followingReadsOnOverARotationUntilTheContainerEnds() throws Exception {
        var running = new AtomicBoolean(true);
        var follow = new LogOptions(
                true, false, false, Optional.empty(), OptionalLong.of(1), OptionalLong.empty(), Optional.empty());
        Thread reader = Thread.ofVirtual().start(() -> {
            try {
                new LogReader(log, follow, sink(), running::get).read();
            } catch (IOException | InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        awaitText("last\n");
        append("2026-01-01T00:00:06.000000000Z stdout F more\n");
        awaitText("last\nmore\n");
        Files.move(log, folder.resolve("0.log.old"));
        append("2026-01-01T00:00:07.000000000Z stdout F rotated\n");
        awaitText("last\nmore\nrotated\n");
        append("2026-01-01T00:00:08.000000000Z stdout F end\n");
        running.set(false);
        reader.join();
        assertThat(text()).isEqualTo("last\nmore\nrotated\nend\n");
    }

    private String tail(long lines) throws Exception {
        out.reset();
        return read(new LogOptions(
                false, false, false, Optional.empty(), OptionalLong.of(lines), OptionalLong.empty(), Optional.empty()));
    }

    private String read(LogOptions options) throws Exception {
        new LogReader(log, options, sink(), () -> false).read();
        return text();
    }

    private void append(String line) throws IOException {
        Files.writeString(log, line, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    private void awaitText(String expected) {
        Awaitility.await().untilAsserted(() -> assertThat(text()).isEqualTo(expected));
    }

    private synchronized String text() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private LogReader.Sink sink() {
        return new LogReader.Sink() {
            @Override
            public void write(byte[] bytes, int length) {
                synchronized (LogReaderTest.this) {
                    out.write(bytes, 0, length);
                }
            }

            @Override
            public boolean closed() {
                return false;
            }
        };
    }
}
