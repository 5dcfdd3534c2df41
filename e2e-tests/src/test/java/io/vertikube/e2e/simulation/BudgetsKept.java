package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * An eviction never takes a healthy pod of which its budget has none to spare. Excused is a budget that lost pods in
 * another way since the cluster last was at rest: the server counts what the controller last told it. Confined to the
 * history's lock, but for {@link #evicting}.
 */
final class BudgetsKept implements Invariant {

    private final Set<String> evicting = new HashSet<>();
    private final Set<ObjectId> excused = new HashSet<>();

    @Override
    public String name() {
        return "budgets are kept";
    }

    /** From now on the end of this pod counts as an eviction; until it is taken back. */
    void evicting(String uid, boolean asked) {
        synchronized (evicting) {
            if (asked) {
                evicting.add(uid);
            } else {
                evicting.remove(uid);
            }
        }
    }

    @Override
    public List<Finding> changed(Change change, State state) {
        JsonNode before = change.before();
        if (!change.id().plural().equals("pods") || before == null || !Objects.healthy(before)) {
            return List.of();
        }
        JsonNode after = change.after();
        if (after != null && Objects.healthy(after)) {
            return List.of();
        }
        boolean evicted;
        synchronized (evicting) {
            evicted = evicting.contains(Objects.uid(before)) && (after == null || Objects.ending(after));
        }
        var found = new ArrayList<Finding>();
        for (Map.Entry<ObjectId, JsonNode> entry :
                state.all("poddisruptionbudgets").entrySet()) {
            ObjectId id = entry.getKey();
            JsonNode budget = entry.getValue();
            if (!id.namespace().equals(change.id().namespace())
                    || !Objects.matches(budget.at("/spec/selector"), before)) {
                continue;
            }
            if (!evicted) {
                excused.add(id);
                continue;
            }
            int wanted = wanted(budget);
            long left = state.all("pods").entrySet().stream()
                    .filter(pod -> pod.getKey().namespace().equals(id.namespace()))
                    .filter(pod -> Objects.matches(budget.at("/spec/selector"), pod.getValue()))
                    .filter(pod -> Objects.healthy(pod.getValue()))
                    .count();
            if (left < wanted && !excused.contains(id)) {
                found.add(new Finding(
                        change.id(),
                        "was evicted though " + id + " wants " + wanted + " healthy pods: " + left + " left"));
            }
        }
        return found;
    }

    /** How many pods have to be healthy, as the budget or its controller says. */
    private static int wanted(JsonNode budget) {
        JsonNode min = budget.at("/spec/minAvailable");
        return min.isInt() ? min.asInt() : budget.at("/status/desiredHealthy").asInt();
    }

    @Override
    public List<Finding> settled(State state) {
        excused.clear();
        return List.of();
    }

    @Override
    public List<Finding> unmet(State state) {
        var open = new ArrayList<Finding>();
        state.all("poddisruptionbudgets").forEach((id, budget) -> {
            long healthy = state.all("pods").entrySet().stream()
                    .filter(pod -> pod.getKey().namespace().equals(id.namespace()))
                    .filter(pod -> Objects.matches(budget.at("/spec/selector"), pod.getValue()))
                    .filter(pod -> Objects.healthy(pod.getValue()))
                    .count();
            int said = budget.at("/status/currentHealthy").asInt();
            if (said != healthy) {
                open.add(new Finding(id, "says that " + said + " pods are healthy, " + healthy + " are"));
            }
        });
        return open;
    }
}
