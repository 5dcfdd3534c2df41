package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.client.PatchType;
import io.vertikube.client.UnreachableException;
import io.vertikube.object.ApiException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;

/** Does the steps of a plan to a cluster. One thread at a time. */
final class StepRunner {

    private static final int TRIES = 40;
    private static final Duration BETWEEN_TRIES = Duration.ofSeconds(1);

    private final Cluster cluster;
    private int evicted;
    private int refused;

    StepRunner(Cluster cluster) {
        this.cluster = cluster;
    }

    int evicted() {
        return evicted;
    }

    int refused() {
        return refused;
    }

    /** Does all of a step but the waiting that a calm is. */
    void run(Step step) throws Exception {
        switch (step) {
            case Step.Create(Workload workload) -> create(workload);
            case Step.Change(Workload workload) -> patch(workload.path(), workload.patch());
            case Step.Delete(Workload workload, String propagation) -> delete(workload, propagation);
            case Step.Sweep(Workload workload) -> sweep(workload);
            case Step.DeleteNamespace(String namespace) ->
                request("DELETE", "/api/v1/namespaces/" + namespace, null, null);
            case Step.CreateNamespace(String namespace) -> createNamespace(namespace);
            case Step.Evict(Workload workload, int count) -> evict(workload, count);
            case Step.Drain(String node) -> drain(node);
            case Step.Uncordon(String node) -> cordon(node, false);
            case Step.Crash(String node) -> cluster.fleet().crash(node);
            case Step.CutOff(String node) -> cluster.fleet().node(node).become(SimulatedNode.Fate.CUT_OFF);
            case Step.Return(String node) -> cluster.fleet().wake(node);
            case Step.Forget(String node) -> request("DELETE", "/api/v1/nodes/" + node, null, null);
            case Step.RestartServer() -> cluster.restartServer();
            case Step.KillScheduler() -> cluster.killScheduler();
            case Step.StartScheduler() -> cluster.startScheduler();
            case Step.KillControllers() -> cluster.killControllers();
            case Step.StartControllers() -> cluster.startControllers();
            case Step.BreakWatches() -> cluster.server().faults().cutWatches();
            case Step.FailRequests(int count) -> cluster.server().faults().failNextRequests(count);
            case Step.Conflicts(int count) -> cluster.server().faults().conflictNextWrites(count);
            case Step.Calm() -> calm();
        }
    }

    private void calm() throws Exception {
        cluster.server().faults().failNextRequests(0);
        cluster.server().faults().conflictNextWrites(0);
        List<String> cordoned = cluster.history()
                .read(state -> state.all("nodes").entrySet().stream()
                        .filter(node ->
                                node.getValue().at("/spec/unschedulable").asBoolean())
                        .map(node -> node.getKey().name())
                        .toList());
        cluster.startAll();
        for (SimulatedNode node : cluster.fleet().nodes()) {
            if (!node.up()) {
                cluster.fleet().wake(node.name());
            }
        }
        for (String node : cordoned) {
            cordon(node, false);
        }
    }

    private void create(Workload workload) throws Exception {
        if (workload.budget() > 0) {
            request(
                    "POST",
                    "/apis/policy/v1/namespaces/" + workload.namespace() + "/poddisruptionbudgets",
                    "application/json",
                    workload.budgetJson());
        }
        request("POST", workload.collection(), "application/json", workload.json());
    }

    private void delete(Workload workload, String propagation) throws Exception {
        request(
                "DELETE",
                workload.path(),
                "application/json",
                "{\"apiVersion\":\"v1\",\"kind\":\"DeleteOptions\",\"propagationPolicy\":\"" + propagation + "\"}");
        if (workload.budget() > 0) {
            request(
                    "DELETE",
                    "/apis/policy/v1/namespaces/" + workload.namespace() + "/poddisruptionbudgets/" + workload.name(),
                    null,
                    null);
        }
    }

