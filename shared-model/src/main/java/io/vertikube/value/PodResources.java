package io.vertikube.value;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;

/**
 * What a pod asks for and may use as a whole: the sum of its containers, or of what runs while it starts where that is
 * more, and its overhead (KEP-753). Pure.
 */
public final class PodResources {

    private PodResources() {}

    /**
     * @param which {@code requests} or {@code limits}
     */
    public static Map<String, BigDecimal> total(JsonNode spec, String which) {
        var running = new HashMap<String, BigDecimal>();
        spec.path("containers").forEach(c -> add(running, read(c, which)));
        var sidecars = new HashMap<String, BigDecimal>();
        var starting = new HashMap<String, BigDecimal>();
        for (JsonNode container : spec.path("initContainers")) {
            Map<String, BigDecimal> own = read(container, which);
            if (container.path("restartPolicy").asText("").equals("Always")) {
                add(sidecars, own);
                max(starting, sidecars);
            } else {
                var together = new HashMap<>(sidecars);
                add(together, own);
                max(starting, together);
            }
        }
        add(running, sidecars);
        max(running, starting);
        JsonNode podLevel = spec.path("resources").path(which);
        running.putAll(quantities(podLevel));
        if (!running.isEmpty() || which.equals("requests")) {
            add(running, quantities(spec.path("overhead")));
        }
        return running;
    }

    /** A map of quantities. */
    public static Map<String, BigDecimal> quantities(JsonNode map) {
        var read = new HashMap<String, BigDecimal>();
        map.properties()
                .forEach(e -> read.put(e.getKey(), Quantities.parse(e.getValue().asText())));
        return read;
    }

    /** Whether no container asks for or limits cpu or memory: the quality of service is BestEffort. */
    public static boolean bestEffort(JsonNode spec) {
        for (String list : new String[] {"containers", "initContainers"}) {
            for (JsonNode container : spec.path(list)) {
                for (String which : new String[] {"requests", "limits"}) {
                    JsonNode map = container.path("resources").path(which);
                    if (map.has("cpu") || map.has("memory")) {
                        return false;
                    }
                }
            }
        }
        return true;
    }

    private static Map<String, BigDecimal> read(JsonNode container, String which) {
        return quantities(container.path("resources").path(which));
    }

    private static void add(Map<String, BigDecimal> sum, Map<String, BigDecimal> more) {
        more.forEach((name, value) -> sum.merge(name, value, BigDecimal::add));
    }

    private static void max(Map<String, BigDecimal> most, Map<String, BigDecimal> other) {
        other.forEach((name, value) -> most.merge(name, value, BigDecimal::max));
    }
}
