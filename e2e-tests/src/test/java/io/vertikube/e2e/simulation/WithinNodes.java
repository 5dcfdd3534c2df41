package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.value.PodResources;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The pods of a node never ask for more than it can give, and are never more than it takes. What a pod asks for is
 * counted from its binding until it is over or gone. Confined to the history's lock.
 */
final class WithinNodes implements Invariant {

    private record Share(String node, Map<String, BigDecimal> asked) {}

    private final Map<ObjectId, Share> shares = new HashMap<>();
    private final Map<String, Map<String, BigDecimal>> used = new HashMap<>();

    @Override
    public String name() {
        return "within nodes";
    }

    @Override
    public List<Finding> changed(Change change, State state) {
        if (!change.id().plural().equals("pods")) {
            return List.of();
        }
        Share before = shares.remove(change.id());
        if (before != null) {
            add(before, BigDecimal.ONE.negate());
        }
        JsonNode pod = change.after();
        if (pod == null || Objects.node(pod).isEmpty() || Objects.over(pod)) {
            return List.of();
        }
        var asked = new HashMap<>(PodResources.total(pod.path("spec"), "requests"));
        asked.put("pods", BigDecimal.ONE);
        var share = new Share(Objects.node(pod), asked);
        shares.put(change.id(), share);
        add(share, BigDecimal.ONE);
        return before != null ? List.of() : check(change.id(), share.node, state);
    }

    private List<Finding> check(ObjectId pod, String name, State state) {
        var found = new ArrayList<Finding>();
        state.get(new ObjectId("nodes", "", name)).ifPresent(node -> {
            Map<String, BigDecimal> has = PodResources.quantities(node.at("/status/allocatable"));
            used.getOrDefault(name, Map.of()).forEach((resource, sum) -> {
                BigDecimal most = has.getOrDefault(resource, BigDecimal.ZERO);
                if (sum.compareTo(most) > 0) {
                    found.add(new Finding(
                            pod,
                            "its node " + name + " has " + most + " of " + resource + ", its pods ask for " + sum));
                }
            });
        });
        return found;
    }

    private void add(Share share, BigDecimal sign) {
        Map<String, BigDecimal> sums = used.computeIfAbsent(share.node, n -> new HashMap<>());
        share.asked.forEach((resource, amount) -> sums.merge(resource, amount.multiply(sign), BigDecimal::add));
    }
}
