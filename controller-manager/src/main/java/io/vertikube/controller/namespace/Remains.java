package io.vertikube.controller.namespace;

import java.util.Map;
import java.util.TreeMap;

/**
 * What a pass over a namespace's contents left behind. Immutable.
 *
 * @param resources how many objects of each resource are left, by {@code plural.group}
 * @param finalizers on how many objects each finalizer waits
 * @param discoveryFailures groups whose resources could not be read, with the reason
 * @param deletionFailures resources whose deletion was refused, with the reason
 */
record Remains(
        Map<String, Integer> resources,
        Map<String, Integer> finalizers,
        Map<String, String> discoveryFailures,
        Map<String, String> deletionFailures) {
    Remains {
        resources = Map.copyOf(resources);
        finalizers = Map.copyOf(finalizers);
        discoveryFailures = Map.copyOf(discoveryFailures);
        deletionFailures = Map.copyOf(deletionFailures);
    }

    boolean nothing() {
        return resources.isEmpty() && discoveryFailures.isEmpty() && deletionFailures.isEmpty();
    }

    /** {@code pods. has 2 resource instances, services. has 1 resource instances}. */
    static String join(Map<String, Integer> counts, String between, String after) {
        var parts = new StringBuilder();
        new TreeMap<>(counts)
                .forEach((name, count) -> parts.append(parts.isEmpty() ? "" : ", ")
                        .append(name)
                        .append(between)
                        .append(count)
                        .append(after));
        return parts.toString();
    }
}
