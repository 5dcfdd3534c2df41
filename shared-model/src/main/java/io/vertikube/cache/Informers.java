package io.vertikube.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One informer a type and part of it, shared by all who ask before the start. Confined to the thread that sets a service up; the
 * informers themselves are safe for any.
 */
public final class Informers implements AutoCloseable {

    private final ApiClient client;
    private final Map<Scope, Informer<?>> informers = new LinkedHashMap<>();

    private record Scope(Class<?> type, String namespace, ListOptions which) {}

    public Informers(ApiClient client) {
        this.client = client;
    }

    /** The informer of all objects of a type. */
    public <T extends HasMetadata> Informer<T> of(Class<T> type) {
        return of(type, "", ListOptions.all());
    }

    /** The informer of a part of a type; those who ask for the same part share it. */
    @SuppressWarnings("unchecked")
    public <T extends HasMetadata> Informer<T> of(Class<T> type, String namespace, ListOptions scope) {
        return (Informer<T>) informers.computeIfAbsent(
                new Scope(type, namespace, scope), t -> Informer.create(client, type, namespace, scope));
    }

    public void start() {
        informers.values().forEach(Informer::start);
    }

    /** Waits until every first list has arrived. */
    public void awaitSync(Duration patience) throws InterruptedException {
        for (Informer<?> informer : informers.values()) {
            informer.awaitSync(patience);
        }
    }

    public boolean synced() {
        return informers.values().stream().allMatch(Informer::synced);
    }

    @Override
    public void close() {
        informers.values().forEach(Informer::close);
    }
}
