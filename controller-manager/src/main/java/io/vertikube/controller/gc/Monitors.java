package io.vertikube.controller.gc;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.vertikube.catalog.ResourceType;
import io.vertikube.client.ApiClient;
import io.vertikube.controller.discovery.Discovery;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.object.Gvk;
import io.vertikube.object.Gvr;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/**
 * One source of objects for every type that is served and can be deleted: the shared informer where the service has one
 * anyway, else a monitor of its own. {@link #refresh} follows what discovery shows. Safe for any thread.
 */
final class Monitors implements AutoCloseable {
    /** Types whose objects own nothing and whose number would be a burden. */
    private static final Set<String> LEFT_OUT = Set.of("events", "events.events.k8s.io");

    private final ApiClient client;
    private final Discovery discovery;
    private final OwnerGraph graph;
    private final Consumer<Set<String>> look;
    private final Set<Gvr> shared = new HashSet<>();
    private final Map<Gvr, ResourceMonitor> own = new HashMap<>();
    private volatile List<ResourceType> types = List.of();

    Monitors(ControllerContext context, OwnerGraph graph, Consumer<Set<String>> look) {
        this.client = context.client();
        this.discovery = new Discovery(context.client());
        this.graph = graph;
        this.look = look;
    }

    /** Listens to a shared informer instead of watching its type a second time; before the informers start. */
    <T extends HasMetadata> void share(ControllerContext context, Class<T> type) {
        ResourceType row = client.of(type).row();
        shared.add(row.gvr());
        context.informer(type).onChange((before, after) -> {
            if (after != null) {
                look.accept(graph.put(GraphObject.of(row, after)));
            } else if (before != null) {
                look.accept(graph.remove(before.getMetadata().getUid()));
            }
        });
    }

    /** Starts to watch types that are new, and stops for those that are no longer served. */
    void refresh() {
        follow(discovery.read());
    }

    /** Nobody waits for the network in here. */
    private synchronized void follow(Discovery.Found found) {
        types = found.all();
        var wanted = new HashMap<Gvr, ResourceType>();
        for (ResourceType type : found.preferred()) {
            boolean collectable = type.hasVerb("list") && type.hasVerb("watch") && type.hasVerb("delete");
            if (collectable && !LEFT_OUT.contains(type.gvr().qualified()) && !shared.contains(type.gvr())) {
                wanted.put(type.gvr(), type);
            }
        }
        for (Gvr gone : Set.copyOf(own.keySet())) {
            boolean unknown = found.failures().containsKey(gone.group() + "/" + gone.version());
            if (!wanted.containsKey(gone) && !unknown) {
                ResourceMonitor monitor = own.remove(gone);
                if (monitor != null) {
                    monitor.close();
                }
                graph.uidsOf(gone).forEach(uid -> look.accept(graph.remove(uid)));
            }
        }
        wanted.forEach((gvr, type) -> own.computeIfAbsent(gvr, key -> {
            var monitor = new ResourceMonitor(client, type, graph, look);
            monitor.start();
            return monitor;
        }));
    }

    synchronized boolean synced() {
        return !types.isEmpty() && own.values().stream().allMatch(ResourceMonitor::synced);
    }

    /** The type that a reference names, in its version or else in any version of its group. */
    Optional<ResourceType> typeOf(Gvk kind) {
        return types.stream()
                .filter(type -> type.gvk().equals(kind))
                .findFirst()
                .or(() -> types.stream()
                        .filter(type ->
                                type.group().equals(kind.group()) && type.kind().equals(kind.kind()))
                        .findFirst());
    }

    @Override
    public synchronized void close() {
        own.values().forEach(ResourceMonitor::close);
        own.clear();
    }
}
