package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.runtime.Containerd;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What every kubectl at hand makes of streams into real containers: one pod, all commands, a version after the other. */
class KubectlStreamsOnContainerdTest {

    private static final Duration SOON = Duration.ofSeconds(40);
    private static final Path UNPACKED = Path.of("../deploy/target/kubernetes-client/usr/bin/kubectl");

    @TempDir
    static Path folder;

    private static Containerd containerd;
    private static TestCluster cluster;
    private static KubeletService kubelet;
    private static Path kubeconfig;

    @BeforeAll
    static void start() throws Exception {
        containerd = Containerd.start(3);
        containerd.configureNetwork();
        cluster = new TestCluster(folder);
        kubelet = cluster.kubelet(cluster.options("node-s", containerd.endpoint(), folder.resolve("kubelet")));
        kubeconfig = cluster.adminKubeconfig();
        await().atMost(SOON).until(kubelet::nodeReady);
        create("duo", "app: duo", """
                - {name: web, image: "%1$s", command: [sh, -c, "mkdir /www; seq 1 50000 > /www/index.html; httpd -p 8081 -h /www; exec httpd -f -p 8080 -h /www"]}
                - {name: talker, image: "%1$s", command: [sh, -c, "i=0; while true; do i=$((i+1)); echo line $i; sleep 0.2; done"]}
                - {name: mouth, image: "%1$s", stdin: true, command: [cat]}
                """);
        create("again", "app: again", """
                - {name: main, image: "%1$s", command: [sh, -c, "echo going; sleep 0.3; exit 4"]}
                """);
        await().atMost(SOON)
                .until(() -> "Running".equals(cluster.pod("duo").getStatus().getPhase()));
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            for (Pod pod : pods()) {
                cluster.client.of(Pod.class).delete("default", pod.getMetadata().getName());
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> pods().isEmpty());
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(folder.resolve("kubelet/pods")).isEmptyDirectory());
            kubelet.close();
            cluster.close();
        }
        if (containerd != null) {
            containerd.close();
        }
        await().atMost(SOON).ignoreExceptions().until(KubectlStreamsOnContainerdTest::removeCgroups);
    }

    /** They are busy for a moment after their last process has ended. */
    private static boolean removeCgroups() throws IOException {
        for (File hierarchy : Objects.requireNonNull(new File("/sys/fs/cgroup").listFiles(File::isDirectory))) {
            for (String part : List.of("kubepods/besteffort", "kubepods/burstable", "kubepods", "")) {
                Files.deleteIfExists(hierarchy.toPath().resolve("node-s").resolve(part));
            }
        }
        return true;
    }

    private static List<Pod> pods() {
        return cluster.client.of(Pod.class).list("default", ListOptions.all()).items();
    }

    /** Before WebSockets, when they were to be asked for, and with both; those that the machine has. */
    static Stream<Path> kubectls() throws IOException {
        var found = new ArrayList<Path>();
        for (String name : System.getenv().getOrDefault("PATH", "").split(":")) {
            Path program = Path.of(name, "kubectl");
            if (found.isEmpty() && Files.isExecutable(program)) {
                Path beside = Objects.requireNonNull(program.toRealPath().getParent());
                Stream.of("kubectl.1.29", "kubectl.1.32")
                        .map(beside::resolve)
                        .filter(Files::isExecutable)
                        .forEach(found::add);
                if (found.isEmpty()) {
                    found.add(program);
                }
            }
        }
        if (Files.isExecutable(UNPACKED)) {
            found.add(UNPACKED);
        }
        return found.stream();
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void commandsRunWithTheirInputTheirTerminalAndTheirExitCode(Path kubectl) throws Exception {
        byte[] random = new byte[1_000_000];
        new Random(7).nextBytes(random);
        Path input = Files.write(folder.resolve("input"), random);
        assertThat(run(kubectl, input, "exec", "-i", "duo", "-c", "web", "--", "md5sum"))
                .startsWith(md5(random));
        assertThat(code(kubectl, "exec", "duo", "-c", "web", "--", "sh", "-c", "exit 7"))
                .isEqualTo(7);
        assertThat(code(kubectl, "exec", "duo", "-c", "web", "--", "sh", "-c", "kill -9 $$"))
                .isEqualTo(137);
        assertThat(code(kubectl, "exec", "duo", "-c", "web", "--", "nosuch")).isNotZero();
        Process process = new ProcessBuilder(
                        "script",
                        "-qec",
                        "stty rows 33 cols 99; " + kubectl + " --kubeconfig " + kubeconfig
                                + " exec -it duo -c web -- sh -c 'sleep 1; stty size; tty'",
                        "/dev/null")
                .redirectErrorStream(true)
                .start();
        String terminal = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(terminal).contains("33 99").contains("/dev/pts/");
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void attachingTalksWithTheContainersProcess(Path kubectl) throws Exception {
        Process attached =
                process(kubectl, null, "attach", "-i", "duo", "-c", "mouth").start();
        try {
            var reader = new BufferedReader(new InputStreamReader(attached.getInputStream(), StandardCharsets.UTF_8));
            attached.getOutputStream().write("hello mouth\n".getBytes(StandardCharsets.UTF_8));
            attached.getOutputStream().flush();
            String line = reader.readLine();
            while (line != null && !line.equals("hello mouth")) {
                line = reader.readLine();
            }
            assertThat(line).isEqualTo("hello mouth");
        } finally {
            attached.destroy();
            attached.waitFor();
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void foldersAreCopiedThereAndBack(Path kubectl) throws Exception {
        Path there =
                Files.createDirectories(Files.createTempDirectory(folder, "cp").resolve("there"));
        byte[] random = new byte[700_000];
        new Random(8).nextBytes(random);
        Files.write(there.resolve("big"), random);
        Files.writeString(Files.createDirectories(there.resolve("in")).resolve("small"), "text");
        String name = "/tmp/" + Objects.requireNonNull(there.getParent()).getFileName();
        run(kubectl, null, "cp", there.toString(), "duo:" + name, "-c", "web");
        assertThat(run(kubectl, null, "exec", "duo", "-c", "web", "--", "md5sum", name + "/big"))
                .startsWith(md5(random));
        Path back = there.resolveSibling("back");
        run(kubectl, null, "cp", "duo:" + name, back.toString(), "-c", "web");
        assertThat(md5(Files.readAllBytes(back.resolve("big")))).isEqualTo(md5(random));
        assertThat(back.resolve("in/small")).hasContent("text");
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void twoPortsCarrySeveralConnections(Path kubectl) throws Exception {
        Process forward = process(kubectl, null, "port-forward", "pod/duo", ":8080", ":8081")
                .start();
        try {
            var said = new BufferedReader(new InputStreamReader(forward.getInputStream(), StandardCharsets.UTF_8));
            var ports = new ArrayList<Integer>();
            for (String line = said.readLine(); ports.size() < 2; line = said.readLine()) {
                assertThat(line).startsWith("Forwarding from ");
                if (line.contains("127.0.0.1:")) {
                    ports.add(Integer.parseInt(line.replaceAll(".*127\\.0\\.0\\.1:(\\d+) .*", "$1")));
                }
            }
            for (int round = 0; round < 3; round++) {
                assertThat(ports.parallelStream().map(port -> get("http://127.0.0.1:" + port + "/")))
                        .allSatisfy(page -> assertThat(page).hasSize(288_894));
            }
        } finally {
            forward.destroy();
            forward.waitFor();
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void logsAreCutFollowedAndJoined(Path kubectl) throws Exception {
        assertThat(run(kubectl, null, "logs", "duo", "-c", "talker", "--tail=2"))
                .matches("line \\d+\nline \\d+\n");
        assertThat(run(kubectl, null, "logs", "duo", "-c", "talker", "--since=1h"))
                .startsWith("line 1\n");
        assertThat(run(kubectl, null, "logs", "-l", "app=duo", "--all-containers", "--prefix", "--tail=1"))
                .containsPattern("\\[pod/duo/talker] line \\d+");
        await().atMost(SOON).until(() -> code(kubectl, "logs", "again", "--previous") == 0);
        assertThat(run(kubectl, null, "logs", "again", "--previous")).isEqualTo("going\n");
        Process follow = process(kubectl, null, "logs", "-f", "duo", "-c", "talker", "--tail=1")
                .start();
        try {
            var reader = new BufferedReader(new InputStreamReader(follow.getInputStream(), StandardCharsets.UTF_8));
            int first = Integer.parseInt(reader.readLine().substring(5));
            assertThat(reader.readLine()).isEqualTo("line " + (first + 1));
            assertThat(reader.readLine()).isEqualTo("line " + (first + 2));
        } finally {
            follow.destroy();
            follow.waitFor();
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void podsAreReachedThroughTheProxy(Path kubectl) throws Exception {
        Process proxy = process(kubectl, null, "proxy", "--port=0").start();
        try {
            var said = new BufferedReader(new InputStreamReader(proxy.getInputStream(), StandardCharsets.UTF_8));
            String address = said.readLine().replaceAll(".*(127\\.0\\.0\\.1:\\d+).*", "http://$1");
            assertThat(get(address + "/api/v1/namespaces/default/pods/duo:8081/proxy/index.html"))
                    .hasSize(288_894);
            assertThat(get(address + "/api/v1/nodes/node-s/proxy/healthz")).isEqualTo("ok");
        } finally {
            proxy.destroy();
            proxy.waitFor();
        }
    }

    @ParameterizedTest
    @MethodSource("kubectls")
    void aContainerIsAddedForDebugging(Path kubectl) throws Exception {
        // The first ones spoke an API of ephemeral containers that was given up before it was finished.
        if (run(kubectl, null, "version", "--client", "-o", "json").contains("\"minor\": \"20\"")) {
            assertThat(code(kubectl, "debug", "duo", "--image=" + Containerd.IMAGE))
                    .isNotZero();
            return;
        }
        String name = "debug-" + Math.abs(kubectl.toString().hashCode() % 1000);
        run(
                kubectl,
                null,
                "debug",
                "duo",
                "--image=" + Containerd.IMAGE,
                "-c",
                name,
                "--target=web",
                "--",
                "sh",
                "-c",
                "echo debugged; ps");
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(run(kubectl, null, "logs", "duo", "-c", name))
                        .startsWith("debugged\n")
                        .contains("httpd"));
    }

    private static String get(String url) {
        try (var in = URI.create(url).toURL().openStream()) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    /** What it printed; an error fails with what it said. */
    private static String run(Path kubectl, Path input, String... arguments) throws Exception {
        Process process = process(kubectl, input, arguments).start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String errors = Files.readString(folder.resolve("errors"));
        assertThat(process.waitFor()).as(output + errors).isZero();
        return output;
    }

    private static int code(Path kubectl, String... arguments) throws Exception {
        Process process = process(kubectl, null, arguments).start();
        process.getOutputStream().close();
        process.getInputStream().readAllBytes();
        return process.waitFor();
    }

    private static ProcessBuilder process(Path kubectl, Path input, String... arguments) {
        var line = new ArrayList<>(List.of(kubectl.toString(), "--kubeconfig", kubeconfig.toString()));
        line.addAll(List.of(arguments));
        var builder = new ProcessBuilder(line);
        builder.environment().put("HOME", folder.toString());
        builder.redirectError(folder.resolve("errors").toFile());
        if (input != null) {
            builder.redirectInput(input.toFile());
        }
        return builder;
    }

    private static String md5(byte[] bytes) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("MD5").digest(bytes));
    }

    private static void create(String name, String labels, String containers) {
        Pod pod = TestPods.parse("""
                metadata: {name: %s, namespace: default, labels: {%s}}
                spec:
                  nodeName: node-s
                  terminationGracePeriodSeconds: 0
                  containers:
                """.formatted(name, labels)
                + containers.replace("%1$s", Containerd.IMAGE).indent(2));
        pod.setApiVersion("v1");
        pod.setKind("Pod");
        pod.getSpec().getContainers().forEach(container -> container.setImagePullPolicy("IfNotPresent"));
        cluster.client.of(Pod.class).create(pod);
    }
}
