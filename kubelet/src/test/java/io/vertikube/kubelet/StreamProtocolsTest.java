package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.CommandClient.Channel;
import io.vertikube.kubelet.CommandClient.Protocol;
import io.vertikube.object.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Exec and attach through an API server and a kubelet into simulated containers, over every protocol. */
class StreamProtocolsTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @TempDir
    static Path folder;

    private static StreamingCluster here;

    @BeforeAll
    static void start() throws IOException {
        here = new StreamingCluster(folder);
        pod("p", "{name: main, image: \"server:1\", env: [{name: COLOUR, value: blue}]}");
        pod("cat", "{name: main, image: \"busybox:1\", command: [cat], stdin: true}");
        pod("two", "{name: a, image: \"x:1\"}, {name: b, image: \"x:1\"}");
        pod("done", "{name: main, image: \"busybox:1\", command: [\"true\"]}");
        create("nowhere", "{name: main, image: \"x:1\"}", "");
        List.of("p", "cat", "two").forEach(name -> await().atMost(SOON).until(() -> ready(name)));
        await().atMost(SOON)
                .until(() ->
                        "Succeeded".equals(here.cluster.pod("done").getStatus().getPhase()));
    }

    @AfterAll
    static void stop() {
        here.close();
    }

    @AfterEach
    void nothingIsLeftBehind() {
        here.awaitNoStreams();
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void outputComesOnItsOwnStreams(Protocol protocol) throws Exception {
        try (var session = exec(protocol, "stdout=true&stderr=true", "sh", "-c", "echo $COLOUR; echo bad >&2")) {
            session.read().await();
            assertThat(session.text(Channel.STDOUT)).isEqualTo("blue\n");
            assertThat(session.text(Channel.STDERR)).isEqualTo("bad\n");
            if (protocol.status()) {
                assertThat(Json.tree(session.text(Channel.ERROR).getBytes(StandardCharsets.UTF_8))
                                .path("status")
                                .asText())
                        .isEqualTo("Success");
            } else {
                assertThat(session.text(Channel.ERROR)).isEmpty();
            }
        }
    }

    /** kubectl reads while it makes its streams and says so of each message that comes before them. */
    @ParameterizedTest
    @EnumSource(Protocol.class)
    void silentCommandIsSilentToThoseWhoNeedNotBeToldThatItBegan(Protocol protocol) throws Exception {
        try (var session = exec(protocol, "stdout=true", "true")) {
            session.read().await();
            assertThat(session.heard(Channel.STDOUT)).isEqualTo(protocol != Protocol.WEBSOCKET_V5);
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void exitCodesAreTold(Protocol protocol) throws Exception {
        for (int code : List.of(3, 137)) {
            try (var session = exec(protocol, "stdout=true", "sh", "-c", "exit " + code)) {
                session.read().await();
                String outcome = session.text(Channel.ERROR);
                assertThat(outcome).contains("command terminated with non-zero exit code");
                if (protocol.status()) {
                    var status = Json.tree(outcome.getBytes(StandardCharsets.UTF_8));
                    assertThat(status.path("reason").asText()).isEqualTo("NonZeroExitCode");
                    var cause = status.path("details").path("causes").path(0);
                    assertThat(cause.path("reason").asText()).isEqualTo("ExitCode");
                    assertThat(cause.path("message").asText()).isEqualTo(Integer.toString(code));
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void commandThatIsNotThereIsNamed(Protocol protocol) throws Exception {
        try (var session = exec(protocol, "stdout=true", "nosuch", "-x")) {
            session.read().await();
            assertThat(session.text(Channel.ERROR)).contains("nosuch").contains("executable file not found in $PATH");
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void inputReachesTheCommandAndItsEndWhereTheProtocolHasOne(Protocol protocol) throws Exception {
        byte[] much = new byte[300_000];
        Arrays.fill(much, (byte) 'x');
        String[] command = protocol.endsInput() ? new String[] {"wc", "-c"} : new String[] {"head", "-c", "300000"};
        try (var session = exec(protocol, "stdin=true&stdout=true", command)) {
            session.read();
            for (int at = 0; at < much.length; at += 30_000) {
                session.send(Channel.STDIN, Arrays.copyOfRange(much, at, at + 30_000));
            }
            if (protocol.endsInput()) {
                session.endInput();
                session.await();
                assertThat(session.text(Channel.STDOUT)).isEqualTo("300000\n");
            } else {
                session.await();
                assertThat(session.count(Channel.STDOUT)).isEqualTo(300_000);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void terminalHasASizeKeysAndNoStderr(Protocol protocol) throws Exception {
        try (var session = exec(protocol, "stdin=true&stdout=true&stderr=true&tty=true", "sh")) {
            session.read();
            session.await(Channel.STDOUT, "$ ");
            if (protocol.resizes()) {
                session.send(Channel.RESIZE, "{\"Width\":132,\"Height\":43}\n".getBytes(StandardCharsets.UTF_8));
                session.type("stty size\r");
                session.await(Channel.STDOUT, "43 132\r\n");
            }
            session.type("echo bad >&2\r");
            session.await(Channel.STDOUT, "bad\r\n");
            session.type("\u0004");
            session.await();
            assertThat(session.count(Channel.STDERR)).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource(Protocol.class)
    void attachingSeesAndFeedsTheContainersOwnProcess(Protocol protocol) throws Exception {
        String path = "/api/v1/namespaces/default/pods/cat/attach?stdin=true&stdout=true&stderr=true";
        try (var session = CommandClient.open(here.admin, protocol, path)) {
            session.read();
            String line = "over " + protocol;
            // Whoever attaches misses what was printed before, and cannot know when it is there.
            await().atMost(SOON).until(() -> {
                session.type(line + "\n");
                Thread.sleep(50);
                return session.text(Channel.STDOUT).contains(line);
            });
        }
    }

    /** The sentence that follows is the one a Kubernetes user knows. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p/exec?stdout=true                    | 400 | you must specify at least 1 command for exec",
                "p/exec?command=ls                     | 400 | you must specify at least 1 of stdin, stdout, stderr",
                "p/exec?command=ls&tty=true            | 400 | you must specify at least 1 of stdin, stdout, stderr",
                "p/attach                              | 400 | you must specify at least 1 of stdin, stdout, stderr",
                "p/exec?command=ls&stdout=false&stdin=0| 400 | you must specify at least 1 of stdin, stdout, stderr",
                "two/exec?command=ls&stdout=1          | 400 | a container name must be specified for pod two, choose one of: [a b]",
                "p/exec?command=ls&stdout=1&container=z| 400 | container z is not valid for pod p",
                "done/exec?command=ls&stdout=1         | 404 | container not found (\"main\")",
                "nowhere/exec?command=ls&stdout=1      | 400 | pod nowhere does not have a host assigned",
                "missing/exec?command=ls&stdout=1      | 404 | pods \"missing\" not found",
                "p/portforward?ports=0                 | 400 | port \"0\" must be > 0",
                "p/portforward?ports=x                 | 400 | unable to parse \"x\" as a port",
            })
    void whatCannotBeIsRefusedBeforeTheUpgrade(String what, int code, String sentence) throws Exception {
        String path = "/api/v1/namespaces/default/pods/" + what.strip();
        String portForward = path.contains("portforward") ? "v4.channel.k8s.io" : "v5.channel.k8s.io";
        try (var byWebSocket = here.admin.webSocket(path, portForward)) {
            assertThat(byWebSocket.code()).isEqualTo(code);
            assertThat(byWebSocket.body()).contains(sentence.strip().replace("\"", "\\\""));
        }
        try (var bySpdy = here.admin.spdy(path, List.of("v4.channel.k8s.io"))) {
            assertThat(bySpdy.code()).isEqualTo(code);
            assertThat(bySpdy.body()).contains(sentence.strip().replace("\"", "\\\""));
        }
    }

    @Test
    void protocolThatNobodySpeaksIsRefused() throws Exception {
        String exec = "/api/v1/namespaces/default/pods/p/exec?command=true&stdout=true";
        try (var answer = here.admin.webSocket(exec, "v9.channel.k8s.io")) {
            assertThat(answer.code()).isEqualTo(403);
            assertThat(answer.body()).contains("unable to negotiate protocol: client supports [v9.channel.k8s.io]");
        }
        try (var answer = here.admin.webSocket(exec, "SPDY/3.1+portforward.k8s.io")) {
            assertThat(answer.code()).isEqualTo(403);
        }
        try (var answer = here.admin.spdy(exec, List.of("v9.channel.k8s.io"))) {
            assertThat(answer.code()).isEqualTo(403);
            assertThat(answer.body()).contains("unable to negotiate protocol");
        }
        try (var answer = here.admin.spdy(exec, List.of("v5.channel.k8s.io", "v4.channel.k8s.io"))) {
            assertThat(answer.headers()).containsEntry("x-stream-protocol-version", "v4.channel.k8s.io");
        }
    }

    @Test
    void runningSomethingIsACreateWhateverTheMethod() throws Exception {
        allow("reader", "get");
        allow("runner", "create");
        for (String what : List.of("exec?command=true&stdout=true", "attach?stdout=true", "portforward?ports=7")) {
            String path = "/api/v1/namespaces/default/pods/p/" + what;
            String protocol = what.startsWith("port") ? "SPDY/3.1+portforward.k8s.io" : "v5.channel.k8s.io";
            try (var read = as("reader").webSocket(path, protocol);
                    var readBySpdy = as("reader").spdy(path, List.of("v4.channel.k8s.io", "portforward.k8s.io"));
                    var run = as("runner").webSocket(path, protocol)) {
                assertThat(read.code()).as(what).isEqualTo(403);
                assertThat(read.body()).contains("cannot create resource \\\"pods/" + what.split("\\?")[0]);
                assertThat(readBySpdy.code()).isEqualTo(403);
                assertThat(run.code()).isEqualTo(101);
            }
        }
    }

    @Test
    void commandEndsWithItsContainer() throws Exception {
        pod("short", "{name: main, image: \"server:1\"}");
        await().atMost(SOON).until(() -> ready("short"));
        try (var session = CommandClient.open(
                here.admin,
                Protocol.WEBSOCKET_V5,
                "/api/v1/namespaces/default/pods/short/exec?command=sleep&command=1000&stdout=true")) {
            session.read();
            await().atMost(SOON).until(() -> here.runtime.openStreams() == 1);
            here.cluster.client.of(Pod.class).delete("default", "short");
            session.await();
            assertThat(session.text(Channel.ERROR)).contains("\"message\":\"137\"");
        }
    }

    private static UpgradeClient as(String user) {
        return here.client(user, "people");
    }

    private static void allow(String user, String verb) {
        here.cluster.client.raw(
                "POST",
                "/apis/rbac.authorization.k8s.io/v1/namespaces/default/roles",
                "application/json",
                ("{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"Role\",\"metadata\":{\"name\":\"" + user
                                + "\"},\"rules\":[{\"apiGroups\":[\"\"],\"resources\":[\"pods/exec\",\"pods/attach\","
                                + "\"pods/portforward\"],\"verbs\":[\"" + verb + "\"]}]}")
                        .getBytes(StandardCharsets.UTF_8));
        here.cluster.client.raw(
                "POST",
                "/apis/rbac.authorization.k8s.io/v1/namespaces/default/rolebindings",
                "application/json",
                ("{\"apiVersion\":\"rbac.authorization.k8s.io/v1\",\"kind\":\"RoleBinding\",\"metadata\":{\"name\":\""
                                + user
                                + "\"},\"roleRef\":{\"apiGroup\":\"rbac.authorization.k8s.io\",\"kind\":\"Role\","
                                + "\"name\":\"" + user + "\"},\"subjects\":[{\"kind\":\"User\",\"name\":\"" + user
                                + "\",\"apiGroup\":\"rbac.authorization.k8s.io\"}]}")
                        .getBytes(StandardCharsets.UTF_8));
    }

    private static CommandClient exec(Protocol protocol, String streams, String... command) throws IOException {
        var path = new StringBuilder("/api/v1/namespaces/default/pods/p/exec?").append(streams);
        for (String word : command) {
            path.append("&command=").append(URLEncoder.encode(word, StandardCharsets.UTF_8));
        }
        return CommandClient.open(here.admin, protocol, path.toString());
    }

    private static boolean ready(String name) {
        Pod pod = here.cluster.pod(name);
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private static void pod(String name, String containers) {
        create(name, containers, "nodeName: node-a, ");
    }

    private static void create(String name, String containers, String node) {
        here.create(
                name,
                node + "restartPolicy: Never, terminationGracePeriodSeconds: 1, containers: [" + containers + "]");
    }
}
