package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A claim keeps its volume and a volume its claim; a pod is put where its volumes are; and in the end volumes whose claims
 * are gone are gone too. Stateless.
 */
final class VolumesAreKept implements Invariant {

    private static final String CLAIMS = "persistentvolumeclaims";
    private static final String VOLUMES = "persistentvolumes";

    @Override
    public String name() {
        return "volumes are kept";
    }

    @Override
    public List<Finding> changed(Change change, State state) {
        JsonNode after = change.after();
        if (after == null) {
            return List.of();
        }
        return switch (change.id().plural()) {
            case CLAIMS -> keeps(change, "/spec/volumeName");
            case VOLUMES -> keeps(change, "/spec/claimRef/uid");
            case "pods" -> placed(change, after, state);
            default -> List.of();
        };
    }

    private static List<Finding> keeps(Change change, String field) {
        JsonNode before = change.before();
        JsonNode after = change.after();
        if (before == null || after == null || !Objects.uid(before).equals(Objects.uid(after))) {
            return List.of();
        }
        String was = before.at(field).asText("");
        String is = after.at(field).asText("");
        return was.isEmpty() || was.equals(is)
                ? List.of()
                : List.of(new Finding(change.id(), field + " was " + was + " and is " + is));
    }

    private static List<Finding> placed(Change change, JsonNode pod, State state) {
        JsonNode before = change.before();
        String node = Objects.node(pod);
        if (node.isEmpty() || before != null && !Objects.node(before).isEmpty()) {
            return List.of();
        }
        var found = new ArrayList<Finding>();
        for (JsonNode volume : pod.at("/spec/volumes")) {
            String claim = volume.at("/persistentVolumeClaim/claimName").asText("");
            if (!claim.isEmpty()) {
                Optional<String> home = state.get(
                                new ObjectId(CLAIMS, change.id().namespace(), claim))
                        .map(object -> object.at("/spec/volumeName").asText(""))
                        .flatMap(name -> state.get(new ObjectId(VOLUMES, "", name)))
                        .map(VolumesAreKept::home);
                if (home.isEmpty()) {
                    found.add(new Finding(change.id(), "was bound to " + node + " before its claim " + claim + " was"));
                } else if (!home.get().equals(node)) {
                    found.add(new Finding(
                            change.id(), "was bound to " + node + ", its claim " + claim + " is on " + home.get()));
                }
            }
        }
        return found;
    }

    private static String home(JsonNode volume) {
        return volume.at("/spec/nodeAffinity/required/nodeSelectorTerms/0/matchExpressions/0/values/0")
                .asText("");
    }

    @Override
    public List<Finding> unmet(State state) {
        var open = new ArrayList<Finding>();
        state.all(VOLUMES).forEach((id, volume) -> {
            String claim = volume.at("/spec/claimRef/uid").asText("");
            if (!claim.isEmpty() && !state.hasUid(claim)) {
                open.add(new Finding(id, "is still there, its claim is not: " + Objects.summary(volume)));
            }
        });
        return open;
    }
}
