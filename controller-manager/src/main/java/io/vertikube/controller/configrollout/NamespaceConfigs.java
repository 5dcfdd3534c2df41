package io.vertikube.controller.configrollout;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.object.ObjectKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * ConfigMaps and Secrets of the namespaces in which a workload asked, and of no others: nobody pays for what nobody uses. Safe for
 * any thread.
 */
final class NamespaceConfigs implements AutoCloseable {
    private final ApiClient client;
    private final Consumer<String> changed;
    private final Map<String, Watched> namespaces = new HashMap<>();
    private boolean closed;

    private record Watched(Informer<ConfigMap> maps, Informer<Secret> secrets) {
        void close() {
            maps.close();
            secrets.close();
        }
    }

    /** @param changed told of the namespace in which something changed */
    NamespaceConfigs(ApiClient client, Consumer<String> changed) {
        this.client = client;
        this.changed = changed;
    }

    /** How to find digests in a namespace; empty while it is read for the first time, which is told when it is done. */
    Optional<Digests> of(String namespace) {
        Watched watched = watched(namespace);
        if (watched == null || !watched.maps().synced() || !watched.secrets().synced()) {
            return Optional.empty();
        }
        return Optional.of(reference -> {
            var key = new ObjectKey(namespace, reference.name());
            return reference.kind().equals(ConfigReference.SECRET)
                    ? watched.secrets().get(key).map(ConfigDigest::of)
                    : watched.maps().get(key).map(ConfigDigest::of);
        });
    }

    /** Digests by reference, empty where there is no such object. */
    @FunctionalInterface
    interface Digests extends Function<ConfigReference, Optional<String>> {}

    private synchronized @Nullable Watched watched(String namespace) {
        if (closed) {
            return null;
        }
        return namespaces.computeIfAbsent(namespace, this::watch);
    }

    private Watched watch(String namespace) {
        Informer<ConfigMap> maps = Informer.create(client, ConfigMap.class, namespace, ListOptions.all());
        Informer<Secret> secrets = Informer.create(client, Secret.class, namespace, ListOptions.all());
        maps.onChange((before, after) -> changed.accept(namespace));
        secrets.onChange((before, after) -> changed.accept(namespace));
        maps.start();
        secrets.start();
        return new Watched(maps, secrets);
    }

    /** Lets go of the namespaces that are not needed any more. */
    synchronized void keepOnly(Predicate<String> needed) {
        namespaces.entrySet().removeIf(entry -> {
            boolean leaves = !needed.test(entry.getKey());
            if (leaves) {
                entry.getValue().close();
            }
            return leaves;
        });
    }

    @Override
    public synchronized void close() {
        closed = true;
        keepOnly(namespace -> false);
    }
}
