package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.runtime.Containerd;
import java.io.File;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real pods on a real containerd, looked at through a real API server with a real kubectl. */
class KubeletOnContainerdTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Map<String, String> SPDY = Map.of("KUBECTL_REMOTE_COMMAND_WEBSOCKETS", "false");
    private static final Map<String, String> SPDY_FORWARD = Map.of("KUBECTL_PORT_FORWARD_WEBSOCKETS", "false");

    @TempDir
    static Path folder;

    private static Containerd containerd;
    private static TestCluster cluster;
    private static KubeletOptions options;
    private static KubeletService kubelet;
    private static Kubectl kubectl;

    @BeforeAll
    static void start() throws Exception {
        containerd = Containerd.start(2);
        containerd.configureNetwork();
        cluster = new TestCluster(folder);
        options = cluster.options("node-c", containerd.endpoint(), folder.resolve("kubelet"));
        kubelet = cluster.kubelet(options);
        kubectl = new Kubectl(cluster.adminKubeconfig(), folder);
        await().atMost(SOON).until(kubelet::nodeReady);
    }

    @AfterAll
    static void stop() throws Exception {
        if (cluster != null) {
            for (Pod pod :
                    cluster.client.of(Pod.class).list("", ListOptions.all()).items()) {
                cluster.client
                        .of(Pod.class)
                        .delete(
                                pod.getMetadata().getNamespace(),
                                pod.getMetadata().getName());
            }
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> cluster.client
                            .of(Pod.class)
                            .list("", ListOptions.all())
                            .items()
                            .isEmpty());
            await().atMost(SOON)
                    .untilAsserted(
                            () -> assertThat(folder.resolve("kubelet/pods")).isEmptyDirectory());
            kubelet.close();
            cluster.close();
        }
        if (containerd != null) {
            containerd.close();
        }
        for (String hierarchy : List.of("cpu", "memory", "pids", "cpuset")) {
            assertThat(Path.of("/sys/fs/cgroup", hierarchy, "node-c", "kubepods", "besteffort"))
                    .satisfiesAnyOf(
                            path -> assertThat(path).doesNotExist(),
                            path -> assertThat(
                                            Objects.requireNonNull(path.toFile().listFiles(File::isDirectory)))
                                    .isEmpty());
        }
        removeCgroups();
    }

    @Test
    void podSeesItsEnvironmentVolumesAndNames() throws Exception {
        cluster.client
                .of(ConfigMap.class)
                .create(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("settings")
                        .endMetadata()
                        .withData(Map.of("color", "blue", "nested", "deep"))
                        .build());
        cluster.client
                .of(Secret.class)
                .create(new SecretBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("password")
                        .endMetadata()
                        .withData(Map.of("key", "c2VjcmV0"))
                        .build());
        create("""
                metadata: {name: full, namespace: default, labels: {app: full}}
                spec:
                  nodeName: node-c
                  hostname: box
                  subdomain: sub
                  hostAliases: [{ip: 10.9.8.7, hostnames: [other, another]}]
                  terminationGracePeriodSeconds: 1
                  securityContext: {fsGroup: 4321}
                  containers:
                  - name: main
                    image: %s
                    imagePullPolicy: IfNotPresent
                    command: [sh, -c, "trap 'exit 0' TERM; while true; do sleep 0.1; done"]
                    env:
                    - {name: COLOR, valueFrom: {configMapKeyRef: {name: settings, key: color}}}
                    - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                    - {name: IP, valueFrom: {fieldRef: {fieldPath: status.podIP}}}
                    - {name: LIMIT, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
                    - {name: JOINED, value: "$(POD)-$(COLOR)"}
                    envFrom: [{secretRef: {name: password}, prefix: S_}]
                    resources: {requests: {cpu: 50m}, limits: {cpu: 200m, memory: 64Mi}}
                    volumeMounts:
                    - {name: conf, mountPath: /conf}
                    - {name: conf, mountPath: /one/color, subPath: color}
                    - {name: secret, mountPath: /secret}
                    - {name: info, mountPath: /info}
                    - {name: ram, mountPath: /ram}
                    - {name: disk, mountPath: /disk}
                    - {name: disk, mountPath: /part, subPath: a/b}
                    - {name: token, mountPath: /token}
                  volumes:
                  - {name: conf, configMap: {name: settings}}
                  - {name: secret, secret: {secretName: password, defaultMode: 0400}}
                  - {name: info, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
                  - {name: ram, emptyDir: {medium: Memory, sizeLimit: 8Mi}}
                  - {name: disk, emptyDir: {}}
                  - {name: token, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 3600}}]}}
                """);
        await().atMost(SOON).until(() -> isReady("full"));

        assertThat(inside("full", "echo $COLOR $POD $IP $LIMIT $JOINED $S_key"))
                .isEqualTo("blue full " + cluster.pod("full").getStatus().getPodIP() + " 64 full-blue secret\n");
        assertThat(inside("full", "echo $KUBERNETES_SERVICE_HOST")).isEqualTo("10.96.0.1\n");
        assertThat(inside("full", "cat /conf/color /one/color /secret/key")).isEqualTo("bluebluesecret");
        assertThat(inside("full", "stat -L -c '%a %g' /secret/key")).isEqualTo("440 4321\n");
        assertThat(inside("full", "cat /info/labels")).isEqualTo("app=\"full\"");
        assertThat(inside("full", "grep ' /ram ' /proc/mounts"))
                .contains("tmpfs")
                .contains("size=8192k");
        assertThat(inside("full", "stat -c '%a %g' /disk; touch /part/x; ls /disk/a/b"))
                .isEqualTo("2777 4321\nx\n");
        assertThat(inside("full", "hostname; cat /etc/hosts"))
                .startsWith("box\n")
                .contains("\tbox.sub.default.svc.cluster.local\tbox\n")
                .contains("10.9.8.7\tother\tanother\n");
        assertThat(inside("full", "cat /etc/resolv.conf"))
                .contains("nameserver 10.96.0.10")
                .contains("search default.svc.cluster.local svc.cluster.local cluster.local")
                .contains("ndots:5");
        assertThat(inside("full", "cat /token/token").split("\\.")).hasSize(3);
        assertThat(inside("full", "cat /proc/1/cgroup")).contains("/node-c/kubepods/burstable/pod");

        cluster.client
                .of(ConfigMap.class)
                .update(new ConfigMapBuilder(cluster.client.of(ConfigMap.class).get("default", "settings"))
                        .withData(Map.of("color", "green"))
                        .build());
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(inside("full", "cat /conf/color; ls /conf")).isEqualTo("greencolor\n"));
    }

    @Test
    void commandsRunOverWebSocketAndOverSpdy() throws Exception {
        create(sleeper("shell"));
        await().atMost(SOON).until(() -> isReady("shell"));
        for (Map<String, String> how : List.of(Map.<String, String>of(), SPDY)) {
            assertThat(kubectl.run(how, null, "exec", "shell", "--", "echo", "hello")
                            .output())
                    .isEqualTo("hello\n");
            Kubectl.Result failed = kubectl.run(how, null, "exec", "shell", "--", "sh", "-c", "echo bad >&2; exit 5");
            assertThat(failed.exitCode()).isEqualTo(5);
            assertThat(failed.output()).contains("bad").contains("exit code 5");

            byte[] random = new byte[3_000_000];
            new Random(7).nextBytes(random);
            Path input = Files.write(folder.resolve("input"), random);
            String counted = kubectl.run(how, input.toFile(), "exec", "-i", "shell", "--", "md5sum")
                    .output();
            assertThat(counted).startsWith(md5(random));

            String much = kubectl.run(how, null, "exec", "shell", "--", "seq", "1", "300000")
                    .output();
            assertThat(much).hasSize(1_988_895).endsWith("299999\n300000\n");
        }
        Path copied = folder.resolve("copied");
        Files.writeString(folder.resolve("there"), "to and fro");
        assertThat(kubectl.run("cp", folder.resolve("there").toString(), "shell:/tmp/there")
                        .exitCode())
                .isZero();
        assertThat(kubectl.run("cp", "shell:/tmp/there", copied.toString()).exitCode())
                .isZero();
        assertThat(copied).hasContent("to and fro");
    }

    @Test
    void terminalIsATerminal() throws Exception {
        create(sleeper("terminal"));
        await().atMost(SOON).until(() -> isReady("terminal"));
        Process process = new ProcessBuilder(
                        "script",
                        "-qec",
                        "kubectl --kubeconfig " + cluster.adminKubeconfig()
                                + " exec -it terminal -- sh -c 'tty; echo ok'",
                        "/dev/null")
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(output).contains("/dev/pts/0").contains("ok");
    }

    @Test
    void portsAreForwarded() throws Exception {
        create("""
                metadata: {name: httpd, namespace: default}
                spec:
                  nodeName: node-c
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: main
                    image: %s
                    imagePullPolicy: Never
                    command: [sh, -c, "mkdir /www; seq 1 200000 > /www/index.html; exec httpd -f -p 8080 -h /www"]
                    ports: [{name: web, containerPort: 8080}]
                    startupProbe: {tcpSocket: {port: web}, periodSeconds: 1}
                    readinessProbe: {httpGet: {port: web, path: /}, periodSeconds: 1}
                    livenessProbe: {httpGet: {port: 8080}, periodSeconds: 1}
                """);
        await().atMost(SOON).until(() -> isReady("httpd"));
        for (Map<String, String> how : List.of(Map.<String, String>of(), SPDY_FORWARD)) {
            Process forward = kubectl.start(how, null, "port-forward", "pod/httpd", ":8080");
            try {
                byte[] line = new byte[200];
                int count = forward.getInputStream().read(line);
                String said = new String(line, 0, count, StandardCharsets.UTF_8);
                assertThat(said).contains("Forwarding from 127.0.0.1:");
                int port = Integer.parseInt(said.replaceAll("(?s).*?127\\.0\\.0\\.1:(\\d+) .*", "$1"));
                for (int i = 0; i < 3; i++) {
                    var connection = (HttpURLConnection)
                            URI.create("http://127.0.0.1:" + port + "/").toURL().openConnection();
                    assertThat(connection.getInputStream().readAllBytes()).hasSize(1_288_895);
                }
            } finally {
                forward.destroy();
            }
        }
    }

    @Test
    void logsAreReadAndFollowed() throws Exception {
        create("""
                metadata: {name: talker, namespace: default}
                spec:
                  nodeName: node-c
                  restartPolicy: Never
                  containers:
                  - name: main
                    image: %s
                    command: [sh, -c, "for i in 1 2 3 4 5 6 7 8; do echo line $i; sleep 0.3; done"]
                """);
        await().atMost(SOON)
                .until(() -> "Running".equals(cluster.pod("talker").getStatus().getPhase()));
        assertThat(kubectl.run("logs", "-f", "talker").output())
                .isEqualTo("line 1\nline 2\nline 3\nline 4\nline 5\nline 6\nline 7\nline 8\n");
        await().atMost(SOON)
                .until(() ->
                        "Succeeded".equals(cluster.pod("talker").getStatus().getPhase()));
        assertThat(kubectl.run("logs", "--tail=2", "talker").output()).isEqualTo("line 7\nline 8\n");
        assertThat(kubectl.run("logs", "--limit-bytes=9", "talker").output()).isEqualTo("line 1\nli");
        assertThat(kubectl.run("logs", "--timestamps", "--tail=1", "talker").output())
                .matches("\\d{4}-\\S+ line 8\\n");
    }

    @Test
    void endingContainersTellTheirMessageAndAreRestarted() throws Exception {
        create("""
                metadata: {name: again, namespace: default}
                spec:
                  nodeName: node-c
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: main
                    image: %s
                    command: [sh, -c, "echo going; echo because > /dev/termination-log; sleep 0.5; exit 4"]
                """);
        await().atMost(SOON).untilAsserted(() -> {
            ContainerStatus status = container("again");
            assertThat(status.getRestartCount()).isEqualTo(1);
            assertThat(status.getState().getWaiting().getReason()).isEqualTo("CrashLoopBackOff");
            assertThat(status.getLastState().getTerminated().getExitCode()).isEqualTo(4);
            assertThat(status.getLastState().getTerminated().getMessage()).isEqualTo("because\n");
        });
        assertThat(kubectl.run("logs", "--previous", "again").output()).isEqualTo("going\n");
        assertThat(reasons("again")).contains("BackOff");
    }

    @Test
    void unhealthyContainerIsReplaced() {
        create("""
                metadata: {name: sick, namespace: default}
                spec:
                  nodeName: node-c
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: main
                    image: %s
                    command: [sh, -c, "touch /tmp/well; sleep 2; rm /tmp/well; sleep 1000"]
                    livenessProbe: {exec: {command: [cat, /tmp/well]}, periodSeconds: 1, failureThreshold: 1}
                """);
        await().atMost(SOON).until(() -> container("sick").getRestartCount() >= 1);
        assertThat(container("sick").getLastState().getTerminated().getExitCode())
                .isEqualTo(137);
        await().atMost(SOON).untilAsserted(() -> assertThat(reasons("sick")).contains("Unhealthy", "Killing"));
    }

    @Test
    void initContainersAndSidecarsKeepTheirOrder() throws Exception {
        create("""
                metadata: {name: ordered, namespace: default}
                spec:
                  nodeName: node-c
                  restartPolicy: Never
                  initContainers:
                  - {name: first, image: "%1$s", command: [sh, -c, "echo first >> /shared/log"], volumeMounts: [{name: s, mountPath: /shared}]}
                  - name: helper
                    image: "%1$s"
                    restartPolicy: Always
                    command: [sh, -c, "trap 'echo bye >> /shared/log; exit 0' TERM; echo helper >> /shared/log; while true; do sleep 0.1; done"]
                    startupProbe: {exec: {command: [grep, helper, /shared/log]}, periodSeconds: 1}
                    volumeMounts: [{name: s, mountPath: /shared}]
                  containers:
                  - {name: main, image: "%1$s", command: [sh, -c, "cat /shared/log; sleep 1"], volumeMounts: [{name: s, mountPath: /shared}]}
                  volumes: [{name: s, emptyDir: {}}]
                """);
        await().atMost(SOON)
                .until(() ->
                        "Succeeded".equals(cluster.pod("ordered").getStatus().getPhase()));
        assertThat(kubectl.run("logs", "ordered", "-c", "main").output()).isEqualTo("first\nhelper\n");
    }

    @Test
    void deletionGivesTimeAndRunsHooks() throws Exception {
        Path out = Files.createDirectories(folder.resolve("hooks"));
        create("""
                metadata: {name: polite, namespace: default}
                spec:
                  nodeName: node-c
                  terminationGracePeriodSeconds: 20
                  containers:
                  - name: main
                    image: %1$s
                    command: [sh, -c, "trap 'echo term >> /out/log; exit 0' TERM; while true; do sleep 0.1; done"]
                    lifecycle:
                      postStart: {exec: {command: [sh, -c, "echo start >> /out/log"]}}
                      preStop: {exec: {command: [sh, -c, "echo stop >> /out/log"]}}
                    volumeMounts: [{name: out, mountPath: /out}]
                  volumes: [{name: out, hostPath: {path: "%2$s", type: Directory}}]
                """.replace("%2$s", out.toString()));
        await().atMost(SOON).until(() -> isReady("polite"));
        cluster.client.of(Pod.class).delete("default", "polite");
        await().atMost(Duration.ofSeconds(10))
                .until(() -> cluster.find("polite").isEmpty());
        assertThat(out.resolve("log")).hasContent("start\nstop\nterm");
    }

    @Test
    void attachedCallerHearsAndIsHeard() throws Exception {
        create("""
                metadata: {name: echo, namespace: default}
                spec:
                  nodeName: node-c
                  terminationGracePeriodSeconds: 0
                  containers:
                  - {name: main, image: "%s", stdin: true, stdinOnce: true, command: [sh, -c, "read x; echo heard $x; sleep 1"]}
                """);
        await().atMost(SOON).until(() -> isReady("echo"));
        Path input = Files.writeString(folder.resolve("said"), "something\n");
        assertThat(kubectl.run(Map.of(), input.toFile(), "attach", "-i", "echo").output())
                .contains("heard something");
    }

    @Test
    void debugContainerJoinsARunningPod() throws Exception {
        create(sleeper("subject"));
        await().atMost(SOON).until(() -> isReady("subject"));
        assertThat(kubectl.run(
                                "debug",
                                "subject",
                                "--image=" + Containerd.IMAGE,
                                "-c",
                                "tool",
                                "--",
                                "sh",
                                "-c",
                                "echo looked")
                        .exitCode())
                .isZero();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(
                                kubectl.run("logs", "subject", "-c", "tool").output())
                        .isEqualTo("looked\n"));
        assertThat(container("subject").getRestartCount()).isZero();
    }

    /** Its own process is killed rather than asked to stop: so the sandbox ends first, and the container with the kubelet's doing. */
    @Test
    void killedSandboxIsReplaced() throws Exception {
        create(sleeper("phoenix"));
        await().atMost(SOON).until(() -> isReady("phoenix"));
        String before = container("phoenix").getContainerID();
        try (var runtime = containerd.connect()) {
            String uid = cluster.pod("phoenix").getMetadata().getUid();
            for (var sandbox : runtime.sandboxes(Map.of("io.kubernetes.pod.uid", uid))) {
                containerd.killSandbox(sandbox.id());
            }
        }
        await().atMost(SOON).until(() -> !before.equals(container("phoenix").getContainerID()) && isReady("phoenix"));
        assertThat(container("phoenix").getRestartCount()).isEqualTo(1);
    }

    @Test
    void restartedKubeletLeavesContainersAlone() throws Exception {
        create(sleeper("steady"));
        await().atMost(SOON).until(() -> isReady("steady"));
        String before = container("steady").getContainerID();
        kubelet.close();
        kubelet = cluster.kubelet(options);
        await().atMost(SOON).until(kubelet::nodeReady);
        await().during(Duration.ofSeconds(2)).atMost(SOON).until(() -> isReady("steady"));
        assertThat(container("steady").getContainerID()).isEqualTo(before);
        assertThat(container("steady").getRestartCount()).isZero();
        assertThat(inside("steady", "echo still here")).isEqualTo("still here\n");
    }

    @Test
    void volumeThatIsNotThereIsToldAndWaitedFor() {
        create("""
                metadata: {name: patient, namespace: default}
                spec:
                  nodeName: node-c
                  terminationGracePeriodSeconds: 0
                  containers:
                  - {name: main, image: "%s", command: [sleep, "1000"], volumeMounts: [{name: c, mountPath: /c}]}
                  volumes: [{name: c, configMap: {name: later}}]
                """);
        await().atMost(SOON).untilAsserted(() -> assertThat(reasons("patient")).contains("FailedMount"));
        await().atMost(SOON)
                .until(() -> !cluster.pod("patient")
                        .getStatus()
                        .getContainerStatuses()
                        .isEmpty());
        assertThat(container("patient").getState().getWaiting().getReason()).isEqualTo("ContainerCreating");
        cluster.client
                .of(ConfigMap.class)
                .create(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withNamespace("default")
                        .withName("later")
                        .endMetadata()
                        .addToData("a", "b")
                        .build());
        await().atMost(SOON).until(() -> isReady("patient"));
    }

    @Test
    void securityContextIsKept() throws Exception {
        create("""
                metadata: {name: careful, namespace: default}
                spec:
                  nodeName: node-c
                  terminationGracePeriodSeconds: 0
                  securityContext: {runAsUser: 1000, runAsGroup: 2000, supplementalGroups: [3000]}
                  containers:
                  - name: main
                    image: %s
                    command: [sleep, "1000"]
                    securityContext:
                      readOnlyRootFilesystem: true
                      allowPrivilegeEscalation: false
                      capabilities: {drop: [ALL]}
                      seccompProfile: {type: RuntimeDefault}
                """);
        await().atMost(SOON).until(() -> isReady("careful"));
        assertThat(inside("careful", "id -u; id -g; id -G")).isEqualTo("1000\n2000\n2000 3000\n");
        assertThat(inside("careful", "grep -E 'NoNewPrivs|CapEff|Seccomp:' /proc/self/status | tr -d '\\t ' || true"))
                .isNotEmpty();
        assertThat(inside("careful", "grep NoNewPrivs /proc/self/status")).contains("1");
        assertThat(inside("careful", "grep CapBnd /proc/self/status")).contains("0000000000000000");
        assertThat(inside("careful", "touch /x 2>&1 || echo refused")).contains("refused");
    }

    /** What is not there yet counts as not yet. */
    private static org.awaitility.core.ConditionFactory await() {
        return org.awaitility.Awaitility.await().ignoreExceptions();
    }

    private static String sleeper(String name) {
        return """
                metadata: {name: %2$s, namespace: default}
                spec:
                  nodeName: node-c
                  terminationGracePeriodSeconds: 0
                  containers:
                  - {name: main, image: "%1$s", imagePullPolicy: IfNotPresent, command: [sleep, "100000"]}
                """.replace("%2$s", name);
    }

    private static void create(String yaml) {
        Pod pod = TestPods.parse(yaml.replace("%1$s", Containerd.IMAGE).replace("%s", Containerd.IMAGE));
        pod.setApiVersion("v1");
        pod.setKind("Pod");
        cluster.client.of(Pod.class).create(pod);
    }

    private static String inside(String pod, String script) throws IOException, InterruptedException {
        return kubectl.run("exec", pod, "-c", "main", "--", "sh", "-c", script).output();
    }

    private static ContainerStatus container(String pod) {
        return cluster.pod(pod).getStatus().getContainerStatuses().getFirst();
    }

    private static boolean isReady(String name) {
        Pod pod = cluster.pod(name);
        return pod.getStatus() != null
                && pod.getStatus().getConditions() != null
                && pod.getStatus().getConditions().stream()
                        .anyMatch(condition -> condition.getType().equals("Ready")
                                && condition.getStatus().equals("True"));
    }

    private static List<String> reasons(String pod) {
        return cluster.client.of(Event.class).list("default", ListOptions.all()).items().stream()
                .filter(event -> pod.equals(event.getInvolvedObject().getName()))
                .map(Event::getReason)
                .toList();
    }

    private static String md5(byte[] bytes) throws Exception {
        return java.util.HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("MD5").digest(bytes));
    }

    private static void removeCgroups() throws IOException {
        for (File hierarchy : Objects.requireNonNull(new File("/sys/fs/cgroup").listFiles(File::isDirectory))) {
            for (String part : List.of("kubepods/besteffort", "kubepods/burstable", "kubepods", "")) {
                Files.deleteIfExists(hierarchy.toPath().resolve("node-c").resolve(part));
            }
        }
    }
}
