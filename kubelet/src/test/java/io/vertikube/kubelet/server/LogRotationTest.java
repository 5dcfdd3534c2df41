package io.vertikube.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.kubelet.runtime.Container;
import io.vertikube.kubelet.runtime.ContainerRuntime;
import io.vertikube.kubelet.runtime.ContainerState;
import io.vertikube.kubelet.runtime.Labels;
import io.vertikube.kubelet.runtime.LogFiles;
import io.vertikube.kubelet.runtime.PodIdentity;
import io.vertikube.kubelet.runtime.RuntimeFailure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogRotationTest {

    private static final PodIdentity POD = new PodIdentity("default", "web", "u1");
    private static final LogLimits LIMITS = new LogLimits(10, 3, Duration.ofSeconds(10));

    @TempDir
    Path logs;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Set<String> refused = Set.of();

    @Test
    void aLargeLogIsMovedAsideAndANewOneBegun() throws IOException {
        write("main", "long enough");
        write("small", "short");
        round("main", "small");
        assertThat(files("main")).containsExactly("0.log", "0.log.20260101-000000");
        assertThat(files("small")).containsExactly("0.log");
        assertThat(Files.readString(log("main"))).isEmpty();
    }

    @Test
    void soManyAreKeptAllButTheNewestOfThoseAsideCompressed() throws IOException {
        for (int i = 1; i <= 4; i++) {
            write("main", "long enough " + i);
            round("main");
            now = now.plusSeconds(10);
        }
        assertThat(files("main")).containsExactly("0.log", "0.log.20260101-000020.gz", "0.log.20260101-000030");
        Path folder = log("main").getParent();
        try (var text = new GZIPInputStream(Files.newInputStream(folder.resolve("0.log.20260101-000020.gz")))) {
            assertThat(new String(text.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8))
                    .isEqualTo("long enough 3");
        }
    }

    @Test
    void whatTheRuntimeDoesNotReopenIsPutBackAndOthersAreRotated() throws IOException {
        refused = Set.of("main");
        write("main", "long enough");
        write("other", "long enough");
        round("main", "other");
        assertThat(Files.readString(log("main"))).isEqualTo("long enough");
        assertThat(files("main")).containsExactly("0.log");
        assertThat(files("other")).hasSize(2);
    }

    @Test
    void aLogThatWasLeftAsideIsOpenedAgain() throws IOException {
        write("main", "long enough");
        Files.move(log("main"), log("main").resolveSibling("0.log.20251231-000000"));
        round("main");
        assertThat(files("main")).containsExactly("0.log", "0.log.20251231-000000");
    }

    @ParameterizedTest
    @CsvSource({
        "10Mi, 1, --container-log-max-files: 1 must be greater than 1",
        "much, 5, --container-log-max-size: \"much\" is no quantity of bytes",
    })
    void limitsThatCannotBeAreRefused(String size, int count, String message) {
        assertThatThrownBy(() -> LogLimits.of(size, count, Duration.ofSeconds(10)))
                .hasMessageContaining(message);
    }

    private void round(String... containers) {
        var runtime = (ContainerRuntime) Proxy.newProxyInstance(
                ContainerRuntime.class.getClassLoader(),
                new Class<?>[] {ContainerRuntime.class},
                (proxy, method, arguments) -> switch (method.getName()) {
                    case "containers" ->
                        Stream.of(containers).map(this::running).toList();
                    case "reopenLog" -> reopen((String) arguments[0]);
                    default -> throw new IllegalStateException(method.getName());
                });
        try (var rotation = new LogRotation(runtime, logs, LIMITS, () -> now)) {
            rotation.round();
        }
    }

    private Object reopen(String container) {
        if (refused.contains(container)) {
            throw new RuntimeFailure(RuntimeFailure.Kind.OTHER, "no");
        }
        write(container, "");
        return List.of();
    }

    private Container running(String name) {
        return new Container(
                name, "s", name, 0, ContainerState.RUNNING, now, Labels.of(POD), Map.of(), Set.of("image"));
    }

    private void write(String container, String text) {
        try {
            Files.createDirectories(log(container).getParent());
            Files.writeString(log(container), text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path log(String container) {
        return LogFiles.of(logs, POD, container, 0);
    }

    private Set<String> files(String container) throws IOException {
        Set<String> names = new TreeSet<>();
        try (var files = Files.list(log(container).getParent())) {
            files.forEach(file -> names.add(file.getFileName().toString()));
        }
        return names;
    }
}
