package io.vertikube.apiserver.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a pod is doing in one word, how many of its containers are ready, and how often they were started again. Immutable.
 *
 * @param word such as {@code Running}, {@code CrashLoopBackOff}, {@code Init:0/1}, {@code Terminating}
 */
record PodStatus(
        String word,
        long ready,
        long containers,
        long restarts,
        @Nullable Instant lastRestart) {

    static PodStatus of(Row pod) {
        var count = new Count(pod);
        String word = count.wordOfContainers(count.wordOfPod());
        if (pod.has("metadata.deletionTimestamp")) {
            if (pod.text("status.reason").equals("NodeLost")) {
                word = "Unknown";
            } else if (!ended(pod)) {
                word = "Terminating";
            }
        }
        return new PodStatus(word, count.ready, count.containers, count.restarts, count.lastRestart);
    }

    /** Clients grey out pods that are done. */
    static Optional<ObjectNode> rowCondition(Row row) {
        String phase = row.text("status.phase");
        boolean pod = row.at("spec.containers").isArray();
        if (!pod || !ended(row)) {
            return Optional.empty();
        }
        boolean succeeded = phase.equals("Succeeded");
        return Optional.of(JsonNodeFactory.instance
                .objectNode()
                .put("type", "Completed")
                .put("status", "True")
                .put("reason", phase)
                .put("message", succeeded ? "The pod has completed successfully." : "The pod failed."));
    }

    private static boolean ended(Row pod) {
        String phase = pod.text("status.phase");
        return phase.equals("Succeeded") || phase.equals("Failed");
    }

    static boolean condition(Row pod, String type) {
        for (JsonNode condition : pod.at("status.conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    private static final class Count {
        private final Row pod;
        private final Set<String> sidecars = new HashSet<>();
        private final long containers;
        private long ready;
        private long restarts;
        private @Nullable Instant lastRestart;
        private long sidecarRestarts;
        private @Nullable Instant lastSidecarRestart;

        Count(Row pod) {
            this.pod = pod;
            for (JsonNode init : pod.at("spec.initContainers")) {
                if (init.path("restartPolicy").asText().equals("Always")) {
                    sidecars.add(init.path("name").asText());
                }
            }
            containers = pod.count("spec.containers") + sidecars.size();
        }

        String wordOfPod() {
            for (JsonNode condition : pod.at("status.conditions")) {
                if (condition.path("type").asText().equals("PodScheduled")
                        && condition.path("reason").asText().equals("SchedulingGated")) {
                    return "SchedulingGated";
                }
            }
            return pod.text("status.reason", pod.text("status.phase"));
        }

        String wordOfContainers(String podWord) {
            Optional<String> initializing = wordOfInitContainers();
            if (initializing.isPresent() && !condition(pod, "Initialized")) {
                return initializing.get();
            }
            restarts = sidecarRestarts;
            lastRestart = lastSidecarRestart;
            String word = initializing.orElse(podWord);
            boolean running = false;
            JsonNode statuses = pod.at("status.containerStatuses");
            for (int i = statuses.size() - 1; i >= 0; i--) {
                JsonNode status = statuses.path(i);
                countRestarts(status);
                JsonNode state = status.path("state");
                String waiting = state.path("waiting").path("reason").asText();
                if (!waiting.isEmpty()) {
                    word = waiting;
                } else if (state.hasNonNull("terminated")) {
                    word = ended(state.path("terminated"));
                } else if (status.path("ready").asBoolean() && state.hasNonNull("running")) {
                    running = true;
                    ready++;
                }
            }
            if (word.equals("Completed") && running) {
                return condition(pod, "Ready") ? "Running" : "NotReady";
            }
            return word;
        }

        /** What the first init container that is not done says. */
        private Optional<String> wordOfInitContainers() {
            JsonNode statuses = pod.at("status.initContainerStatuses");
            for (int i = 0; i < statuses.size(); i++) {
                JsonNode status = statuses.path(i);
                countRestarts(status);
                boolean sidecar = sidecars.contains(status.path("name").asText());
                if (sidecar) {
                    sidecarRestarts += status.path("restartCount").asLong();
                    lastSidecarRestart = later(lastSidecarRestart, status);
                }
                JsonNode state = status.path("state");
                JsonNode terminated = state.path("terminated");
                if (state.hasNonNull("terminated")
                        && terminated.path("exitCode").asInt() == 0) {
                    continue;
                }
                if (sidecar && status.path("started").asBoolean()) {
                    ready += status.path("ready").asBoolean() ? 1 : 0;
                    continue;
                }
                if (state.hasNonNull("terminated")) {
                    return Optional.of("Init:" + ended(terminated));
                }
                String waiting = state.path("waiting").path("reason").asText();
                return Optional.of(
                        waiting.isEmpty() || waiting.equals("PodInitializing")
                                ? "Init:" + i + "/" + pod.count("spec.initContainers")
                                : "Init:" + waiting);
            }
            return Optional.empty();
        }

        private void countRestarts(JsonNode status) {
            restarts += status.path("restartCount").asLong();
            lastRestart = later(lastRestart, status);
        }

        private static @Nullable Instant later(@Nullable Instant known, JsonNode status) {
            Instant ended = Row.time(status.path("lastState").path("terminated").path("finishedAt"))
                    .orElse(null);
            return ended != null && (known == null || ended.isAfter(known)) ? ended : known;
        }

        private static String ended(JsonNode terminated) {
            String reason = terminated.path("reason").asText();
            if (!reason.isEmpty()) {
                return reason;
            }
            int signal = terminated.path("signal").asInt();
            return signal != 0
                    ? "Signal:" + signal
                    : "ExitCode:" + terminated.path("exitCode").asInt();
        }
    }
}
