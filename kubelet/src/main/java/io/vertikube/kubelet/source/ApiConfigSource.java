package io.vertikube.kubelet.source;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.cache.LruMap;
import io.vertikube.client.ApiClient;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/**
 * ConfigMaps and Secrets from the API, remembered for a few seconds so that pods that start together ask once. Safe for
 * any thread; blocks.
 */
public final class ApiConfigSource implements ConfigSource {

    private static final int REMEMBERED = 500;

    private record Kept(HasMetadata object, Instant until) {}

    private record Which(Class<?> type, ObjectKey key) {}

    private final ApiClient client;
    private final InstantSource clock;
    private final Duration fresh;
    private final Map<Which, Kept> kept = new LruMap<>(REMEMBERED);

    /** {@code fresh} is how long something is remembered. */
    public ApiConfigSource(ApiClient client, InstantSource clock, Duration fresh) {
        this.fresh = fresh;
        this.client = client;
        this.clock = clock;
    }

    @Override
    public Optional<ConfigMap> configMap(String namespace, String name) {
        return fetch(ConfigMap.class, namespace, name);
    }

    @Override
    public Optional<Secret> secret(String namespace, String name) {
        return fetch(Secret.class, namespace, name);
    }

    <T extends HasMetadata> Optional<T> fetch(Class<T> type, String namespace, String name) {
        var which = new Which(type, new ObjectKey(namespace, name));
        synchronized (kept) {
            Kept known = kept.get(which);
            if (known != null && known.until().isAfter(clock.instant())) {
                return Optional.of(type.cast(known.object()));
            }
        }
        Optional<T> found = client.of(type).find(namespace, name);
        synchronized (kept) {
            kept.remove(which);
            found.ifPresent(
                    object -> kept.put(which, new Kept(object, clock.instant().plus(fresh))));
        }
        return found;
    }
}
