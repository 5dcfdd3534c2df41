package io.vertikube.proxy;

import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.vertikube.object.ObjectKey;
import io.vertikube.proxy.dns.ClusterZone;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the zone's names at what the informers show, one Service at a time. Notes are safe for any thread; {@link #run}
 * is confined to its loop.
 */
final class ZoneSync {

    private final ProxyInformers informers;
    private final ClusterZone zone;
    private final Set<ObjectKey> touched = new LinkedHashSet<>();

    ZoneSync(ProxyInformers informers, ClusterZone zone) {
        this.informers = informers;
        this.zone = zone;
    }

    void noteService(@Nullable Service before, @Nullable Service after) {
        Service any = after == null ? before : after;
        if (any != null) {
            note(ObjectKey.of(any));
        }
    }

    void noteSlice(@Nullable EndpointSlice before, @Nullable EndpointSlice after) {
        EndpointSlice any = after == null ? before : after;
        if (any != null) {
            ProxyInformers.serviceOf(any).ifPresent(this::note);
        }
    }

    void run() {
        Set<ObjectKey> keys;
        synchronized (touched) {
            keys = new LinkedHashSet<>(touched);
            touched.clear();
        }
        for (ObjectKey key : keys) {
            Optional<Service> service = informers.services().get(key);
            if (service.isPresent()) {
                zone.put(service.get(), informers.slices().byIndex(ProxyInformers.BY_SERVICE, key.toString()));
            } else {
                zone.remove(key);
            }
        }
    }

    private void note(ObjectKey key) {
        synchronized (touched) {
            touched.add(key);
        }
    }
}
