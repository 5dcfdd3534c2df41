package io.vertikube.kubelet.devices;

import io.vertikube.kubelet.node.ExtendedResources;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plugins that are registered and the devices that they told of. A resource whose plugin is gone keeps its devices, none
 * of them healthy, for five minutes, and has none after that. Safe for any thread.
 */
final class DevicePlugins implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(DevicePlugins.class);
    private static final Duration GRACE = Duration.ofMinutes(5);
    private static final String VERSION = "v1beta1";

    /**
     * A resource that has, or had, a plugin. Immutable.
     *
     * @param devices by id, and whether they are healthy
     * @param plugin null once it is gone
     * @param gone since when it is
     */
    record Resource(
            Map<String, Boolean> devices,
            @Nullable DevicePlugin plugin,
            @Nullable Instant gone) {

        Map<String, Boolean> allUnhealthy() {
            Map<String, Boolean> result = new HashMap<>();
            devices.keySet().forEach(id -> result.put(id, false));
            return result;
        }

        long healthy() {
            return devices.values().stream().filter(each -> each).count();
        }
    }

    private final DeviceRecords records;
    private final Runnable changed;
    private final InstantSource clock;

    /** By name; guarded by this. */
    private final Map<String, Resource> resources = new TreeMap<>();

    /** Guarded by this. */
    private boolean closed;

    /** {@code changed} is called when the node has more or fewer devices. */
    DevicePlugins(DeviceRecords records, Runnable changed, InstantSource clock) {
        this.records = records;
        this.changed = changed;
        this.clock = clock;
        records.resources().forEach(name -> resources.put(name, new Resource(Map.of(), null, clock.instant())));
    }

    /** What is wrong with what a plugin says of itself, if anything is. */
    static Optional<String> problem(String resource, List<String> versions) {
        if (!versions.contains(VERSION)) {
            return Optional.of("requested API version " + versions + " is not supported by kubelet. Supported versions"
                    + " are [" + VERSION + "]");
        }
        return ExtendedResources.isName(resource)
                ? Optional.empty()
                : Optional.of("the ResourceName \"" + resource + "\" is invalid: it must be the qualified name of an"
                        + " extended resource, such as example.com/gpu");
    }

    /** Takes a plugin in place of the resource's older one; a {@link DeviceFailure} if it does not answer. */
    void add(String resource, Path socket) {
        DevicePlugin plugin = DevicePlugin.connect(resource, socket);
        @Nullable Resource before;
        synchronized (this) {
            try {
                records.addResource(resource);
            } catch (RuntimeException e) {
                plugin.close();
                throw e;
            }
            before = resources.get(resource);
            resources.put(resource, new Resource(before == null ? Map.of() : before.allUnhealthy(), plugin, null));
        }
        if (before != null && before.plugin() != null) {
            before.plugin().close();
        }
        LOG.info("the plugin at {} is registered for {}", socket, resource);
        plugin.watch(devices -> told(plugin, devices), () -> ended(plugin));
    }

    /** Forgets a resource's plugin, as if it had gone. */
    void remove(String resource) {
        find(resource).map(Resource::plugin).ifPresent(this::ended);
    }

    synchronized Optional<Resource> find(String resource) {
        return Optional.ofNullable(resources.get(resource));
    }

    /** What the node has, and of that what pods may have. */
    synchronized ExtendedResources amounts() {
        if (resources.isEmpty()) {
            return ExtendedResources.NONE;
        }
        Map<String, Long> capacity = new TreeMap<>();
        Map<String, Long> allocatable = new TreeMap<>();
        resources.forEach((name, resource) -> {
            boolean over =
                    resource.gone() != null && resource.gone().plus(GRACE).isBefore(clock.instant());
            capacity.put(name, over ? 0L : resource.devices().size());
            allocatable.put(name, over ? 0L : resource.healthy());
        });
        return new ExtendedResources(capacity, allocatable);
    }

    synchronized Set<String> names() {
        return Set.copyOf(resources.keySet());
    }

    /** Lets go of all plugins; what is known of their devices stays, as pods may still be on their way. */
    @Override
    public void close() {
        List<Resource> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(resources.values());
        }
        all.forEach(resource -> {
            if (resource.plugin() != null) {
                resource.plugin().close();
            }
        });
    }

    private void told(DevicePlugin plugin, Map<String, Boolean> devices) {
        synchronized (this) {
            Resource now = resources.get(plugin.resource());
            if (closed || now == null || now.plugin() != plugin || now.devices().equals(devices)) {
                return;
            }
            resources.put(plugin.resource(), new Resource(Map.copyOf(devices), plugin, null));
        }
        changed.run();
    }

    private void ended(DevicePlugin plugin) {
        plugin.close();
        synchronized (this) {
            Resource now = resources.get(plugin.resource());
            if (closed || now == null || now.plugin() != plugin) {
                return;
            }
            resources.put(plugin.resource(), new Resource(now.allUnhealthy(), null, clock.instant()));
        }
        changed.run();
    }
}
