package io.vertikube.deploy.bench.controllers;

import io.vertikube.client.ApiClient;
import io.vertikube.deploy.bench.load.Processes;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the API server and the controllers have spent so far: CPU time by process, accepted writes by resource. Safe for
 * any thread.
 */
final class Cost {

    private static final Set<String> WRITES = Set.of("POST", "PUT", "PATCH", "DELETE", "DELETECOLLECTION");

    private final ApiClient server;
    private final ApiClient controllers;
    private final long serverPid;
    private final long controllersPid;

    Cost(ApiClient server, ApiClient controllers, long serverPid, long controllersPid) {
        this.server = server;
        this.controllers = controllers;
        this.serverPid = serverPid;
        this.controllersPid = controllersPid;
    }

    /** @throws IllegalStateException if one of the two processes has ended */
    void requireAlive() {
        for (long pid : new long[] {serverPid, controllersPid}) {
            if (ProcessHandle.of(pid).isEmpty()) {
                throw new IllegalStateException("process " + pid + " has ended; its log says why");
            }
        }
    }

    Spent now() {
        return new Spent(
                Processes.cpuMicros(serverPid).orElse(0),
                Processes.cpuMicros(controllersPid).orElse(0),
                Metrics.sums(
                        text(server),
                        "apiserver_request_total",
                        labels -> WRITES.contains(labels.get("verb"))
                                && labels.getOrDefault("code", "").startsWith("2"),
                        "verb",
                        "resource",
                        "subresource"));
    }

    /** Keys that wait, by queue. */
    Map<String, Double> depths() {
        return Metrics.sums(text(controllers), "workqueue_depth", labels -> true, "name");
    }

    private static String text(ApiClient client) {
        return new String(client.raw("GET", "/metrics", null, null, "text/plain"), StandardCharsets.UTF_8);
    }

    /**
     * At one time. Immutable.
     *
     * @param writes accepted ones by verb, resource and subresource, such as {@code PATCH pods status}
     */
    record Spent(long serverMicros, long controllerMicros, Map<String, Double> writes) {

        Spent since(Spent before) {
            Map<String, Double> more = new TreeMap<>();
            writes.forEach((what, count) -> {
                double difference = count - before.writes.getOrDefault(what, 0.0);
                if (difference > 0) {
                    more.put(what, difference);
                }
            });
            return new Spent(serverMicros - before.serverMicros, controllerMicros - before.controllerMicros, more);
        }
    }
}
