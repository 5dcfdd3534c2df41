package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The devices a pod claims, and which of its containers use them; how containers take new resources. Pure. */
final class ClaimRules {

    private ClaimRules() {}

    static void validate(Place spec, Problems problems) {
        Set<String> names = new HashSet<>();
        for (Place claim : spec.items("resourceClaims")) {
            Place name = claim.get("name");
            if (problems.require(name, "")) {
                problems.check(name, Problems::dnsLabel);
                if (!names.add(name.text())) {
                    problems.duplicate(name);
                }
            }
            boolean direct = claim.has("resourceClaimName");
            boolean template = claim.has("resourceClaimTemplateName");
            if (direct && template) {
                problems.invalid(
                        claim, "at most one of `resourceClaimName` or `resourceClaimTemplateName` may be specified");
            } else if (!direct && !template) {
                problems.invalid(claim, "must specify one of: `resourceClaimName`, `resourceClaimTemplateName`");
            } else {
                problems.check(
                        claim.get(direct ? "resourceClaimName" : "resourceClaimTemplateName"), Names::dnsSubdomain);
            }
        }
        for (String list : List.of("containers", "initContainers")) {
            for (Place container : spec.items(list)) {
                uses(container.get("resources", "claims"), names, problems);
                resizePolicies(container.get("resizePolicy"), spec.text("restartPolicy"), problems);
            }
        }
    }

    private static void uses(Place claims, Set<String> names, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (Place claim : claims.items()) {
            Place name = claim.get("name");
            if (name.empty()) {
                problems.required(name);
            } else if (!seen.add(name.text() + "/" + claim.text("request"))) {
                problems.duplicate(
                        claim,
                        claim.text("request").isEmpty() ? name.text() : name.text() + "/" + claim.text("request"));
            } else if (!names.contains(name.text())) {
                problems.notFound(name);
            }
        }
    }

    private static void resizePolicies(Place policies, String podRestart, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (Place policy : policies.items()) {
            Place resource = policy.get("resourceName");
            if (!seen.add(resource.text())) {
                problems.duplicate(policy.at(policies.path()), resource.text());
            }
            problems.supported(resource, List.of("cpu", "memory"));
            Place restart = policy.get("restartPolicy");
            if (problems.require(restart, "")) {
                problems.supported(restart, List.of("NotRequired", "RestartContainer"));
                if (podRestart.equals("Never") && !restart.text().equals("NotRequired")) {
                    problems.invalid(
                            restart.at(policies.path()), "must be 'NotRequired' when `restartPolicy` is 'Never'");
                }
            }
        }
    }
}
