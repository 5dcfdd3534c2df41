package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Fields that Kubernetes writes even where nobody said anything: a client that reads without asking finds them. They
 * belong to no manager, as they are there before anybody writes. Pure but for the tree it is given.
 */
final class AlwaysShown {

    private static final String NODE_INFO =
            "{'architecture':'','bootID':'','containerRuntimeVersion':'','kernelVersion':'',"
                    + "'kubeProxyVersion':'','kubeletVersion':'','machineID':'','operatingSystem':'','osImage':'','systemUUID':''}";

    private static final Map<String, JsonNode> FIELDS = Map.ofEntries(
            row(
                    "events.",
                    "{'source':{},'firstTimestamp':null,'lastTimestamp':null,'eventTime':null,"
                            + "'reportingComponent':'','reportingInstance':''}"),
            row(
                    "events.events.k8s.io",
                    "{'deprecatedFirstTimestamp':null,'deprecatedLastTimestamp':null,"
                            + "'deprecatedSource':{},'regarding':{}}"),
            row("networkpolicies.networking.k8s.io", "{'spec':{'podSelector':{}}}"),
            row("ingressclasses.networking.k8s.io", "{'spec':{}}"),
            row("leases.coordination.k8s.io", "{'spec':{}}"),
            row("priorityclasses.scheduling.k8s.io", "{'value':0}"),
            row("flowschemas.flowcontrol.apiserver.k8s.io", "{'status':{}}"),
            row("prioritylevelconfigurations.flowcontrol.apiserver.k8s.io", "{'status':{}}"),
            row("validatingadmissionpolicies.admissionregistration.k8s.io", "{'status':{}}"),
            row("servicecidrs.networking.k8s.io", "{'status':{}}"),
            row("limitranges.", "{'spec':{}}"),
            row("resourcequotas.", "{'spec':{}}"),
            row(
                    "nodes.",
                    "{'status':{'daemonEndpoints':{'kubeletEndpoint':{'Port':0}},'nodeInfo':" + NODE_INFO + "}}"));

    private AlwaysShown() {}

    private static Map.Entry<String, JsonNode> row(String resource, String json) {
        return Map.entry(resource, Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8)));
    }

    static void fill(ResourceType type, ObjectNode object) {
        JsonNode fields = FIELDS.get(type.plural() + "." + type.group());
        if (fields != null) {
            fill(object, fields);
        }
    }

    private static void fill(ObjectNode object, JsonNode fields) {
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (field.getValue().isObject() && object.path(field.getKey()) instanceof ObjectNode inner) {
                fill(inner, field.getValue());
            } else if (Trees.absent(object, field.getKey())) {
                object.set(field.getKey(), field.getValue().deepCopy());
            }
        }
    }
}
