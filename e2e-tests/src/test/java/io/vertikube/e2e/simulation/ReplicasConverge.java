package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * Every workload comes to have the ready pods it wants, of its newest template, and no others; and says so in its
 * status. Stateless.
 */
final class ReplicasConverge implements Invariant {

    @Override
    public String name() {
        return "replicas converge";
    }

    @Override
    public List<Finding> unmet(State state) {
        var open = new ArrayList<Finding>();
        state.all("deployments").forEach((id, object) -> {
            int wanted = object.at("/spec/replicas").asInt(1);
            int pods = 0;
            int ready = 0;
            for (JsonNode set : state.owned("replicasets", id.namespace(), Objects.uid(object))) {
                List<JsonNode> own = pods(state, id, set);
                pods += own.size();
                ready += count(own);
            }
            check(open, id, object, wanted, pods, ready, "readyReplicas", "updatedReplicas");
        });
        whole(state, open, "statefulsets", object -> object.at("/spec/replicas").asInt(1));
        whole(state, open, "replicasets", object -> object.at("/spec/replicas").asInt(1));
        int nodes = state.all("nodes").size();
        state.all("daemonsets").forEach((id, object) -> {
            List<JsonNode> own = pods(state, id, object);
            check(open, id, object, nodes, own.size(), count(own), "numberReady", "updatedNumberScheduled");
        });
        return open;
    }

    private static void whole(State state, List<Finding> open, String plural, ToIntFunction<JsonNode> wants) {
        state.all(plural).forEach((id, object) -> {
            List<JsonNode> own = pods(state, id, object);
            check(open, id, object, wants.applyAsInt(object), own.size(), count(own), "readyReplicas", "");
        });
    }

    private static void check(
            List<Finding> open,
            ObjectId id,
            JsonNode object,
            int wanted,
            int pods,
            int ready,
            String readyField,
            String updatedField) {
        JsonNode status = object.path("status");
        boolean settled = pods == wanted
                && ready == wanted
                && status.path(readyField).asInt() == wanted
                && (updatedField.isEmpty() || status.path(updatedField).asInt() == wanted)
                && status.path("observedGeneration").asLong()
                        == object.at("/metadata/generation").asLong();
        if (!settled) {
            open.add(new Finding(
                    id,
                    "wants " + wanted + " pods, has " + pods + " of which " + ready + " are ready; it says "
                            + Objects.summary(object)));
        }
    }

    private static List<JsonNode> pods(State state, ObjectId owner, JsonNode object) {
        return state.owned("pods", owner.namespace(), Objects.uid(object)).stream()
                .filter(pod -> !Objects.over(pod))
                .toList();
    }

    private static int count(List<JsonNode> pods) {
        return (int) pods.stream().filter(Objects::healthy).count();
    }
}
