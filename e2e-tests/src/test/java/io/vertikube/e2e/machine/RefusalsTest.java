package io.vertikube.e2e.machine;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.e2e.host.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Manifests that are wrong, applied with kubectl: the field, the reason, the right code, and nothing half stored. */
@RequiresRoot
final class RefusalsTest {

    private static final Duration SHORT = Duration.ofSeconds(60);

    private static MachineCluster cluster;
    private static Kubectl kubectl;

    @TempDir
    Path folder;

    @BeforeAll
    static void up() throws IOException {
        cluster = MachineCluster.start("refusals", "--simulated", "1");
        kubectl = cluster.kubectl(Kubectl.installed().get(0));
    }

    @AfterAll
    static void down() {
        if (cluster != null) {
            cluster.close();
        }
    }

    record Case(String name, String manifest, List<String> says) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Case> cases() {
        return List.of(
                new Case(
                        "unknown field",
                        pod("a", "{name: c, imagee: x, image: web}"),
                        List.of("strict decoding error", "unknown field \"spec.containers[0].imagee\"")),
                new Case(
                        "bad quantity",
                        pod("a", "{name: c, image: x, resources: {requests: {cpu: lots}}}"),
                        List.of("quantities must match the regular expression")),
                new Case("missing selector", """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: a}
                        spec:
                          template:
                            metadata: {labels: {app: a}}
                            spec: {containers: [{name: c, image: x}]}
                        """, List.of("spec.selector: Required value")),
                new Case(
                        "no DNS label",
                        pod("Not_OK", "{name: c, image: x}"),
                        List.of("metadata.name: Invalid value: \"Not_OK\"", "RFC 1123 subdomain")),
                new Case("no image", pod("a", "{name: c}"), List.of("spec.containers[0].image: Required value")));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void aBadManifestIsRefusedWithItsReason(Case what) throws IOException {
        Path file = Files.writeString(folder.resolve("bad.yaml"), what.manifest());
        Shell.Result result = kubectl.result("apply", "-f", file.toString());
        assertThat(result.exitCode()).isEqualTo(1);
        assertThat(result.err()).contains(what.says());
        Shell.Result posted = kubectl.result("create", "--validate=false", "-f", file.toString());
        if (!what.name().equals("unknown field")) {
            assertThat(posted.exitCode()).isEqualTo(1);
            assertThat(kubectl.run("get", "pods,deployments", "-o", "name")).isEmpty();
        } else {
            kubectl.run("delete", "pod", "a", "--now");
        }
    }

    @Test
    void aBombOfAliasesIsRefusedQuickly() throws IOException {
        var bomb =
                new StringBuilder("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\ndata:\n  a: &a [x, y]\n");
        for (int i = 0; i < 100_000; i++) {
            bomb.append("  k").append(i).append(": *a\n");
        }
        Path file = Files.writeString(folder.resolve("bomb.yaml"), bomb);
        Shell.Result result = post("application/yaml", file);
        assertThat(result.out()).contains("\"code\": 400", "alias");
        assertThat(kubectl.run("get", "configmaps", "-o", "name")).doesNotContain("bomb");
    }

    @Test
    void aBodyOfTenMegabytesIsTooLarge() throws IOException {
        Path file = Files.writeString(
                folder.resolve("big.json"),
                "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"big\"},\"data\":{\"a\":\""
                        + "x".repeat(10 << 20) + "\"}}");
        Shell.Result result = post("application/json", file);
        assertThat(result.out()).contains("\"code\": 413", "RequestEntityTooLarge");
        assertThat(kubectl.run("get", "configmaps", "-o", "name")).doesNotContain("big");
    }

    private static Shell.Result post(String type, Path file) {
        Path pki = cluster.dataDir().resolve("pki");
        return cluster.host()
                .shell(Map.of())
                .run(
                        SHORT,
                        "curl",
                        "-sS",
                        "--cacert",
                        pki.resolve("ca.crt").toString(),
                        "--cert",
                        pki.resolve("client-admin.crt").toString(),
                        "--key",
                        pki.resolve("client-admin.key").toString(),
                        "-H",
                        "Content-Type: " + type,
                        "-H",
                        "Expect:",
                        "--data-binary",
                        "@" + file,
                        "https://127.0.0.1:6443/api/v1/namespaces/default/configmaps");
    }

    private static String pod(String name, String container) {
        return "apiVersion: v1\nkind: Pod\nmetadata: {name: " + name + "}\nspec:\n  containers: [" + container + "]\n";
    }
}
