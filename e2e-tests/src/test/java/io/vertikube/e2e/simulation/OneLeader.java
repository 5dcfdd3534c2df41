package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Nobody takes the lead of scheduling or controlling before whoever had it has given it up or let it run out. Stateless. */
final class OneLeader implements Invariant {

    private static final Set<String> LEADS = Set.of("kube-scheduler", "kube-controller-manager");

    @Override
    public String name() {
        return "one leader";
    }

    @Override
    public List<Finding> changed(Change change, State state) {
        JsonNode before = change.before();
        JsonNode after = change.after();
        boolean lead = change.id().plural().equals("leases")
                && LEADS.contains(change.id().name());
        if (!lead || before == null || after == null) {
            return List.of();
        }
        String was = holder(before);
        if (was.isEmpty() || holder(after).isEmpty() || was.equals(holder(after))) {
            return List.of();
        }
        Instant until = Instant.parse(before.at("/spec/renewTime").asText())
                .plus(Duration.ofSeconds(before.at("/spec/leaseDurationSeconds").asInt()));
        return change.at().isBefore(until)
                ? List.of(new Finding(
                        change.id(), holder(after) + " took the lead, which " + was + " had until " + until))
                : List.of();
    }

    private static String holder(JsonNode lease) {
        return lease.at("/spec/holderIdentity").asText("");
    }
}
