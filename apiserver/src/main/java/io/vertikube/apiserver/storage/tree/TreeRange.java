package io.vertikube.apiserver.storage.tree;

import java.util.AbstractCollection;
import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a tree as a map, held as two indices. Size, bounds and narrowing are logarithmic, walking is linear;
 * turned round ({@link #descendingMap}) or as a navigable key set it is copied. Immutable: changing methods throw.
 */
final class TreeRange<V> extends AbstractMap<String, V> implements NavigableMap<String, V> {

    private final SortedTree<V> tree;
    private final int from;
    private final int to;

    TreeRange(SortedTree<V> tree, int from, int to) {
        this.tree = tree;
        this.from = from;
        this.to = to;
    }

    @Override
    public int size() {
        return to - from;
    }

    @Override
    public boolean isEmpty() {
        return to == from;
    }

    @Override
    public @Nullable V get(@Nullable Object key) {
        if (!(key instanceof String string)) {
            return null;
        }
        V value = tree.get(string);
        if (value == null) {
            return null;
        }
        int index = tree.rank(string);
        return index >= from && index < to ? value : null;
    }

    @Override
    public boolean containsKey(@Nullable Object key) {
        return get(key) != null;
    }

    @Override
    public Set<Map.Entry<String, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<Map.Entry<String, V>> iterator() {
                return tree.iterator(from, to);
            }

            @Override
            public int size() {
                return TreeRange.this.size();
            }
        };
    }

    @Override
    public Collection<V> values() {
        return new AbstractCollection<>() {
            @Override
            public Iterator<V> iterator() {
                TreeIterator<V> walk = tree.iterator(from, to);
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return walk.hasNext();
                    }

                    @Override
                    public V next() {
                        return walk.nextValue();
                    }
                };
            }

            @Override
            public int size() {
                return TreeRange.this.size();
            }
        };
    }

    @Override
    public Set<String> keySet() {
        return new AbstractSet<>() {
            @Override
            public Iterator<String> iterator() {
                TreeIterator<V> walk = tree.iterator(from, to);
                return new Iterator<>() {
                    @Override
                    public boolean hasNext() {
                        return walk.hasNext();
                    }

                    @Override
                    public String next() {
                        return walk.nextKey();
                    }
                };
            }

            @Override
            public int size() {
                return TreeRange.this.size();
            }

            @Override
            public boolean contains(@Nullable Object key) {
                return containsKey(key);
            }
        };
    }

    private Map.@Nullable Entry<String, V> at(int index) {
        return index >= from && index < to ? tree.entryAt(index) : null;
    }

    private static <V> @Nullable String key(Map.@Nullable Entry<String, V> entry) {
        return entry == null ? null : entry.getKey();
    }

    /** Index of the first key at or after (inclusive) or strictly after (exclusive) this one, within the range. */
    private int firstAfter(String key, boolean inclusive) {
        int index = tree.rank(key);
        if (!inclusive && tree.get(key) != null) {
            index++;
        }
        return Math.clamp(index, from, to);
    }

    @Override
    public NavigableMap<String, V> subMap(String low, boolean lowInclusive, String high, boolean highInclusive) {
        int start = firstAfter(low, lowInclusive);
        return new TreeRange<>(tree, start, Math.max(start, firstAfter(high, !highInclusive)));
    }

    @Override
    public NavigableMap<String, V> headMap(String high, boolean inclusive) {
        return new TreeRange<>(tree, from, firstAfter(high, !inclusive));
    }

    @Override
    public NavigableMap<String, V> tailMap(String low, boolean inclusive) {
        return new TreeRange<>(tree, firstAfter(low, inclusive), to);
    }

    @Override
    public NavigableMap<String, V> subMap(String low, String high) {
        return subMap(low, true, high, false);
    }

    @Override
    public NavigableMap<String, V> headMap(String high) {
        return headMap(high, false);
    }

    @Override
    public NavigableMap<String, V> tailMap(String low) {
        return tailMap(low, true);
    }

    @Override
    public Map.@Nullable Entry<String, V> lowerEntry(String key) {
        return at(firstAfter(key, true) - 1);
    }

    @Override
    public Map.@Nullable Entry<String, V> floorEntry(String key) {
        return at(firstAfter(key, false) - 1);
    }

    @Override
    public Map.@Nullable Entry<String, V> ceilingEntry(String key) {
        return at(firstAfter(key, true));
    }

    @Override
    public Map.@Nullable Entry<String, V> higherEntry(String key) {
        return at(firstAfter(key, false));
    }

    @Override
    public Map.@Nullable Entry<String, V> firstEntry() {
        return at(from);
    }

    @Override
    public Map.@Nullable Entry<String, V> lastEntry() {
        return at(to - 1);
    }

    @Override
    public @Nullable String lowerKey(String key) {
        return key(lowerEntry(key));
    }

    @Override
    public @Nullable String floorKey(String key) {
        return key(floorEntry(key));
    }

    @Override
    public @Nullable String ceilingKey(String key) {
        return key(ceilingEntry(key));
    }

    @Override
    public @Nullable String higherKey(String key) {
        return key(higherEntry(key));
    }

    @Override
    public String firstKey() {
        if (isEmpty()) {
            throw new NoSuchElementException();
        }
        return tree.entryAt(from).getKey();
    }

    @Override
    public String lastKey() {
        if (isEmpty()) {
            throw new NoSuchElementException();
        }
        return tree.entryAt(to - 1).getKey();
    }

    @Override
    public @Nullable Comparator<? super String> comparator() {
        return null;
    }

    @Override
    public NavigableMap<String, V> descendingMap() {
        return Collections.unmodifiableNavigableMap(new TreeMap<>(this).descendingMap());
    }

    @Override
    public NavigableSet<String> navigableKeySet() {
        return Collections.unmodifiableNavigableSet(new TreeMap<>(this).navigableKeySet());
    }

    @Override
    public NavigableSet<String> descendingKeySet() {
        return descendingMap().navigableKeySet();
    }

    @Override
    public Map.Entry<String, V> pollFirstEntry() {
        throw new UnsupportedOperationException("a snapshot does not change");
    }

    @Override
    public Map.Entry<String, V> pollLastEntry() {
        throw new UnsupportedOperationException("a snapshot does not change");
    }
}
