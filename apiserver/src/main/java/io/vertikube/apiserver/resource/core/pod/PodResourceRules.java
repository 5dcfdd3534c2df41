package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.util.List;
import java.util.Set;

/** What a pod asks for as a whole, beside its containers ("Pod-level resources" in the Kubernetes documentation). Pure. */
final class PodResourceRules {

    private static final Set<String> OWN = Set.of("cpu", "memory");

    private PodResourceRules() {}

    static void validate(Place spec, Problems problems) {
        Place resources = spec.get("resources");
        if (!resources.present()) {
            return;
        }
        for (String field : List.of("limits", "requests")) {
            Place map = resources.get(field);
            for (String name : map.entries().keySet()) {
                if (!OWN.contains(name) && !name.startsWith("hugepages-")) {
                    problems.add(FieldError.notSupported(
                            map.path() + "[" + name + "]", name, List.of("cpu", "hugepages-", "memory")));
                    return;
                }
            }
        }
        ResourceRules.validate(resources, problems);
        requests(spec, resources.get("requests"), problems);
        limits(spec, resources.get("limits"), problems);
    }

    /** The containers together ask for no more than the pod. */
    private static void requests(Place spec, Place requests, Problems problems) {
        requests.entries().forEach((name, whole) -> {
            BigDecimal sum = BigDecimal.ZERO;
            for (Place container : spec.items("containers")) {
                sum = sum.add(amount(container.get("resources", "requests").key(name)));
            }
            if (Quantities.isQuantity(whole.text()) && amount(whole).compareTo(sum) < 0) {
                problems.invalid(
                        whole,
                        "must be greater than or equal to aggregate container requests of "
                                + Quantities.decimalForm(sum));
            }
        });
    }

    /** No container may use more than the pod. */
    private static void limits(Place spec, Place limits, Problems problems) {
        limits.entries().forEach((name, whole) -> {
            for (Place container : spec.items("containers")) {
                Place limit = container.get("resources", "limits").key(name);
                if (Quantities.isQuantity(whole.text()) && amount(limit).compareTo(amount(whole)) > 0) {
                    problems.invalid(limit, "must be less than or equal to pod limits of " + whole.text());
                }
            }
        });
    }

    private static BigDecimal amount(Place quantity) {
        return Quantities.isQuantity(quantity.text()) ? Quantities.parse(quantity.text()) : BigDecimal.ZERO;
    }
}
