package io.vertikube.kubelet.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every runtime must do. Subclasses give one to try, with an image that has a shell. */
public abstract class ContainerRuntimeContract {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    Path logs;

    private ContainerRuntime runtime;
    private PlainPod pod;
    private SandboxConfig sandboxConfig;
    private String sandbox;

    /** Opens the runtime under test; closed after each test. */
    protected abstract ContainerRuntime open();

    /** An image that is there, or can be pulled. */
    protected abstract String image();

    @BeforeEach
    void makeSandbox() {
        runtime = open();
        if (runtime.image(image()).isEmpty()) {
            runtime.pullImage(image(), Optional.empty());
        }
        pod = new PlainPod(
                new PodIdentity("default", "contract", UUID.randomUUID().toString()), logs, true);
        sandboxConfig = pod.sandbox();
        sandbox = runtime.runSandbox(sandboxConfig, "");
    }

    @AfterEach
    void removeSandbox() {
        runtime.stopSandbox(sandbox);
        runtime.removeSandbox(sandbox);
        runtime.close();
    }

    @Test
    void itIsReadyAndSaysWhatItIs() {
        assertThat(runtime.status().ready()).isTrue();
        assertThat(runtime.version().nodeText()).matches("[a-z-]+://.+");
    }

    @Test
    void sandboxIsReadyWithAnAddressAndFoundByItsLabels() {
        SandboxStatus status = runtime.sandboxStatus(sandbox).orElseThrow();
        assertThat(status.ready()).isTrue();
        assertThat(status.ips()).isNotEmpty();
        assertThat(status.pod()).isEqualTo(sandboxConfig.pod());
        assertThat(runtime.sandboxes(Map.of(Labels.POD_UID, sandboxConfig.pod().uid())))
                .extracting(Sandbox::id)
                .containsExactly(sandbox);
        assertThat(runtime.sandboxes(Map.of(Labels.POD_UID, "another"))).isEmpty();
    }

    @Test
    void stoppedSandboxIsNotReadyAndStoppingAgainIsFine() {
        runtime.stopSandbox(sandbox);
        runtime.stopSandbox(sandbox);
        assertThat(runtime.sandboxStatus(sandbox).orElseThrow().ready()).isFalse();
        runtime.removeSandbox(sandbox);
        runtime.removeSandbox(sandbox);
        assertThat(runtime.sandboxStatus(sandbox)).isEmpty();
    }

    @Test
    void containerGoesFromCreatedToRunningToExited() {
        String id = create("main", 0, List.of("sleep", "1000"));
        assertThat(status(id).state()).isEqualTo(ContainerState.CREATED);
        runtime.startContainer(id);
        assertThat(status(id).running()).isTrue();
        assertThat(status(id).startedAt()).isPresent();
        runtime.stopContainer(id, Duration.ZERO);
        assertThat(status(id).exited()).isTrue();
        assertThat(status(id).exitCode()).isEqualTo(137);
        assertThat(status(id).finishedAt()).isPresent();
    }

    @Test
    void exitCodeAndReasonAreKept() {
        String failed = start("failed", 0, List.of("sh", "-c", "exit 3"));
        await().atMost(SOON).until(() -> status(failed).exited());
        assertThat(status(failed).exitCode()).isEqualTo(3);
        assertThat(status(failed).reason()).isEqualTo("Error");
        String done = start("done", 0, List.of("true"));
        await().atMost(SOON).until(() -> status(done).exited());
        assertThat(status(done).exitCode()).isZero();
        assertThat(status(done).reason()).isEqualTo("Completed");
    }

    @Test
    void labelsAnnotationsAndAttemptComeBack() {
        String id = create("main", 2, List.of("sleep", "1000"));
        ContainerStatus status = status(id);
        assertThat(status.name()).isEqualTo("main");
        assertThat(status.attempt()).isEqualTo(2);
        assertThat(status.labels()).containsAllEntriesOf(Labels.of(sandboxConfig.pod()));
        assertThat(status.annotations()).containsEntry(Labels.HASH, "abc");
        assertThat(runtime.containers(Labels.of(sandboxConfig.pod())))
                .extracting(Container::id, Container::sandboxId, Container::attempt)
                .containsExactly(org.assertj.core.groups.Tuple.tuple(id, sandbox, 2));
    }

