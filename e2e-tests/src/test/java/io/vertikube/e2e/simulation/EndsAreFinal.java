package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * What has ended does not begin again: a pod that succeeded or failed, a job that completed or failed, an object that
 * is being deleted. And an object stays the same object until it is gone. Stateless.
 */
final class EndsAreFinal implements Invariant {

    @Override
    public String name() {
        return "ends are final";
    }

    @Override
    public List<Finding> changed(Change change, State state) {
        JsonNode before = change.before();
        JsonNode after = change.after();
        if (before == null || after == null) {
            return List.of();
        }
        var found = new ArrayList<Finding>();
        if (!Objects.uid(before).equals(Objects.uid(after))) {
            found.add(new Finding(
                    change.id(), "became another object, from " + Objects.uid(before) + " to " + Objects.uid(after)));
        }
        if (Objects.ending(before) && !Objects.ending(after)) {
            found.add(new Finding(change.id(), "was being deleted and is no longer"));
        }
        if (change.id().plural().equals("pods")
                && Objects.over(before)
                && !Objects.phase(before).equals(Objects.phase(after))) {
            found.add(new Finding(change.id(), "was " + Objects.phase(before) + " and is " + Objects.phase(after)));
        }
        if (change.id().plural().equals("jobs")) {
            for (String end : List.of("Complete", "Failed")) {
                if (Objects.condition(before, end) && !Objects.condition(after, end)) {
                    found.add(new Finding(change.id(), "was " + end + " and is no longer"));
                }
            }
        }
        return found;
    }
}
