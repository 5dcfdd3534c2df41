package io.vertikube.kubelet.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a folder and an address want together. */
class StaticPodSourcesTest {

    private static final Duration OFTEN = Duration.ofMillis(30);

    @TempDir
    Path folder;

    private final List<Told> told = new CopyOnWriteArrayList<>();
    private Vertx vertx;
    private ManifestServer server;
    private StaticPods pods;

    /** Names with images. */
    private record Told(List<String> pods, boolean complete) {}

    @BeforeEach
    void start() throws IOException {
        vertx = Vertx.vertx();
        server = new ManifestServer();
    }

    @AfterEach
    void stop() {
        pods.close();
        server.close();
        vertx.close().await();
    }

    @Test
    void withoutAnySourceAllIsTold() {
        pods = ask(ManifestOptions.NONE);
        assertThat(told).containsExactly(new Told(List.of(), true));
    }

    @Test
    void folderAloneIsComplete() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), pod("a", "1"));
        pods = ask(ManifestOptions.NONE.with(folder));
        assertThat(told).containsExactly(new Told(List.of("a-n1 1"), true));
    }

    @Test
    void nothingIsCompleteBeforeTheAddressHasAnswered() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), pod("a", "1"));
        pods = ask(ManifestOptions.NONE.with(folder).with(server.address("/pods"), OFTEN));
        await().until(() -> server.asked() > 2);
        assertThat(told).containsExactly(new Told(List.of("a-n1 1"), false));
        server.answers(200, pod("b", "1"));
        await().untilAsserted(() -> assertThat(told).last().isEqualTo(new Told(List.of("a-n1 1", "b-n1 1"), true)));
    }

    @Test
    void podOfTheFolderGoesBeforeOneOfTheAddress() throws IOException {
        Files.writeString(folder.resolve("a.yaml"), pod("a", "folder"));
        server.answers(200, pod("a", "address"));
        pods = ask(ManifestOptions.NONE.with(folder).with(server.address("/pods"), OFTEN));
        await().untilAsserted(() -> assertThat(told).last().isEqualTo(new Told(List.of("a-n1 folder"), true)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{apiVersion: v1, kind: PodList, items: []}",
                "{apiVersion: v1, kind: PodList}",
            })
    void emptyListIsNoPods(String list) {
        server.answers(200, pod("a", "1"));
        pods = ask(ManifestOptions.NONE.with(server.address("/pods"), OFTEN));
        await().untilAsserted(() -> assertThat(told).last().isEqualTo(new Told(List.of("a-n1 1"), true)));
        server.answers(200, list);
        await().untilAsserted(() -> assertThat(told).last().isEqualTo(new Told(List.of(), true)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "404 | gone",
                "200 | ''",
                "200 | '{'",
                "200 | {kind: Pod}",
                "200 | {apiVersion: v1, kind: Secret}",
                "200 | {apiVersion: v2, kind: PodList, items: []}",
                "200 | {apiVersion: v1, kind: PodList, items: [3]}",
                "200 | '{apiVersion: v1, kind: PodList, items: [{metadata: {name: b}, spec: {containers: [{name: c, image: i}]}}, {}]}'",
                "200 | '{apiVersion: v1, kind: PodList, items: [{metadata: {name: b}, spec: {containers: [{name: c, image: i}]}}, {metadata: {name: b}, spec: {containers: [{name: c, image: i}]}}]}'",
            })
    void answerThatIsNoneChangesNothing(int code, String body) {
        server.answers(200, pod("a", "1"));
        pods = ask(ManifestOptions.NONE.with(server.address("/pods"), OFTEN));
        await().until(() -> told.size() == 2);
        server.answers(code, body);
        int before = server.asked();
        await().until(() -> server.asked() > before + 3);
        assertThat(told).hasSize(2).last().isEqualTo(new Told(List.of("a-n1 1"), true));
    }

    @Test
    void itemsOfAListNeedNotSayWhatTheyAreAndASameAnswerIsToldOnce() {
        server.answers(
                200,
                "{\"apiVersion\":\"v1\",\"kind\":\"PodList\",\"items\":["
                        + "{\"metadata\":{\"name\":\"a\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"1\"}]}},"
                        + "{\"metadata\":{\"name\":\"b\"},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"2\"}]}}]}");
        pods = ask(ManifestOptions.NONE.with(server.address("/pods"), OFTEN));
        await().until(() -> server.asked() > 5);
        assertThat(told).containsExactly(new Told(List.of(), false), new Told(List.of("a-n1 1", "b-n1 2"), true));
    }

    @Test
    void redirectIsFollowedAndHeadersAreSent() {
        server.answers(200, pod("a", "1"));
        pods = ask(new ManifestOptions(
                Optional.empty(),
                OFTEN,
                Optional.of(server.address("/moved")),
                ManifestOptions.headers(List.of("X-Node:n1,Accept:text/*, application/yaml", "X-Node:again")),
                OFTEN));
        await().untilAsserted(() -> assertThat(told).last().isEqualTo(new Told(List.of("a-n1 1"), true)));
        assertThat(server.headers())
                .containsEntry("X-node", List.of("n1", "again"))
                .containsEntry("Accept", List.of("text/*, application/yaml"));
    }

    @Test
    void sourceIsSaidAndPartOfTheUid() throws IOException {
        Pod file = Manifest.readAll(
                        pod("a", "1").getBytes(),
                        "/here",
                        "n1",
                        InstantSource.system().instant())
                .getFirst();
        Pod there = Manifest.readAll(
                        pod("a", "1").getBytes(),
                        "/there",
                        "n1",
                        InstantSource.system().instant())
                .getFirst();
        assertThat(file.getMetadata().getAnnotations()).containsEntry("kubernetes.io/config.source", "http");
        assertThat(file.getMetadata().getUid()).isNotEqualTo(there.getMetadata().getUid());
        pods = ask(ManifestOptions.NONE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"here", "/pods", "ftp://host/pods", "http:///pods", "http://ho st/"})
    void addressesThatCannotBeAskedAreRefused(String text) {
        pods = ask(ManifestOptions.NONE);
        assertThatThrownBy(() -> ManifestOptions.address(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--manifest-url: ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", ":b", ""})
    void headersOfAnotherFormAreRefused(String text) {
        pods = ask(ManifestOptions.NONE);
        assertThatThrownBy(() -> ManifestOptions.headers(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--manifest-url-header: \"" + text + "\" is not of the form name:value");
    }

    private StaticPods ask(ManifestOptions options) {
        var result = new StaticPods(vertx, options, "n1", InstantSource.system(), this::tell);
        result.start();
        return result;
    }

    private void tell(Map<String, Pod> all, boolean complete) {
        told.add(new Told(
                all.values().stream()
                        .map(pod -> pod.getMetadata().getName() + " "
                                + pod.getSpec().getContainers().getFirst().getImage())
                        .toList(),
                complete));
    }

    private static String pod(String name, String image) {
        return "{apiVersion: v1, kind: Pod, metadata: {name: " + name + "}, spec: {containers: [{name: c, image: \""
                + image + "\"}]}}";
    }
}
