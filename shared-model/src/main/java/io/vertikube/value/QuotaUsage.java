package io.vertikube.value;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one object counts for in the terms of a ResourceQuota. Pure. */
public final class QuotaUsage {

    private static final Set<String> COUNTED = Set.of(
            "configmaps", "secrets", "services", "replicationcontrollers", "resourcequotas", "persistentvolumeclaims");

    private QuotaUsage() {}

    /** @param object as the API shows it */
    public static Map<String, BigDecimal> of(String group, String plural, JsonNode object) {
        var usage = new HashMap<String, BigDecimal>();
        usage.put("count/" + (group.isEmpty() ? plural : plural + "." + group), BigDecimal.ONE);
        if (group.isEmpty()) {
            if (COUNTED.contains(plural)) {
                usage.put(plural, BigDecimal.ONE);
            }
            switch (plural) {
                case "pods" -> pod(object, usage);
                case "services" -> service(object.path("spec"), usage);
                case "persistentvolumeclaims" -> claim(object, usage);
                default -> {
                    // counted, no more
                }
            }
        }
        return usage;
    }

    /** Whether a quota is about this object: all its scopes hold. */
    public static boolean inScope(JsonNode quotaSpec, boolean isPod, JsonNode object) {
        for (JsonNode scope : quotaSpec.path("scopes")) {
            if (!isPod || !podIn(scope.asText(), "Exists", List.of(), object.path("spec"))) {
                return false;
            }
        }
        for (JsonNode expression : quotaSpec.path("scopeSelector").path("matchExpressions")) {
            boolean holds = isPod
                    && podIn(
                            expression.path("scopeName").asText(),
                            expression.path("operator").asText(),
                            texts(expression.path("values")),
                            object.path("spec"));
            if (!holds) {
                return false;
            }
        }
        return true;
    }

    private static boolean podIn(String scope, String operator, List<String> values, JsonNode spec) {
        return switch (scope) {
            case "Terminating" -> spec.hasNonNull("activeDeadlineSeconds");
            case "NotTerminating" -> !spec.hasNonNull("activeDeadlineSeconds");
            case "BestEffort" -> PodResources.bestEffort(spec);
            case "NotBestEffort" -> !PodResources.bestEffort(spec);
            case "PriorityClass" -> {
                String name = spec.path("priorityClassName").asText("");
                yield switch (operator) {
                    case "In" -> values.contains(name);
                    case "NotIn" -> !values.contains(name);
                    case "DoesNotExist" -> name.isEmpty();
                    default -> !name.isEmpty();
                };
            }
            default -> false;
        };
    }

    private static void pod(JsonNode pod, Map<String, BigDecimal> usage) {
        String phase = pod.path("status").path("phase").asText("");
        if (phase.equals("Succeeded") || phase.equals("Failed")) {
            return;
        }
        usage.put("pods", BigDecimal.ONE);
        PodResources.total(pod.path("spec"), "requests").forEach((name, value) -> {
            usage.put("requests." + name, value);
            if (Set.of("cpu", "memory", "ephemeral-storage").contains(name)) {
                usage.put(name, value);
            }
        });
        PodResources.total(pod.path("spec"), "limits").forEach((name, value) -> usage.put("limits." + name, value));
    }

    private static void service(JsonNode spec, Map<String, BigDecimal> usage) {
        String type = spec.path("type").asText("");
        long ports = spec.path("ports").size();
        if (type.equals("LoadBalancer")) {
            usage.put("services.loadbalancers", BigDecimal.ONE);
        }
        if (type.equals("NodePort")
                || (type.equals("LoadBalancer")
                        && spec.path("allocateLoadBalancerNodePorts").asBoolean(true))) {
            usage.put("services.nodeports", BigDecimal.valueOf(ports));
        }
    }

    private static void claim(JsonNode claim, Map<String, BigDecimal> usage) {
        JsonNode storage = claim.at("/spec/resources/requests/storage");
        if (!storage.isMissingNode()) {
            BigDecimal bytes = Quantities.parse(storage.asText());
            usage.put("requests.storage", bytes);
            String storageClass = claim.at("/spec/storageClassName").asText("");
            if (!storageClass.isEmpty()) {
                usage.put(storageClass + ".storageclass.storage.k8s.io/requests.storage", bytes);
                usage.put(storageClass + ".storageclass.storage.k8s.io/persistentvolumeclaims", BigDecimal.ONE);
            }
        }
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }
}
