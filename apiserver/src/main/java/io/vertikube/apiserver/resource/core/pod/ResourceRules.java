package io.vertikube.apiserver.resource.core.pod;

import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import io.vertikube.value.Quantities;
import java.math.BigDecimal;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What a container may ask for ("ResourceRequirements" in the API reference). Pure. */
public final class ResourceRules {

    private static final Set<String> OWN = Set.of("cpu", "memory", "ephemeral-storage");
    private static final String PAGES = "hugepages-";

    private ResourceRules() {}

    static void validate(Place resources, Problems problems) {
        Place limits = resources.get("limits");
        Place requests = resources.get("requests");
        limits.entries().forEach((name, amount) -> containerResource(limits, name, amount, problems));
        for (Map.Entry<String, Place> request : requests.entries().entrySet()) {
            String name = request.getKey();
            containerResource(requests, name, request.getValue(), problems);
            Place limit = limits.key(name);
            if (limit.present() && valid(limit) && valid(request.getValue())) {
                compare(requests, name, request.getValue(), limit, problems);
            } else if (!limit.present() && !overcommitable(name)) {
                problems.add(FieldError.required(limits.path(), "Limit must be set for non overcommitable resources"));
            }
        }
        Set<String> named = new HashSet<>(limits.entries().keySet());
        named.addAll(requests.entries().keySet());
        if (!named.contains("cpu")
                && !named.contains("memory")
                && named.stream().anyMatch(name -> name.startsWith(PAGES))) {
            problems.forbidden(resources, "HugePages require cpu or memory");
        }
    }

    /** A map of quantities that are not negative. */
    public static void amounts(Place map, Problems problems) {
        map.entries().forEach((name, amount) -> {
            for (String sentence : Names.qualifiedName(name)) {
                problems.add(FieldError.invalid(map.path(), name, sentence));
            }
            notNegative(amount, problems);
        });
    }

    /** The quantity is valid and not below zero. */
    public static void notNegative(Place amount, Problems problems) {
        if (!valid(amount)) {
            problems.invalid(amount, Quantities.PATTERN_SENTENCE);
        } else if (Quantities.parse(amount.text()).signum() < 0) {
            problems.invalid(amount, "must be greater than or equal to 0");
        }
    }

    private static void compare(Place requests, String name, Place request, Place limit, Problems problems) {
        BigDecimal asked = Quantities.parse(request.text());
        BigDecimal most = Quantities.parse(limit.text());
        if (!overcommitable(name) && asked.compareTo(most) != 0) {
            problems.add(FieldError.invalid(
                    requests.path(), request.text(), "must be equal to " + name + " limit of " + limit.text()));
        } else if (asked.compareTo(most) > 0) {
            problems.add(FieldError.invalid(
                    requests.path(),
                    request.text(),
                    "must be less than or equal to " + name + " limit of " + limit.text()));
        }
    }

    private static void containerResource(Place map, String name, Place amount, Problems problems) {
        List<String> wrong = Names.qualifiedName(name);
        for (String sentence : wrong) {
            problems.add(FieldError.invalid(map.path(), name, sentence));
        }
        if (wrong.isEmpty() && !isOfContainers(name)) {
            problems.add(FieldError.invalid(map.path(), name, "must be a standard resource for containers"));
        }
        notNegative(amount, problems);
        boolean whole = valid(amount)
                && Quantities.parse(amount.text()).stripTrailingZeros().scale() <= 0;
        if (name.contains("/") && valid(amount) && !whole) {
            problems.invalid(amount, "must be an integer");
        }
        if (name.startsWith(PAGES) && valid(amount) && !wholePages(name, Quantities.parse(amount.text()))) {
            problems.invalid(amount, amount.text() + " is not positive integer multiple of " + name);
        }
    }

    /** Whether an amount of memory is made of pages of the size that the resource names ("Manage HugePages"). */
    private static boolean wholePages(String name, BigDecimal amount) {
        String size = name.substring(PAGES.length());
        if (!Quantities.isQuantity(size)) {
            return false;
        }
        BigDecimal page = Quantities.parse(size);
        return page.signum() > 0
                && page.stripTrailingZeros().scale() <= 0
                && amount.remainder(page).signum() == 0;
    }

    /** Whether a resource is one that containers ask for: one of their own, or one with a domain. */
    public static boolean isOfContainers(String name) {
        return name.contains("/") || OWN.contains(name) || name.startsWith(PAGES);
    }

    private static boolean overcommitable(String name) {
        return !name.startsWith(PAGES) && (!name.contains("/") || name.startsWith("kubernetes.io/"));
    }

    private static boolean valid(Place amount) {
        return Quantities.isQuantity(amount.text());
    }
}
