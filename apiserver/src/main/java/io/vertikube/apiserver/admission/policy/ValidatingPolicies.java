package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionPlugin;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.admission.match.Surroundings;
import io.vertikube.apiserver.cel.CelLimits;
import io.vertikube.apiserver.storage.Snapshot;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Validating admission policies: every binding of every policy that is about a write is asked, once for each of its
 * parameters. Runs on virtual threads, safe for any.
 */
public final class ValidatingPolicies implements AdmissionPlugin {

    private final Surroundings surroundings;
    private final Policies<ValidatingProgram> policies;

    public ValidatingPolicies(Surroundings surroundings) {
        this.surroundings = surroundings;
        this.policies = new Policies<>(
                surroundings,
                "validatingadmissionpolicies",
                "validatingadmissionpolicybindings",
                ValidatingProgram::new);
    }

    @Override
    public String name() {
        return "ValidatingAdmissionPolicy";
    }

    @Override
    public void validate(AdmissionRequest request) {
        Snapshot now = surroundings.now();
        List<Policies.Match<ValidatingProgram>> matches = policies.of(request, now);
        if (matches.isEmpty()) {
            return;
        }
        var verdict = new Verdict(request);
        for (Policies.Match<ValidatingProgram> match : matches) {
            Map<String, Object> values = Policies.values(match.seen(), now);
            for (Binding binding : match.bindings()) {
                ask(match, binding, values, now, verdict);
            }
        }
        verdict.pronounce();
    }

    private void ask(
            Policies.Match<ValidatingProgram> match,
            Binding binding,
            Map<String, Object> values,
            Snapshot now,
            Verdict verdict) {
        Policy policy = match.policy();
        CelLimits limits = surroundings.engine().get().limits();
        try {
            for (Optional<ObjectNode> params :
                    Params.of(policy, binding, match.seen().request(), surroundings, now)) {
                Policies.complete(values, policy, params);
                verdict.add(policy, binding, match.program().get().judge(values, limits));
            }
        } catch (Params.Missing e) {
            verdict.misconfigured(policy, binding, String.valueOf(e.getMessage()));
        }
    }
}
