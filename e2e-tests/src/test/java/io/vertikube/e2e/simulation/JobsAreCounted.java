package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A job counts each pod once: never fewer than before, never more successes than pods that succeeded or than it wants,
 * and complete is who has them all. Confined to the history's lock.
 */
final class JobsAreCounted implements Invariant {

    private final Map<String, Set<String>> succeeded = new HashMap<>();
    private final Map<String, Set<String>> failed = new HashMap<>();

    @Override
    public String name() {
        return "jobs are counted";
    }

    @Override
    public List<Finding> changed(Change change, State state) {
        JsonNode after = change.after();
        if (after != null && change.id().plural().equals("pods")) {
            note(after);
        }
        if (after == null || !change.id().plural().equals("jobs")) {
            return List.of();
        }
        JsonNode before = change.before();
        var found = new ArrayList<Finding>();
        check(change.id(), before, after, "succeeded", succeeded, found);
        check(change.id(), before, after, "failed", failed, found);
        int wanted = after.at("/spec/completions").asInt(1);
        int have = after.at("/status/succeeded").asInt();
        if (have > wanted) {
            found.add(new Finding(change.id(), have + " pods count as succeeded, it wants " + wanted));
        }
        boolean complete = Objects.condition(after, "Complete");
        if (complete && have < wanted) {
            found.add(new Finding(change.id(), "is complete with " + have + " of " + wanted + " successes"));
        }
        if (complete && Objects.condition(after, "Failed")) {
            found.add(new Finding(change.id(), "is both complete and failed"));
        }
        return found;
    }

    @Override
    public List<Finding> unmet(State state) {
        var open = new ArrayList<Finding>();
        state.all("jobs").forEach((id, job) -> {
            if (!Objects.condition(job, "Complete") && !Objects.condition(job, "Failed")) {
                open.add(new Finding(id, "has not ended: " + Objects.summary(job)));
            }
        });
        return open;
    }

    private void note(JsonNode pod) {
        Map<String, Set<String>> ended =
                switch (Objects.phase(pod)) {
                    case "Succeeded" -> succeeded;
                    case "Failed" -> failed;
                    default -> Map.of();
                };
        if (ended.isEmpty() && !Objects.over(pod)) {
            return;
        }
        for (JsonNode owner : pod.at("/metadata/ownerReferences")) {
            if (owner.path("kind").asText().equals("Job")) {
                ended.computeIfAbsent(owner.path("uid").asText(), u -> new HashSet<>())
                        .add(Objects.uid(pod));
            }
        }
    }

    private static void check(
            ObjectId id,
            @org.jspecify.annotations.Nullable JsonNode before,
            JsonNode after,
            String which,
            Map<String, Set<String>> ended,
            List<Finding> found) {
        int count = after.at("/status/" + which).asInt();
        int was = before == null ? 0 : before.at("/status/" + which).asInt();
        if (count < was) {
            found.add(new Finding(id, "counted " + was + " pods that " + which + ", now " + count));
        }
        int most = ended.getOrDefault(Objects.uid(after), Set.of()).size();
        if (which.equals("succeeded") && count > most) {
            found.add(new Finding(id, "counts " + count + " pods that succeeded, there have been " + most));
        }
    }
}
