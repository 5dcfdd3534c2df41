package io.vertikube.apiserver.bootstrap;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.metrics.MetricsTypes;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One APIService for each version of a group that is served here ("kubectl get apiservices"), always available. Those
 * who list them learn what a cluster serves, and in which order versions are preferred. Pure.
 */
final class ApiServices {

    /** Says who keeps the object: {@code onstart} for what is built in, {@code true} for what definitions bring. */
    static final String AUTOMANAGED = "kube-aggregator.kubernetes.io/automanaged";

    static final String PREFIX = "/registry/apiregistration.k8s.io/apiservices/";

    /** Answered here until its object is taken over by whoever installs a metrics server of his own. */
    private static final String METRICS = name(MetricsTypes.GROUP, MetricsTypes.VERSION);

    private record Priority(int group, int version) {}

    private static final Catalog BUILT_IN_TYPES = Catalog.builtIn().and(MetricsTypes.ROWS);
    private static final Priority CUSTOM = new Priority(1000, 100);
    private static final Map<String, Priority> BUILT_IN = Map.ofEntries(
            Map.entry("v1.", new Priority(18000, 1)),
            Map.entry("v1.apps", new Priority(17800, 15)),
            Map.entry("v1.events.k8s.io", new Priority(17750, 15)),
            Map.entry("v1.authentication.k8s.io", new Priority(17700, 15)),
            Map.entry("v1.authorization.k8s.io", new Priority(17600, 15)),
            Map.entry("v1.autoscaling", new Priority(17500, 15)),
            Map.entry("v2.autoscaling", new Priority(17500, 30)),
            Map.entry("v1.batch", new Priority(17400, 15)),
            Map.entry("v1.certificates.k8s.io", new Priority(17300, 15)),
            Map.entry("v1.networking.k8s.io", new Priority(17200, 15)),
            Map.entry("v1.policy", new Priority(17100, 15)),
            Map.entry("v1.rbac.authorization.k8s.io", new Priority(17000, 15)),
            Map.entry("v1.storage.k8s.io", new Priority(16800, 15)),
            Map.entry("v1.apiextensions.k8s.io", new Priority(16700, 15)),
            Map.entry("v1.admissionregistration.k8s.io", new Priority(16700, 15)),
            Map.entry("v1.scheduling.k8s.io", new Priority(16600, 15)),
            Map.entry("v1.coordination.k8s.io", new Priority(16500, 15)),
            Map.entry("v1.node.k8s.io", new Priority(16300, 15)),
            Map.entry("v1.discovery.k8s.io", new Priority(16200, 15)),
            Map.entry("v1.resource.k8s.io", new Priority(16200, 15)),
            Map.entry("v1.flowcontrol.apiserver.k8s.io", new Priority(16100, 21)),
            Map.entry(METRICS, new Priority(100, 100)));

    private final Objects objects;

    ApiServices(Objects objects) {
        this.objects = objects;
    }

    private static String name(String group, String version) {
        return version + "." + group;
    }

    /** Those that are always there. */
    List<Wanted> builtIn() {
        return new ArrayList<>(of(BUILT_IN_TYPES, "onstart").values());
    }

    /** Those that definitions have brought, by key. */
    Map<String, Wanted> custom(Catalog served) {
        Map<String, Wanted> all = of(served, "true");
        all.keySet().removeAll(of(BUILT_IN_TYPES, "onstart").keySet());
        return all;
    }

    private Map<String, Wanted> of(Catalog catalog, String keeper) {
        var all = new LinkedHashMap<String, Wanted>();
        for (ResourceType type : catalog.all()) {
            if (!type.group().equals("apiregistration.k8s.io")) {
                all.computeIfAbsent(
                        PREFIX + name(type.group(), type.version()),
                        key -> wanted(key, object(type.group(), type.version(), keeper)));
            }
        }
        return all;
    }

    private static Wanted wanted(String key, ObjectNode object) {
        return key.equals(PREFIX + METRICS)
                ? new Wanted(key, object, ApiServices::mendMetrics)
                : Wanted.with(key, object, "spec");
    }

    /** What the installation of a metrics server wrote stays; the group is answered here, which the status says. */
    private static boolean mendMetrics(ObjectNode stored, ObjectNode wanted) {
        boolean changed = false;
        if (!stored.path("spec").has("service") && !Trees.equal(stored.path("spec"), wanted.path("spec"))) {
            stored.set("spec", wanted.path("spec"));
            changed = true;
        }
        if (stored.path("status").path("conditions").isEmpty()) {
            stored.set("status", wanted.path("status"));
            changed = true;
        }
        return changed;
    }

    private ObjectNode object(String group, String version, String keeper) {
        Priority priority = BUILT_IN.getOrDefault(name(group, version), CUSTOM);
        ObjectNode object = objects.cluster("apiregistration.k8s.io/v1", "APIService", name(group, version));
        Trees.object(object, "metadata").putObject("labels").put(AUTOMANAGED, keeper);
        ObjectNode spec = object.putObject("spec");
        if (!group.isEmpty()) {
            spec.put("group", group);
        }
        spec.put("groupPriorityMinimum", priority.group());
        spec.put("version", version);
        spec.put("versionPriority", priority.version());
        object.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("lastTransitionTime", objects.now())
                .put("message", "Local APIServices are always available")
                .put("reason", "Local")
                .put("status", "True")
                .put("type", "Available");
        return object;
    }
}
