package io.vertikube.apiserver.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No input crashes a decoder, hangs it, or makes it take more than a bounded amount of memory. */
final class FuzzTest {

    private static final Path INPUTS = Path.of("src/test/resources/fuzz");
    private static final Decoders DECODERS = new Decoders();

    /** Every input that is kept, whether it was a finding once or only shows the fuzzer what inputs look like. */
    static Stream<Path> inputs() throws IOException {
        return Files.walk(INPUTS).filter(Files::isRegularFile).sorted();
    }

    @ParameterizedTest
    @MethodSource("inputs")
    void keptInputIsTakenOrRefused(Path input) throws IOException {
        DECODERS.feed(String.valueOf(input.getParent().getFileName()), Files.readAllBytes(input));
    }

    @Test
    void everyDecoderHasAnInput() {
        assertThat(DECODERS.names())
                .allSatisfy(name -> assertThat(INPUTS.resolve(name)).isDirectory());
    }

    @Test
    void theFuzzerFindsNothingInAMoment(@TempDir Path work) throws IOException, InterruptedException {
        Path corpus = corpus(work.resolve("corpus"));
        Path log = work.resolve("log");
        Process fuzzer = new ProcessBuilder(List.of(
                        System.getProperty("java.home") + "/bin/java",
                        "-Xmx512m",
                        "-Dorg.slf4j.simpleLogger.defaultLogLevel=error",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "com.code_intelligence.jazzer.Jazzer",
                        "--target_class=" + Fuzz.class.getName(),
                        "--instrumentation_includes=io.vertikube.**",
                        "--custom_hook_includes=none.**",
                        "--disabled_hooks=*",
                        "-timeout=10",
                        "-max_len=8192",
                        "-max_total_time=20",
                        // The same inputs every time: what another seed finds is for deploy/bench fuzz.
                        "-seed=20261121",
                        "-runs=200000",
                        corpus.toString()))
                .directory(work.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(fuzzer.waitFor(3, TimeUnit.MINUTES))
                    .as("the fuzzer ended")
                    .isTrue();
        } finally {
            fuzzer.destroyForcibly();
        }
        String said = Files.readString(log, StandardCharsets.ISO_8859_1);
        assertThat(fuzzer.exitValue()).as(said).isZero();
        assertThat(said).contains("NEW ");
    }

    /** All kept inputs in one folder, each behind the byte that picks its decoder. */
    private static Path corpus(Path folder) throws IOException {
        Files.createDirectories(folder);
        for (Path input : inputs().toList()) {
            String decoder = String.valueOf(input.getParent().getFileName());
            byte[] bytes = Files.readAllBytes(input);
            byte[] picked = new byte[bytes.length + 1];
            picked[0] = (byte) DECODERS.names().indexOf(decoder);
            System.arraycopy(bytes, 0, picked, 1, bytes.length);
            Files.write(folder.resolve(decoder + "-" + input.getFileName()), picked);
        }
        return folder;
    }
}
