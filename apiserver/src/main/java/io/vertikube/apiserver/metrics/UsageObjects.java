package io.vertikube.apiserver.metrics;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.ComputedObjects;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.Snapshot;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvr;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The objects of {@code metrics.k8s.io}: one for each stored node and pod whose usage is known, with its name and labels.
 * A pod counts when all its containers are known. Blocks for a moment where nothing was measured yet; safe for any thread.
 */
public final class UsageObjects implements ComputedObjects {

    private static final String NODES = "/registry/core/nodes/";
    private static final String PODS = "/registry/core/pods/";

    private final ObjectStorage storage;
    private final UsageLoop loop;
    private final InstantSource clock;

    public UsageObjects(ObjectStorage storage, UsageLoop loop, InstantSource clock) {
        this.storage = storage;
        this.loop = loop;
        this.clock = clock;
    }

    @Override
    public boolean has(ResourceType type) {
        return MetricsTypes.ROWS.contains(type);
    }

    @Override
    public ObjectNode get(ResourceType type, String namespace, String name) {
        boolean pods = type.equals(MetricsTypes.PODS);
        String key = pods ? namespace + "/" + name : name;
        StoredObject measured = storage.snapshot(Read.any())
                .get((pods ? PODS : NODES) + key)
                .orElseThrow(() -> ApiErrors.notFound(new Gvr("", "v1", type.plural()), name));
        Map<String, NodeUsage> usage = loop.now();
        return (pods ? pod(measured, newest(usage)) : node(measured, usage))
                .orElseThrow(() -> ApiErrors.notFound(
                        new Gvr(MetricsTypes.GROUP, MetricsTypes.VERSION, pods ? "podmetrics" : "nodemetrics"), key));
    }

    @Override
    public List<ObjectNode> list(ResourceType type, String namespace, Predicate<StoredObject> selected) {
        Map<String, NodeUsage> usage = loop.now();
        Snapshot snapshot = storage.snapshot(Read.any());
        List<ObjectNode> all = new ArrayList<>();
        if (type.equals(MetricsTypes.NODES)) {
            snapshot.under(NODES).values().stream()
                    .filter(selected)
                    .forEach(node -> node(node, usage).ifPresent(all::add));
        } else {
            Map<String, NodeUsage> byPod = newest(usage);
            String prefix = namespace.isEmpty() ? PODS : PODS + namespace + "/";
            snapshot.under(prefix).values().stream()
                    .filter(selected)
                    .forEach(pod -> pod(pod, byPod).ifPresent(all::add));
        }
        return all;
    }

    /** Which node speaks for a pod: for a name that has moved, the one that was looked at last. */
    private static Map<String, NodeUsage> newest(Map<String, NodeUsage> nodes) {
        Map<String, NodeUsage> byPod = new HashMap<>();
        for (NodeUsage node : nodes.values()) {
            for (String pod : node.latest().pods().keySet()) {
                byPod.merge(pod, node, (one, other) -> lookedAt(one, pod).isBefore(lookedAt(other, pod)) ? other : one);
            }
        }
        return byPod;
    }

    private static Instant lookedAt(NodeUsage node, String pod) {
        return node.latest().pods().getOrDefault(pod, Map.of()).values().stream()
                .map(Point::at)
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private Optional<ObjectNode> node(StoredObject node, Map<String, NodeUsage> usage) {
        NodeUsage known = usage.get(node.name());
        return Optional.ofNullable(known).flatMap(NodeUsage::node).map(used -> {
            ObjectNode object = start(MetricsTypes.NODES, node, used);
            used.write(object.putObject("usage"));
            return object;
        });
    }

    private Optional<ObjectNode> pod(StoredObject pod, Map<String, NodeUsage> byPod) {
        String key = pod.namespace() + "/" + pod.name();
        NodeUsage known = byPod.get(key);
        Map<String, Usage> containers = known == null ? Map.of() : known.pod(key);
        // The time of the whole is that of the container that was looked at first.
        return containers.values().stream()
                .min((one, other) -> one.at().compareTo(other.at()))
                .map(oldest -> {
                    ObjectNode object = start(MetricsTypes.PODS, pod, oldest);
                    ArrayNode list = object.putArray("containers");
                    containers.forEach((name, used) -> {
                        ObjectNode container = list.addObject();
                        container.put("name", name);
                        used.write(container.putObject("usage"));
                    });
                    return object;
                });
    }

    private ObjectNode start(ResourceType type, StoredObject measured, Usage usage) {
        ObjectNode object = JsonNodeFactory.instance.objectNode();
        object.put("kind", type.kind());
        object.put("apiVersion", type.apiVersion());
        ObjectNode metadata = object.putObject("metadata");
        metadata.put("name", measured.name());
        if (!measured.namespace().isEmpty()) {
            metadata.put("namespace", measured.namespace());
        }
        metadata.put("creationTimestamp", seconds(clock.instant()));
        if (!measured.labels().isEmpty()) {
            ObjectNode labels = metadata.putObject("labels");
            measured.labels().forEach(labels::put);
        }
        object.put("timestamp", seconds(usage.at()));
        object.put("window", text(usage.window()));
        return object;
    }

    private static String seconds(Instant time) {
        return time.truncatedTo(ChronoUnit.SECONDS).toString();
    }

    /** {@code 15.003s}, {@code 1m2.5s}. */
    private static String text(Duration window) {
        long minutes = window.toMinutes();
        Duration rest = window.minusMinutes(minutes);
        String decimals =
                BigDecimal.valueOf(rest.toNanos(), 9).stripTrailingZeros().toPlainString();
        return (minutes > 0 ? minutes + "m" : "") + decimals + "s";
    }
}
