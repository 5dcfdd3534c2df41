package io.vertikube.kubelet.runtime.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.runtime.Mount;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToyShellTest {

    @TempDir
    private Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @ParameterizedTest
    @CsvSource(
            delimiterString = "=>",
            quoteCharacter = '`',
            value = {
                "echo one; echo two                               => one/two/                   => - => 0",
                "echo 'a  b' \"$COLOUR ${COLOUR}s ${NONE:-x}\"  => a  b blue blues x/          => - => 0",
                "true && echo yes || echo no                      => yes/                       => - => 0",
                "false && echo yes || echo no                     => no/                        => - => 0",
                "exit 3; echo never                               => -                          => - => 3",
                "false                                            => -                          => - => 1",
                "for i in 1 2 3; do echo $i; done                 => 1/2/3/                     => - => 0",
                "for i in $(seq 2); do echo n$i; done             => n1/n2/                     => - => 0",
                "i=0; while true; do i=$((i+1)); echo $i; done    => 1/2/3/4/                   => - => 137",
                "echo $(hostname) # a comment                     => host/                      => - => 0",
                "echo bad >&2; echo gone > /dev/null              => -                          => bad/ => 0",
                "nosuch; echo $?                                  => 127/                       => sh: nosuch: not found/ => 0",
                "sh -c 'exit 7'; echo $?                          => 7/                         => - => 0",
                "printenv COLOUR; printenv NONE; echo $?          => blue/1/                    => - => 0",
                "echo -n a; exec echo b; echo never               => ab/                        => - => 0",
                "cat                                              => typed/in/                  => - => 0",
                "head -c 3                                        => typ                        => - => 0",
                "wc -c                                            => 9/                         => - => 0",
                "date                                             => Thu Jan  1 00:00:00 UTC 1970/ => - => 0",
                "if true; then echo x; fi                         => -                          => sh: if: not found/ => 127",
                "echo a | cat                                     => -                          => sh: |: not found/ => 127",
            })
    void scriptsDoWhatAShellDoes(String script, String output, String errors, int code) throws Exception {
        assertThat(run(List.of("/bin/sh", "-c", script), "typed\nin\n")).isEqualTo(code);
        assertThat(lines(out)).isEqualTo(output);
        assertThat(lines(err)).isEqualTo(errors);
    }

    private static String lines(ByteArrayOutputStream bytes) {
        return bytes.size() == 0 ? "-" : bytes.toString(StandardCharsets.UTF_8).replace("\n", "/");
    }

    @Test
    void shellWithoutAScriptReadsLines() throws Exception {
        assertThat(run(List.of("sh"), "echo one\nX=2\necho $X\nexit 4\necho never\n"))
                .isEqualTo(4);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("one\n2\n");
    }

    @Test
    void filesOfMountsCanBeRead() throws Exception {
        Files.writeString(folder.resolve("key"), "value");
        assertThat(run(List.of("cat", "/etc/config/key"), "")).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("value");
        assertThat(run(List.of("cat", "/etc/config/../../etc/passwd"), "")).isEqualTo(1);
        Files.createSymbolicLink(folder.resolve("out"), Path.of("/etc/hostname"));
        assertThat(run(List.of("cat", "/etc/config/out"), "")).isEqualTo(1);
        assertThat(err.toString(StandardCharsets.UTF_8)).contains("No such file or directory");
    }

    private int run(List<String> line, String input) throws IOException {
        var process = new ToyProcess(
                new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
                new Stopping(out),
                err,
                Map.of("COLOUR", "blue"),
                "host",
                List.of(Mount.of("/etc/config", folder.toString(), true)),
                () -> "",
                () -> Instant.EPOCH,
                ToyProcess.Unknown.MISSING);
        try {
            return new ToyShell(process).run(line);
        } catch (InterruptedException e) {
            return SimulatedContainer.KILLED;
        }
    }

    /** Ends a loop without end as a signal would, after four numbers. */
    private static final class Stopping extends java.io.OutputStream {
        private final ByteArrayOutputStream kept;

        Stopping(ByteArrayOutputStream kept) {
            this.kept = kept;
        }

        @Override
        public void write(int one) {
            kept.write(one);
        }

        @Override
        public void write(byte[] bytes, int from, int length) {
            kept.write(bytes, from, length);
            if (new String(bytes, from, length, StandardCharsets.UTF_8).equals("4\n")) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