    @Test
    void outputGoesToTheLogFileInItsFormat() throws IOException {
        String id = start("main", 0, List.of("sh", "-c", "echo one; echo two"));
        await().atMost(SOON).until(() -> status(id).exited());
        Path log = Path.of(sandboxConfig.logDirectory()).resolve("main/0.log");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(Files.readAllLines(log)).hasSize(2));
        assertThat(Files.readAllLines(log).getFirst())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?\\S+ stdout F one");
        assertThat(status(id).logPath()).isEqualTo(log.toString());
    }

    @Test
    void commandsRunInARunningContainer() {
        String id = start("main", 0, List.of("sleep", "1000"));
        ExecResult fine = runtime.exec(id, List.of("sh", "-c", "echo hello"), Duration.ofSeconds(10));
        assertThat(fine.exitCode()).isZero();
        assertThat(fine.stdout()).isEqualTo("hello\n");
        assertThat(runtime.exec(id, List.of("sh", "-c", "exit 7"), Duration.ofSeconds(10))
                        .exitCode())
                .isEqualTo(7);
        assertThatThrownBy(() -> runtime.exec(id, List.of("sleep", "20"), Duration.ofSeconds(1)))
                .isInstanceOfSatisfying(
                        RuntimeFailure.class,
                        failure -> assertThat(failure.kind()).isEqualTo(RuntimeFailure.Kind.TIMEOUT));
    }

    @Test
    void logGoesOnInANewFileOnceItIsReopened() throws IOException {
        String id = start("main", 0, List.of("sh", "-c", "echo one; while true; do sleep 1; echo more; done"));
        Path log = Path.of(sandboxConfig.logDirectory()).resolve("main/0.log");
        await().atMost(SOON).untilAsserted(() -> assertThat(log).content().contains(" one\n"));
        Files.move(log, log.resolveSibling("0.log.old"));
        runtime.reopenLog(id);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(log).content().contains(" more\n").doesNotContain(" one\n"));
    }

    @Test
    void whatRunsIsMeasured() {
        String id = start("main", 0, List.of("sleep", "1000"));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(runtime.usage()).anySatisfy(usage -> {
                    assertThat(usage.containerId()).isEqualTo(id);
                    assertThat(usage.labels())
                            .containsEntry(Labels.POD_UID, sandboxConfig.pod().uid());
                }));
        runtime.updateResources(id, new LinuxResources(100_000, 50_000, 100, 64 << 20, 0));
        assertThat(status(id).running()).isTrue();
    }

    @Test
    void everyStreamHasAPlaceOfItsOwn() {
        String id = start("main", 0, List.of("sleep", "1000"));
        var streams = new StreamOptions(false, true, true, false);
        List<java.net.URI> places = List.of(
                runtime.execUrl(id, List.of("true"), streams),
                runtime.execUrl(id, List.of("true"), streams),
                runtime.attachUrl(id, streams),
                runtime.portForwardUrl(sandbox, List.of(80)));
        assertThat(places)
                .doesNotHaveDuplicates()
                .allSatisfy(place -> assertThat(place.getScheme()).matches("https?"));
    }

    @Test
    void stoppingTheSandboxEndsItsContainers() {
        String id = start("main", 0, List.of("sleep", "1000"));
        runtime.stopSandbox(sandbox);
        assertThat(status(id).exited()).isTrue();
    }

    @Test
    void whatIsNotThereIsEmptyOrFine() {
        assertThat(runtime.containerStatus("0123456789abcdef")).isEmpty();
        assertThat(runtime.sandboxStatus("0123456789abcdef")).isEmpty();
        runtime.stopContainer("0123456789abcdef", Duration.ZERO);
        runtime.removeContainer("0123456789abcdef");
        assertThat(runtime.image("example.test/none:1")).isEmpty();
    }

    @Test
    void containerNeedsItsImage() {
        assertThatThrownBy(() -> runtime.createContainer(
                        sandbox, config("main", 0, List.of("true"), "example.test/none:1"), sandboxConfig))
                .isInstanceOf(RuntimeFailure.class);
    }

    @Test
    void imagesAreListedWithNamesAndSize() {
        Image image = runtime.image(image()).orElseThrow();
        assertThat(image.sizeBytes()).isPositive();
        assertThat(runtime.images()).extracting(Image::id).contains(image.id());
        assertThat(runtime.image(image.id())).isPresent();
    }

    private ContainerStatus status(String id) {
        return runtime.containerStatus(id).orElseThrow();
    }

    private String start(String name, int attempt, List<String> command) {
        String id = create(name, attempt, command);
        runtime.startContainer(id);
        return id;
    }

    private String create(String name, int attempt, List<String> command) {
        try {
            Files.createDirectories(Path.of(sandboxConfig.logDirectory()).resolve(name));
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return runtime.createContainer(sandbox, config(name, attempt, command, image()), sandboxConfig);
    }

    private ContainerConfig config(String name, int attempt, List<String> command, String image) {
        return pod.container(name, attempt, image, command);
    }
}
