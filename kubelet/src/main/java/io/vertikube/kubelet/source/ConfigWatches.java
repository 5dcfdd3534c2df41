package io.vertikube.kubelet.source;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.kubelet.env.ConfigSource;
import io.vertikube.kubelet.source.ConfigReferences.Reference;
import io.vertikube.object.ObjectKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * ConfigMaps and Secrets that pods of this node refer to, each watched from when it is first needed until the last of its pods
 * is over; one that is immutable is kept and not watched. Pods are woken when one of theirs changes. Beyond a number of
 * watches, and until a watch stands, objects are fetched. Safe for any thread.
 */
public final class ConfigWatches implements ConfigSource, AutoCloseable {

    /** Each is a connection. */
    private static final int MOST_WATCHES = 500;

    private final ApiClient client;
    private final ApiConfigSource direct;
    private final Consumer<String> wake;
    private final Map<Reference, Watched> watched = new ConcurrentHashMap<>();
    private final Map<String, Set<Reference>> ofPods = new HashMap<>();
    private final Map<String, Long> changes = new ConcurrentHashMap<>();
    private int watches;
    private boolean closed;

    /** {@code wake} is told the uid of a pod when something changed that it refers to. */
    public ConfigWatches(ApiClient client, ApiConfigSource direct, Consumer<String> wake) {
        this.client = client;
        this.direct = direct;
        this.wake = wake;
    }

    @Override
    public Optional<ConfigMap> configMap(String namespace, String name) {
        return fetch(ConfigMap.class, new ObjectKey(namespace, name));
    }

    @Override
    public Optional<Secret> secret(String namespace, String name) {
        return fetch(Secret.class, new ObjectKey(namespace, name));
    }

    @Override
    public long changes(String podUid) {
        return changes.getOrDefault(podUid, 0L);
    }

    /** How many watches there are. */
    public synchronized int open() {
        return watches;
    }

    /** A pod of this node came, changed or went. */
    public void podChanged(@Nullable Pod before, @Nullable Pod after) {
        Pod pod = after == null ? before : after;
        if (pod == null) {
            return;
        }
        boolean over = after == null || isOver(after);
        refer(pod.getMetadata().getUid(), over ? Set.of() : ConfigReferences.of(pod));
    }

    @Override
    public synchronized void close() {
        closed = true;
        List.copyOf(watched.values()).forEach(this::stop);
        watched.clear();
    }

    private synchronized void refer(String uid, Set<Reference> wanted) {
        Set<Reference> had = wanted.isEmpty() ? ofPods.remove(uid) : ofPods.put(uid, wanted);
        for (Reference reference : wanted) {
            watched.computeIfAbsent(reference, Watched::new).pods.add(uid);
        }
        for (Reference gone : had == null ? Set.<Reference>of() : had) {
            Watched old = wanted.contains(gone) ? null : watched.get(gone);
            if (old != null) {
                old.pods.remove(uid);
                if (old.pods.isEmpty()) {
                    watched.remove(gone);
                    stop(old);
                }
            }
        }
        if (wanted.isEmpty()) {
            changes.remove(uid);
        }
    }

    private <T extends HasMetadata> Optional<T> fetch(Class<T> type, ObjectKey key) {
        Watched known = watched.get(new Reference(type, key));
        if (known == null) {
            return direct.fetch(type, key.namespace(), key.name());
        }
        HasMetadata fixed = known.fixed;
        if (fixed != null) {
            return Optional.of(type.cast(fixed));
        }
        Informer<?> informer = watch(known, type);
        if (informer != null && informer.synced()) {
            Optional<T> found = informer.get(key).map(type::cast);
            if (found.isPresent()) {
                return found;
            }
        }
        // What the watch does not know may have been made just now.
        Optional<T> found = direct.fetch(type, key.namespace(), key.name());
        known.served =
                found.map(object -> object.getMetadata().getResourceVersion()).orElse("");
        return found;
    }

    private synchronized <T extends HasMetadata> @Nullable Informer<?> watch(Watched known, Class<T> type) {
        Reference reference = known.reference;
        if (known.informer == null && !closed && watches < MOST_WATCHES && watched.get(reference) == known) {
            Informer<T> informer = Informer.create(
                    client,
                    type,
                    reference.key().namespace(),
                    ListOptions.fields("metadata.name=" + reference.key().name()));
            informer.onChange((before, after) -> changed(known, before, after));
            known.informer = informer;
            watches++;
            informer.start();
        }
        return known.informer;
    }

    private void changed(Watched known, @Nullable HasMetadata before, @Nullable HasMetadata after) {
        String served = known.served;
        boolean first = before == null
                && after != null
                && (served == null || served.equals(after.getMetadata().getResourceVersion()));
        if (after != null && isImmutable(after)) {
            synchronized (this) {
                known.fixed = after;
                stop(known);
            }
        }
        if (!first) {
            for (String uid : known.pods) {
                changes.merge(uid, 1L, Long::sum);
                wake.accept(uid);
            }
        }
    }

    private synchronized void stop(Watched known) {
        Informer<?> informer = known.informer;
        if (informer != null && !known.stopped) {
            known.stopped = true;
            watches--;
            informer.close();
        }
    }

    private static boolean isImmutable(HasMetadata object) {
        return (object instanceof ConfigMap map && Boolean.TRUE.equals(map.getImmutable()))
                || (object instanceof Secret secret && Boolean.TRUE.equals(secret.getImmutable()));
    }

    private static boolean isOver(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    /** An object and who refers to it. Changed under the monitor of what holds it, read by any thread. */
    private static final class Watched {
        private final Reference reference;
        private final Set<String> pods = ConcurrentHashMap.newKeySet();

        /** The revision that was given out before the watch stood: null for none yet, empty for "there is none". */
        private volatile @Nullable String served;

        private volatile @Nullable HasMetadata fixed;
        private volatile @Nullable Informer<?> informer;
        private boolean stopped;

        Watched(Reference reference) {
            this.reference = reference;
        }
    }
}
