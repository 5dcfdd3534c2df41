package io.vertikube.kubelet.manifests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ManifestTest {

    private static final String WEB = """
            # a comment changes nothing
            apiVersion: v1
            kind: Pod
            metadata: {name: web, labels: {app: web}, annotations: {mine: kept}}
            spec:
              containers:
              - name: main
                image: nginx:1
                resources: {limits: {cpu: 100m}}
                livenessProbe: {httpGet: {port: 80}}
              volumes: [{name: scratch}, {name: etc, hostPath: {path: /etc}}]
            """;

    @Test
    void podIsNamedAfterTheNodeAndDefaulted() {
        Pod pod = read(WEB, "/m/web.yaml");
        assertThat(pod.getMetadata().getName()).isEqualTo("web-n1");
        assertThat(pod.getMetadata().getNamespace()).isEqualTo("default");
        assertThat(pod.getMetadata().getUid()).matches("[0-9a-f]{32}");
        assertThat(pod.getMetadata().getAnnotations())
                .containsEntry("mine", "kept")
                .containsEntry("kubernetes.io/config.source", "file")
                .containsEntry("kubernetes.io/config.seen", "2026-01-01T00:00:00Z")
                .containsEntry("kubernetes.io/config.hash", pod.getMetadata().getUid())
                .doesNotContainKey("kubernetes.io/config.mirror");
        assertThat(pod.getSpec().getNodeName()).isEqualTo("n1");
        assertThat(pod.getSpec().getRestartPolicy()).isEqualTo("Always");
        assertThat(pod.getSpec().getTerminationGracePeriodSeconds()).isEqualTo(30);
        assertThat(pod.getSpec().getTolerations())
                .singleElement()
                .satisfies(all -> assertThat(all.getEffect()).isEqualTo("NoExecute"));
        var main = pod.getSpec().getContainers().getFirst();
        assertThat(main.getImagePullPolicy()).isEqualTo("IfNotPresent");
        assertThat(main.getResources().getRequests()).containsKey("cpu");
        assertThat(main.getLivenessProbe().getPeriodSeconds()).isEqualTo(10);
        assertThat(pod.getSpec().getVolumes().getFirst().getEmptyDir()).isNotNull();
    }

    @Test
    void jsonIsAManifestToo() {
        Pod pod = read(
                "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"metadata\":{\"name\":\"j\",\"namespace\":\"kube-system\"},"
                        + "\"spec\":{\"containers\":[{\"name\":\"a\",\"image\":\"i\"}]}}",
                "/m/j.json");
        assertThat(pod.getMetadata().getName()).isEqualTo("j-n1");
        assertThat(pod.getMetadata().getNamespace()).isEqualTo("kube-system");
        assertThat(pod.getSpec().getContainers().getFirst().getImagePullPolicy())
                .isEqualTo("Always");
    }

    @Test
    void uidFollowsWhatThePodSaysAndWhereItSaysIt() {
        String uid = read(WEB, "/m/web.yaml").getMetadata().getUid();
        assertThat(read(WEB.replace("# a comment changes nothing", ""), "/m/web.yaml")
                        .getMetadata()
                        .getUid())
                .isEqualTo(uid);
        assertThat(read(WEB.replace("nginx:1", "nginx:2"), "/m/web.yaml")
                        .getMetadata()
                        .getUid())
                .isNotEqualTo(uid);
        assertThat(read(WEB, "/m/other.yaml").getMetadata().getUid()).isNotEqualTo(uid);
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of("{a: [", "neither YAML nor JSON"),
                Arguments.of("", "holds one Pod, this one 0 documents"),
                Arguments.of(WEB + "\n---\n" + WEB, "holds one Pod, this one 2 documents"),
                Arguments.of(WEB.replace("kind: Pod", "kind: Job"), "kind: \"Job\" is not \"Pod\""),
                Arguments.of(WEB.replace("apiVersion: v1", ""), "apiVersion: \"\" is not \"v1\""),
                Arguments.of(WEB.replace("name: web,", ""), "metadata.name: \"\": Required value"),
                Arguments.of(WEB.replace("name: web,", "name: Web_1,"), "metadata.name: \"Web_1\""),
                Arguments.of(WEB.replace("image: nginx:1", ""), "container \"main\": image: Required value"),
                Arguments.of(WEB.replace("name: main", "name: Main"), "a container's name \"Main\""),
                Arguments.of(WEB.replace("containers:", "contaners:"), "spec.containers: Required value"),
                Arguments.of(WEB.replace("resources: {limits: {cpu: 100m}}", "ports: [{containerPort: x}]"), "no Pod:"),
                Arguments.of(
                        WEB.replace("{name: scratch}", "{name: s, secret: {secretName: x}}"),
                        "spec.volumes[s].secret: static pods may not refer to other API objects"),
                Arguments.of(
                        WEB.replace("resources: {limits: {cpu: 100m}}", "envFrom: [{configMapRef: {name: c}}]"),
                        "spec.containers[main].envFrom: static pods may not"),
                Arguments.of(
                        WEB.replace("  containers:", "  serviceAccountName: me\n  containers:"),
                        "spec.serviceAccountName: static pods may not"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void manifestThatGivesNoPodSaysWhy(String text, String why) {
        assertThatThrownBy(() -> read(text, "/m/x.yaml"))
                .isInstanceOf(ManifestProblem.class)
                .hasMessageContaining(why);
    }

    private static Pod read(String text, String where) {
        return Manifest.read(text.getBytes(StandardCharsets.UTF_8), where, "n1", Instant.parse("2026-01-01T00:00:00Z"));
    }
}