    /** What owned pods goes first, or it would make new ones. */
    private void sweep(Workload workload) throws Exception {
        String which = "?labelSelector=app%3D" + workload.name();
        String apps = "/apis/apps/v1/namespaces/" + workload.namespace();
        request("DELETE", apps + "/replicasets" + which, null, null);
        request("DELETE", apps + "/controllerrevisions" + which, null, null);
        String core = "/api/v1/namespaces/" + workload.namespace();
        request("DELETE", core + "/pods" + which, null, null);
        request("DELETE", core + "/persistentvolumeclaims" + which, null, null);
    }

    /** With the account that pods run as, as in {@code TestServer.namespace}. */
    private void createNamespace(String name) throws Exception {
        String named = "{\"metadata\":{\"name\":\"%s\"}}";
        request("POST", "/api/v1/namespaces", "application/json", named.formatted(name));
        request(
                "POST",
                "/api/v1/namespaces/" + name + "/serviceaccounts",
                "application/json",
                named.formatted("default"));
    }

    private void evict(Workload workload, int count) throws Exception {
        List<JsonNode> pods =
                pods(pod -> pod.at("/metadata/labels/app").asText().equals(workload.name())
                        && pod.at("/metadata/namespace").asText().equals(workload.namespace()));
        for (JsonNode pod : pods.subList(0, Math.min(count, pods.size()))) {
            evict(pod);
        }
    }

    private void drain(String node) throws Exception {
        List<JsonNode> there = pods(pod -> Objects.node(pod).equals(node));
        cordon(node, true);
        for (JsonNode pod : there) {
            boolean ofDaemonSet =
                    pod.at("/metadata/ownerReferences/0/kind").asText().equals("DaemonSet");
            if (!ofDaemonSet) {
                evict(pod);
            }
        }
    }

    private void evict(JsonNode pod) throws Exception {
        String name = pod.at("/metadata/name").asText();
        String namespace = pod.at("/metadata/namespace").asText();
        cluster.invariants().budgets().evicting(Objects.uid(pod), true);
        boolean done = request(
                "POST",
                "/api/v1/namespaces/" + namespace + "/pods/" + name + "/eviction",
                "application/json",
                "{\"apiVersion\":\"policy/v1\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"" + name
                        + "\"},\"deleteOptions\":{\"preconditions\":{\"uid\":\"" + Objects.uid(pod) + "\"}}}");
        if (done) {
            evicted++;
        } else {
            refused++;
            cluster.invariants().budgets().evicting(Objects.uid(pod), false);
        }
    }

    private void cordon(String node, boolean closed) throws Exception {
        patch("/api/v1/nodes/" + node, "{\"spec\":{\"unschedulable\":" + closed + "}}");
    }

    private void patch(String path, String body) throws Exception {
        request("PATCH", path, PatchType.MERGE.mediaType(), body);
    }

    private List<JsonNode> pods(java.util.function.Predicate<JsonNode> which) {
        return cluster.history()
                .read(state -> state.all("pods").entrySet().stream()
                        .map(Map.Entry::getValue)
                        .filter(which)
                        .filter(pod -> !Objects.over(pod)
                                && !Objects.ending(pod)
                                && !Objects.node(pod).isEmpty())
                        .toList());
    }

    /**
     * Sends until there is an answer; a server that is away is a fault of the plan.
     *
     * @return false if it was refused for being gone or for a budget
     */
    private boolean request(
            String method,
            String path,
            @org.jspecify.annotations.Nullable String type,
            @org.jspecify.annotations.Nullable String body)
            throws Exception {
        byte[] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        return persist(() -> {
            cluster.driver().raw(method, path, type, bytes);
            return true;
        });
    }

    private boolean persist(Callable<Boolean> call) throws Exception {
        for (int left = TRIES; ; left--) {
            try {
                return call.call();
            } catch (ApiException e) {
                if (e.isNotFound() || e.code() == 429 || e.isAlreadyExists()) {
                    return false;
                }
                if (left == 0 || (!e.isConflict() && e.code() < 500)) {
                    throw e;
                }
            } catch (UnreachableException e) {
                if (left == 0) {
                    throw e;
                }
            }
            cluster.time().sleep(BETWEEN_TRIES);
        }
    }
}
