package io.vertikube.apiserver.metrics;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The rows of {@code metrics.k8s.io} and the schemas that clients are shown of them. Pure. */
public final class MetricsTypes {

    public static final String GROUP = "metrics.k8s.io";
    public static final String VERSION = "v1beta1";

    static final ResourceType NODES = row("NodeMetrics", "nodes", false);
    static final ResourceType PODS = row("PodMetrics", "pods", true);

    public static final List<ResourceType> ROWS = List.of(NODES, PODS);

    private static final String TIMES = """
            "timestamp":{"type":"string","format":"date-time",
              "description":"The end of the time over which usage was measured."},
            "window":{"type":"string",
              "description":"How long usage was measured: it is of the time [timestamp-window, timestamp]."}""";
    private static final String USAGE = """
            "usage":{"type":"object","description":"CPU in cores and memory (working set) in bytes.",
              "additionalProperties":{"allOf":[
                {"$ref":"#/components/schemas/io.k8s.apimachinery.pkg.api.resource.Quantity"}]}}""";
    private static final String NODE_SCHEMA = """
            {"type":"object","description":"NodeMetrics sets resource usage metrics of a node.",
             "required":["timestamp","window","usage"],"properties":{%s,%s}}""".formatted(TIMES, USAGE);
    private static final String POD_SCHEMA = """
            {"type":"object","description":"PodMetrics sets resource usage metrics of a pod.",
             "required":["timestamp","window","containers"],"properties":{%s,
             "containers":{"type":"array","description":"The usage of each container.",
               "items":{"type":"object","required":["name","usage"],"properties":{
                 "name":{"type":"string","description":"Name of the container in the pod."},%s}}}}}""".formatted(TIMES, USAGE);

    private MetricsTypes() {}

    private static ResourceType row(String kind, String plural, boolean namespaced) {
        return new ResourceType(
                GROUP, VERSION, kind, plural, "", List.of(), namespaced, Set.of("get", "list"), List.of(), List.of());
    }

    /** The schema of a kind, if it is one of these. */
    public static Optional<ObjectNode> schema(Gvk kind) {
        if (kind.equals(NODES.gvk())) {
            return Optional.of((ObjectNode) Json.tree(NODE_SCHEMA.getBytes(UTF_8)));
        }
        return kind.equals(PODS.gvk())
                ? Optional.of((ObjectNode) Json.tree(POD_SCHEMA.getBytes(UTF_8)))
                : Optional.empty();
    }
}
