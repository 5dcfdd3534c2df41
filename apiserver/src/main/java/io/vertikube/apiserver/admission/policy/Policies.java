package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.match.Seen;
import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.authz.ParsedObjects;
import io.vertikube.apiserver.cel.RequestValues;
import io.vertikube.apiserver.openapi.Once;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The policies and bindings that are stored, and which of them are for a write. Safe for any thread.
 *
 * @param <P> what a policy is compiled to
 */
final class Policies<P> {

    /** A policy for a write, in the version that it wants to see, with those of its bindings that are for it too. */
    record Match<P>(Policy policy, Supplier<P> program, Seen seen, List<Binding> bindings) {}

    private record Stored<P>(Policy policy, Supplier<P> program) {}

    private final Surroundings surroundings;
    private final ParsedObjects<Stored<P>> policies;
    private final ParsedObjects<Binding> bindings;

    /**
     * @param plural {@code validatingadmissionpolicies} or the mutating ones
     * @param compile called when the first write comes that a policy is about
     */
    Policies(Surroundings surroundings, String plural, String bindingPlural, Function<Policy, P> compile) {
        this.surroundings = surroundings;
        String prefix = "/registry/admissionregistration.k8s.io/";
        this.policies = new ParsedObjects<>(prefix + plural + "/", stored -> {
            Policy policy = Policy.of(stored, surroundings.engine());
            return new Stored<>(policy, new Once<>(() -> compile.apply(policy)));
        });
        this.bindings = new ParsedObjects<>(prefix + bindingPlural + "/", Binding::of);
    }

    /** In the order of their names; a policy without a binding is none. */
    List<Match<P>> of(AdmissionRequest request, Snapshot now) {
        if (surroundings.isExempt(request)) {
            return List.of();
        }
        Map<String, Binding> bound = bindings.read(now);
        if (bound.isEmpty()) {
            return List.of();
        }
        List<Binding> ordered = List.copyOf(new TreeMap<>(bound).values());
        List<Match<P>> matches = new ArrayList<>();
        for (Stored<P> stored : new TreeMap<>(policies.read(now)).values()) {
            Policy policy = stored.policy();
            List<Binding> its = ordered.stream()
                    .filter(binding -> binding.policy().equals(policy.name()))
                    .filter(binding ->
                            surroundings.seen(binding.criteria(), request, now).isPresent())
                    .toList();
            if (!its.isEmpty()) {
                surroundings
                        .seen(policy.criteria(), request, now)
                        .ifPresent(seen -> matches.add(new Match<>(policy, stored.program(), seen, its)));
            }
        }
        return matches;
    }

    /** What expressions see of a write beside its parameters and variables. */
    static Map<String, Object> values(Seen seen, Snapshot now) {
        AdmissionRequest request = seen.request();
        boolean within = !request.namespace().isEmpty() && !request.isForAnyPartOf("", "namespaces");
        @Nullable
        ObjectNode namespace = within
                ? now.get("/registry/core/namespaces/" + request.namespace())
                        .map(StoredObject::tree)
                        .orElse(null)
                : null;
        Map<String, Object> values = seen.values();
        values.put("namespaceObject", RequestValues.namespace(namespace));
        return values;
    }

    /** Adds parameters and variables for one evaluation. */
    static void complete(Map<String, Object> values, Policy policy, Optional<ObjectNode> params) {
        values.put("params", RequestValues.value(params.orElse(null)));
        RequestValues.define(policy.body().get().variables(), values);
    }
}
