package io.vertikube.e2e.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.e2e.host.Shell;
import io.vertikube.e2e.machine.Kubectl;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.regex.Pattern;

/**
 * All cases at once on one cluster: everything is created with one command, and the cases look at one list of pods and
 * one of events, no older than a second. Safe for any thread.
 */
final class ConformanceRun {

    private static final Duration PATIENCE = Duration.ofSeconds(150);
    private static final long LOOK_NANOS = 1_000_000_000;
    private static final int KUBECTLS = 3;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Kubectl kubectl;
    private final Semaphore turns = new Semaphore(KUBECTLS);
    private long lookedAt = Long.MIN_VALUE;
    private Map<String, JsonNode> pods = Map.of();
    private JsonNode events = JSON.createArrayNode();

    ConformanceRun(Kubectl kubectl) {
        this.kubectl = kubectl;
    }

    /** Creates what the cases need, and their pods. */
    void start(List<ConformanceCase> cases) {
        kubectl.run("create", "namespace", ConformanceCase.NAMESPACE);
        kubectl.run("-n", ConformanceCase.NAMESPACE, "wait", "--for=create", "serviceaccount/default", "--timeout=30s");
        ObjectNode list = JSON.createObjectNode().put("apiVersion", "v1").put("kind", "List");
        ArrayNode items = list.putArray("items");
        cases.forEach(each -> each.objects().forEach(object -> {
            ((ObjectNode) object).withObject("/metadata").put("namespace", ConformanceCase.NAMESPACE);
            items.add(object);
        }));
        // Who names the node is not held back while the node has as many pods as it takes, but refused.
        cases.stream()
                .map(ConformanceCase::pod)
                .sorted(Comparator.comparing(pod -> !pod.path("spec").has("nodeName")))
                .forEach(items::add);
        kubectl.runWithInput(list.toString(), "create", "-f", "-");
    }

    /** Waits until a case came out as it should; an error says how it stands instead. */
    void verify(ConformanceCase what) throws InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        boolean done = !what.expected().has("then");
        while (true) {
            JsonNode pod = pod(what.name());
            try {
                if (!done) {
                    assertThat(logs(what))
                            .containsPattern(what.expected().get("when").asText());
                    then(what);
                    done = true;
                }
                check(what, pod);
                return;
            } catch (AssertionError e) {
                String phase = pod.at("/status/phase").asText();
                boolean ended = phase.equals("Succeeded") || phase.equals("Failed");
                if (System.nanoTime() > deadline || (ended && !phase.equals(what.phase()))) {
                    throw new AssertionError(
                            what.reference() + ": " + what.shows() + "\n" + e.getMessage() + "\nlogs: "
                                    + result("logs", what.name(), "--all-containers")
                                    + "\nstatus: " + pod.path("status"),
                            e);
                }
                Thread.sleep(Duration.ofSeconds(1));
            }
        }
    }

    private void check(ConformanceCase what, JsonNode pod) throws InterruptedException {
        JsonNode expected = what.expected();
        assertThat(pod.at("/status/phase").asText()).isEqualTo(what.phase());
        for (Map.Entry<String, JsonNode> field : expected.path("status").properties()) {
            assertThat(pod.at(field.getKey()).asText())
                    .as(field.getKey())
                    .matches(Pattern.compile(field.getValue().asText(), Pattern.DOTALL));
        }
        for (Map.Entry<String, JsonNode> event : expected.path("events").properties()) {
            assertThat(messages(what.name(), event.getKey()))
                    .as("messages of events " + event.getKey())
                    .anyMatch(message -> Pattern.compile(event.getValue().asText(), Pattern.DOTALL)
                            .matcher(message)
                            .find());
        }
        if (expected.has("logs")) {
            assertThat(logs(what)).isEqualTo(expected.get("logs").asText());
        }
        if (expected.has("find")) {
            assertThat(logs(what)).containsPattern(expected.get("find").asText());
        }
    }

    private void then(ConformanceCase what) throws InterruptedException {
        List<String> arguments = new ArrayList<>();
        what.expected().get("then").forEach(argument -> arguments.add(argument.asText()));
        result(arguments.toArray(new String[0])).orFail();
    }

    private String logs(ConformanceCase what) throws InterruptedException {
        return result("logs", what.name(), "-c", what.expected().path("from").asText("main"))
                .out();
    }

    private Shell.Result result(String... arguments) throws InterruptedException {
        List<String> all = new ArrayList<>(List.of("-n", ConformanceCase.NAMESPACE));
        all.addAll(List.of(arguments));
        turns.acquire();
        try {
            return kubectl.result(all.toArray(new String[0]));
        } finally {
            turns.release();
        }
    }

    private synchronized JsonNode pod(String name) {
        look();
        return pods.getOrDefault(name, JSON.createObjectNode());
    }

    private synchronized List<String> messages(String pod, String reason) {
        List<String> messages = new ArrayList<>();
        events.forEach(event -> {
            if (event.at("/involvedObject/name").asText().equals(pod)
                    && event.path("reason").asText().equals(reason)) {
                messages.add(event.path("message").asText());
            }
        });
        return messages;
    }

    private void look() {
        if (lookedAt != Long.MIN_VALUE && System.nanoTime() - lookedAt < LOOK_NANOS) {
            return;
        }
        Map<String, JsonNode> seen = new HashMap<>();
        list("pods").forEach(pod -> seen.put(pod.at("/metadata/name").asText(), pod));
        pods = seen;
        events = list("events");
        lookedAt = System.nanoTime();
    }

    private JsonNode list(String kind) {
        try {
            return JSON.readTree(
                            kubectl.run("get", "--raw", "/api/v1/namespaces/" + ConformanceCase.NAMESPACE + "/" + kind))
                    .path("items");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
