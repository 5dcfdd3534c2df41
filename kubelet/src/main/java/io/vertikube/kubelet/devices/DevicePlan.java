package io.vertikube.kubelet.devices;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Quantity;
import io.vertikube.value.Quantities;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/** Which devices a container is to have. Pure functions. */
final class DevicePlan {

    /** Which devices of all available ones a plugin would choose, those that must be among them given. */
    @FunctionalInterface
    interface Preference {
        List<String> of(List<String> available, List<String> must, int size);
    }

    private DevicePlan() {}

    /** What a container asks for of resources that plugins have; its limits, as requests are the same. */
    static Map<String, Integer> asked(Container container, Predicate<String> known) {
        Map<String, Integer> result = new TreeMap<>();
        if (container.getResources() == null) {
            return result;
        }
        Map<String, Quantity> limits =
                Objects.requireNonNullElse(container.getResources().getLimits(), Map.of());
        limits.forEach((resource, quantity) -> {
            long amount = known.test(resource) ? Quantities.value(quantity.toString()) : 0;
            if (amount > 0) {
                result.put(resource, (int) Math.min(amount, Integer.MAX_VALUE));
            }
        });
        return result;
    }

    /**
     * Chooses devices: first those that init containers of the same pod had, then what the plugin prefers, then by id.
     *
     * @param reusable devices of the pod's own init containers, which have ended by then
     * @param devices all of the resource, and whether they are healthy
     * @param taken devices that somebody has, the pod's own among them
     * @throws DeviceFailure if there are too few
     */
    static List<String> choose(
            String resource,
            int needed,
            Collection<String> reusable,
            Map<String, Boolean> devices,
            Set<String> taken,
            Preference preference) {
        Set<String> healthy = new TreeSet<>();
        devices.forEach((id, isHealthy) -> {
            if (isHealthy) {
                healthy.add(id);
            }
        });
        if (healthy.isEmpty()) {
            throw new DeviceFailure("no healthy devices present; cannot allocate unhealthy devices " + resource);
        }
        List<String> chosen = new ArrayList<>();
        take(chosen, new TreeSet<>(reusable), healthy, needed);
        if (chosen.size() == needed) {
            return chosen;
        }
        Set<String> free = new TreeSet<>(healthy);
        free.removeAll(taken);
        free.removeAll(chosen);
        int missing = needed - chosen.size();
        if (free.size() < missing) {
            throw new DeviceFailure("requested number of devices unavailable for " + resource + ". Requested: "
                    + missing + ", Available: " + free.size());
        }
        List<String> available = new ArrayList<>(chosen);
        available.addAll(free);
        take(chosen, preference.of(List.copyOf(available), List.copyOf(chosen), needed), free, needed);
        take(chosen, free, free, needed);
        return chosen;
    }

    /** Adds from what is wanted, as far as it may be had, until there are enough. */
    private static void take(List<String> chosen, Collection<String> wanted, Set<String> allowed, int needed) {
        for (String id : wanted) {
            if (chosen.size() < needed && allowed.contains(id) && !chosen.contains(id)) {
                chosen.add(id);
            }
        }
    }
}
