package io.vertikube.controller.quota;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.value.Quantities;
import io.vertikube.value.QuotaUsage;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What must be looked at to know what a quota's names stand for, and what they add up to. Pure. */
final class QuotaPlan {

    /** Objects that a quota counts. */
    record Counted(String group, String plural) {

        static final Counted PODS = new Counted("", "pods");
        static final Counted SERVICES = new Counted("", "services");
        static final Counted CLAIMS = new Counted("", "persistentvolumeclaims");

        /** Whether more is counted of them than how many there are. */
        boolean measured() {
            return equals(PODS) || equals(SERVICES) || equals(CLAIMS);
        }

        /** The name by which a quota counts any kind. */
        String name() {
            return "count/" + (group.isEmpty() ? plural : plural + "." + group);
        }
    }

    private static final String COUNT = "count/";
    private static final String BY_CLASS = ".storageclass.storage.k8s.io/";
    private static final Set<String> PLAIN =
            Set.of("configmaps", "secrets", "replicationcontrollers", "resourcequotas");

    private QuotaPlan() {}

    /** The objects behind a quota's name; empty for a name that nothing stands behind. */
    static Optional<Counted> behind(String name) {
        if (name.startsWith(COUNT)) {
            String resource = name.substring(COUNT.length());
            int dot = resource.indexOf('.');
            Counted counted = dot < 0
                    ? new Counted("", resource)
                    : new Counted(resource.substring(dot + 1), resource.substring(0, dot));
            return Optional.of(counted);
        }
        if (name.equals("services") || name.startsWith("services.")) {
            return Optional.of(Counted.SERVICES);
        }
        if (name.equals("persistentvolumeclaims") || name.equals("requests.storage") || name.contains(BY_CLASS)) {
            return Optional.of(Counted.CLAIMS);
        }
        if (PLAIN.contains(name)) {
            return Optional.of(new Counted("", name));
        }
        boolean ofPods = name.equals("pods")
                || Set.of("cpu", "memory", "ephemeral-storage").contains(name)
                || name.startsWith("requests.")
                || name.startsWith("limits.")
                || name.startsWith("hugepages-");
        return ofPods ? Optional.of(Counted.PODS) : Optional.empty();
    }

    /** What measured objects use together, of those that the quota is about. */
    static Map<String, BigDecimal> sum(Counted counted, JsonNode quotaSpec, List<JsonNode> objects) {
        var sum = new HashMap<String, BigDecimal>();
        boolean pods = counted.equals(Counted.PODS);
        for (JsonNode object : objects) {
            if (QuotaUsage.inScope(quotaSpec, pods, object)) {
                QuotaUsage.of(counted.group, counted.plural, object)
                        .forEach((name, amount) -> sum.merge(name, amount, BigDecimal::add));
            }
        }
        return sum;
    }

    /** {@code status.used} for the names that the quota limits, zero where nothing is used. */
    static Map<String, String> used(JsonNode hard, Map<String, BigDecimal> sums) {
        var used = new TreeMap<String, String>();
        hard.fieldNames().forEachRemaining(name -> {
            BigDecimal amount = sums.getOrDefault(name, BigDecimal.ZERO);
            boolean binary = hard.path(name).asText().endsWith("i")
                    && amount.stripTrailingZeros().scale() <= 0;
            used.put(name, binary ? Quantities.binaryForm(amount.toBigInteger()) : Quantities.decimalForm(amount));
        });
        return used;
    }
}
