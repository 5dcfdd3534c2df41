package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/** An object all of whose owners are gone goes too; those that are orphaned name no owner any more. Stateless. */
final class NothingOutlivesItsOwner implements Invariant {

    @Override
    public String name() {
        return "nothing outlives its owner";
    }

    @Override
    public List<Finding> unmet(State state) {
        var open = new ArrayList<Finding>();
        for (String plural : state.plurals()) {
            state.all(plural).forEach((id, object) -> {
                JsonNode owners = object.at("/metadata/ownerReferences");
                boolean stands = owners.isEmpty();
                for (JsonNode owner : owners) {
                    stands |= state.hasUid(owner.path("uid").asText());
                }
                if (!stands) {
                    open.add(new Finding(id, "is still there, its owners are not: " + owners));
                }
            });
        }
        return open;
    }
}
