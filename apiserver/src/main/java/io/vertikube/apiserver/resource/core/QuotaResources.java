package io.vertikube.apiserver.resource.core;

import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a quota may limit ("Resource Quotas" in the Kubernetes documentation). Pure. */
final class QuotaResources {

    private static final Set<String> COUNTED = Set.of(
            "pods",
            "services",
            "replicationcontrollers",
            "resourcequotas",
            "secrets",
            "configmaps",
            "persistentvolumeclaims",
            "services.nodeports",
            "services.loadbalancers");
    private static final Set<String> AMOUNTS = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.storage",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage");
    private static final Set<String> OF_PODS = Set.of(
            "cpu",
            "memory",
            "ephemeral-storage",
            "requests.cpu",
            "requests.memory",
            "requests.ephemeral-storage",
            "limits.cpu",
            "limits.memory",
            "limits.ephemeral-storage",
            "pods");

    private QuotaResources() {}

    static void validate(Place hard, Problems problems) {
        for (Map.Entry<String, Place> entry : hard.entries().entrySet()) {
            String name = entry.getKey();
            Place amount = entry.getValue();
            name(name, amount, problems);
            ResourceRules.notNegative(amount, problems);
            boolean whole = Quantities.isQuantity(amount.text())
                    && Quantities.parse(amount.text()).stripTrailingZeros().scale() <= 0;
            if (COUNTED.contains(name) && Quantities.isQuantity(amount.text()) && !whole) {
                problems.invalid(amount, "must be an integer");
            }
        }
    }

    private static void name(String name, Place amount, Problems problems) {
        List<String> wrong = Names.qualifiedName(name);
        wrong.forEach(sentence -> problems.add(FieldError.invalid(amount.path(), name, sentence)));
        boolean known = COUNTED.contains(name)
                || AMOUNTS.contains(name)
                || name.contains("/")
                || name.startsWith("hugepages-")
                || name.startsWith("requests.hugepages-");
        if (wrong.isEmpty() && !known) {
            problems.add(
                    FieldError.invalid(amount.path(), name, "must be a standard resource type or fully qualified"));
            problems.add(FieldError.invalid(amount.path(), name, "must be a standard resource for quota"));
        }
    }

    /** Scopes choose among pods, so what is limited must be theirs; best effort pods have a number alone. */
    static void scopes(Place scopes, Place hard, Problems problems) {
        for (Place scope : scopes.items()) {
            for (String name : hard.entries().keySet()) {
                boolean standard = COUNTED.contains(name) || AMOUNTS.contains(name);
                boolean fits = scope.text().equals("BestEffort") ? name.equals("pods") : OF_PODS.contains(name);
                if (standard && !fits) {
                    problems.invalid(scopes, "unsupported scope applied to resource");
                    break;
                }
            }
        }
    }
}
