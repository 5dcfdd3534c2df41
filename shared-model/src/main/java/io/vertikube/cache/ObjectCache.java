package io.vertikube.cache;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Objects by key and by index. Written by one thread, read by any. */
final class ObjectCache<T extends HasMetadata> {

    static final String NAMESPACE = "namespace";

    private final Map<ObjectKey, T> objects = new ConcurrentHashMap<>();
    private final Map<String, Index<T>> indexes = new ConcurrentHashMap<>();

    ObjectCache() {
        addIndex(NAMESPACE, object -> List.of(ObjectKey.of(object).namespace()));
    }

    void addIndex(String name, Function<T, ? extends Collection<String>> values) {
        indexes.put(name, new Index<>(values, new ConcurrentHashMap<>()));
    }

    @Nullable
    T put(T object) {
        ObjectKey key = ObjectKey.of(object);
        T before = objects.put(key, object);
        for (Index<T> index : indexes.values()) {
            index.move(key, before, object);
        }
        return before;
    }

    @Nullable
    T remove(ObjectKey key) {
        T before = objects.remove(key);
        if (before != null) {
            for (Index<T> index : indexes.values()) {
                index.move(key, before, null);
            }
        }
        return before;
    }

    Optional<T> get(ObjectKey key) {
        return Optional.ofNullable(objects.get(key));
    }

    List<T> list() {
        return List.copyOf(objects.values());
    }

    int size() {
        return objects.size();
    }

    List<T> byIndex(String name, String value) {
        Index<T> index = indexes.get(name);
        if (index == null) {
            throw new IllegalArgumentException("no index \"" + name + "\"; there are " + indexes.keySet());
        }
        var found = new ArrayList<T>();
        for (ObjectKey key : index.keys.getOrDefault(value, Set.of())) {
            T object = objects.get(key);
            if (object != null) {
                found.add(object);
            }
        }
        return found;
    }

    private record Index<T>(Function<T, ? extends Collection<String>> values, Map<String, Set<ObjectKey>> keys) {

        void move(ObjectKey key, @Nullable T before, @Nullable T after) {
            Collection<String> old = before == null ? List.of() : values.apply(before);
            Collection<String> now = after == null ? List.of() : values.apply(after);
            for (String value : now) {
                keys.compute(value, (v, set) -> {
                    Set<ObjectKey> members = set == null ? ConcurrentHashMap.newKeySet() : set;
                    members.add(key);
                    return members;
                });
            }
            for (String value : old) {
                if (!now.contains(value)) {
                    keys.computeIfPresent(value, (v, set) -> {
                        set.remove(key);
                        return set.isEmpty() ? null : set;
                    });
                }
            }
        }
    }
}
