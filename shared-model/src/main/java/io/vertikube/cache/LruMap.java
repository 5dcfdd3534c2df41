package io.vertikube.cache;

import java.util.LinkedHashMap;
import java.util.Map;

/** A map that holds so many and forgets first what was not used for longest. Confined, as a {@link LinkedHashMap} is. */
public final class LruMap<K, V> extends LinkedHashMap<K, V> {

    private static final long serialVersionUID = 1L;

    private final int most;

    public LruMap(int most) {
        super(16, 0.75f, /* accessOrder= */ true);
        this.most = most;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
        return size() > most;
    }
}
