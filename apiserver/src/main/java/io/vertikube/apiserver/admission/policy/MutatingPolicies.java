package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.match.Conditions.Outcome;
import io.vertikube.apiserver.admission.match.Renewal;
import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.object.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Mutating admission policies, before the webhooks: one after the other, each mutation sees what those before it did. Those
 * that ask for it are asked once more if another has changed the object after them. Runs on virtual threads, safe for any.
 */
public final class MutatingPolicies implements AdmissionPlugin {

    /** One use of a policy, of which the object is remembered as it left it. */
    private record Use(String policy, String binding, Optional<JsonNode> params) {}

    private final Surroundings surroundings;
    private final Renewal renewal;
    private final Schemas schemas;
    private final Policies<List<Mutation>> policies;

    public MutatingPolicies(Surroundings surroundings, Renewal renewal, Schemas schemas) {
        this.surroundings = surroundings;
        this.renewal = renewal;
        this.schemas = schemas;
        this.policies = new Policies<>(
                surroundings,
                "mutatingadmissionpolicies",
                "mutatingadmissionpolicybindings",
                MutatingPolicies::mutations);
    }

    private static List<Mutation> mutations(Policy policy) {
        List<Mutation> mutations = new ArrayList<>();
        policy.spec()
                .path("mutations")
                .forEach(m -> mutations.add(Mutation.of(m, policy.body().get())));
        return List.copyOf(mutations);
    }

    @Override
    public String name() {
        return "MutatingAdmissionPolicy";
    }

    @Override
    public boolean mutatesAgain() {
        return true;
    }

    @Override
    public void mutate(AdmissionRequest request) {
        if (request.object() == null) {
            return;
        }
        Snapshot now = surroundings.now();
        for (Policies.Match<List<Mutation>> match : policies.of(request, now)) {
            for (Binding binding : match.bindings()) {
                try {
                    for (Optional<ObjectNode> params : Params.of(match.policy(), binding, request, surroundings, now)) {
                        use(match, binding, params, now);
                    }
                } catch (Params.Missing e) {
                    fail(match, binding, "failed to configure binding: " + e.getMessage());
                }
            }
        }
    }

    private void use(Policies.Match<List<Mutation>> match, Binding binding, Optional<ObjectNode> params, Snapshot now) {
        AdmissionRequest request = match.seen().request();
        var use = new Use(
                match.policy().name(),
                binding.name(),
                params.map(node -> node.path("metadata").path("uid")));
        boolean wantsAgain =
                match.policy().spec().path("reinvocationPolicy").asText().equals("IfNeeded");
        boolean turn =
                !request.notes().again() || (wantsAgain && request.notes().changedSince(use, request.shown()));
        if (turn) {
            change(match, binding, params, now);
            request.notes().leave(use, request.shown().deepCopy());
        }
    }

    private void change(
            Policies.Match<List<Mutation>> match, Binding binding, Optional<ObjectNode> params, Snapshot now) {
        CelLimits limits = surroundings.engine().get().limits();
        var purse = new Purse(limits);
        boolean first = true;
        for (Mutation mutation : match.program().get()) {
            Map<String, Object> values = Policies.values(match.seen(), now);
            Policies.complete(values, match.policy(), params);
            if (first && !wanted(match, binding, values, limits)) {
                return;
            }
            first = false;
            ObjectNode object = match.seen().object();
            if (object == null) {
                return;
            }
            try {
                renewal.take(match.seen(), mutation.changed(match.seen(), object, values, purse, schemas));
            } catch (Purse.NoValue | ApiException e) {
                fail(match, binding, String.valueOf(e.getMessage()));
                return;
            }
        }
    }

    private static boolean wanted(
            Policies.Match<List<Mutation>> match, Binding binding, Map<String, Object> values, CelLimits limits) {
        return switch (match.policy().body().get().conditions().judge(values, limits)) {
            case Outcome.Hold() -> true;
            case Outcome.DoNotHold() -> false;
            case Outcome.Failed(String why) -> {
                fail(match, binding, why);
                yield false;
            }
        };
    }

    private static void fail(Policies.Match<List<Mutation>> match, Binding binding, String why) {
        if (!match.policy().ignoresFailures()) {
            throw Refusals.of(
                    match.seen().request(),
                    "Invalid",
                    "policy '" + match.policy().name() + "' with binding '" + binding.name() + "' denied request: "
                            + why);
        }
    }
}
