package io.vertikube.apiserver.bootstrap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.value.Cidr;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Everything but roles: namespaces, priority classes, flow control, the Service range, how to verify clients. Pure. */
final class ClusterDefaults {

    private static final String FLOW = "flowcontrol.apiserver.k8s.io";
    private static final String AUTO_UPDATE_SPEC = "apf.kubernetes.io/autoupdate-spec";

    private final Objects objects;

    ClusterDefaults(Objects objects) {
        this.objects = objects;
    }

    List<Wanted> namespaces() {
        var all = new ArrayList<Wanted>();
        for (String name : List.of("default", "kube-system", "kube-public", "kube-node-lease")) {
            ObjectNode namespace = objects.cluster("v1", "Namespace", name);
            Trees.object(namespace, "metadata").putObject("labels").put("kubernetes.io/metadata.name", name);
            namespace.putObject("spec").putArray("finalizers").add("kubernetes");
            namespace.putObject("status").put("phase", "Active");
            all.add(Wanted.present(Wanted.NAMESPACES + name, namespace));
        }
        return all;
    }

    List<Wanted> priorityClasses() {
        return List.of(
                priorityClass(
                        "system-cluster-critical",
                        2_000_000_000,
                        "Used for system critical pods that must run in the cluster, but can be moved to another node"
                                + " if necessary."),
                priorityClass(
                        "system-node-critical",
                        2_000_001_000,
                        "Used for system critical pods that must not be moved from their current node."));
    }

    List<Wanted> flowControl() {
        JsonNode table = Resource.read("bootstrap/flowcontrol.json");
        var all = new ArrayList<Wanted>();
        for (JsonNode row : table.path("priorityLevelConfigurations")) {
            all.add(flow(row, "PriorityLevelConfiguration", "prioritylevelconfigurations/"));
        }
        for (JsonNode row : table.path("flowSchemas")) {
            all.add(flow(row, "FlowSchema", "flowschemas/"));
        }
        return all;
    }

    Wanted serviceRange(Cidr range) {
        ObjectNode cidr = objects.cluster("networking.k8s.io/v1", "ServiceCIDR", "kubernetes");
        Trees.object(cidr, "metadata").putArray("finalizers").add("networking.k8s.io/service-cidr-finalizer");
        cidr.putObject("spec").putArray("cidrs").add(range.toString());
        cidr.putObject("status")
                .putArray("conditions")
                .addObject()
                .put("type", "Ready")
                .put("status", "True")
                .put("reason", "")
                .put("message", "Kubernetes Service CIDR is ready")
                .put("lastTransitionTime", objects.now());
        return Wanted.present("/registry/networking.k8s.io/servicecidrs/kubernetes", cidr);
    }

    /** Tells other API servers how clients of this one prove who they are. */
    Wanted authentication(Map<String, String> data) {
        ObjectNode map = objects.namespaced("v1", "ConfigMap", "kube-system", "extension-apiserver-authentication");
        ObjectNode content = map.putObject("data");
        data.forEach(content::put);
        return Wanted.with("/registry/core/configmaps/kube-system/extension-apiserver-authentication", map, "data");
    }

    private Wanted priorityClass(String name, long value, String description) {
        ObjectNode priority = objects.cluster("scheduling.k8s.io/v1", "PriorityClass", name);
        Trees.object(priority, "metadata").put("generation", 1);
        priority.put("value", value).put("description", description).put("preemptionPolicy", "PreemptLowerPriority");
        return Wanted.with("/registry/scheduling.k8s.io/priorityclasses/" + name, priority, "value");
    }

    private Wanted flow(JsonNode row, String kind, String plural) {
        String name = row.path("name").asText();
        ObjectNode object = objects.cluster(FLOW + "/v1", kind, name);
        ObjectNode metadata = Trees.object(object, "metadata");
        metadata.put("generation", 1);
        metadata.putObject("annotations").put(AUTO_UPDATE_SPEC, "true");
        object.set("spec", row.path("spec"));
        ObjectNode status = object.putObject("status");
        if (kind.equals("FlowSchema")) {
            String level = Trees.text(row, "spec", "priorityLevelConfiguration", "name");
            status.putArray("conditions")
                    .addObject()
                    .put("type", "Dangling")
                    .put("status", "False")
                    .put("lastTransitionTime", objects.now())
                    .put("reason", "Found")
                    .put(
                            "message",
                            "This FlowSchema references the PriorityLevelConfiguration object named \"" + level
                                    + "\" and it exists");
        }
        return new Wanted("/registry/" + FLOW + "/" + plural + name, object, ClusterDefaults::mendFlow);
    }

    private static boolean mendFlow(ObjectNode stored, ObjectNode wanted) {
        boolean ours = Trees.at(stored, "metadata", "annotations")
                .path(AUTO_UPDATE_SPEC)
                .asText("true")
                .equals("true");
        if (!ours || Trees.equal(stored.path("spec"), wanted.path("spec"))) {
            return false;
        }
        stored.set("spec", wanted.path("spec"));
        ObjectNode metadata = Trees.object(stored, "metadata");
        metadata.put("generation", metadata.path("generation").asInt(0) + 1);
        return true;
    }
}
