package io.vertikube.apiserver.storage.tree;

import io.vertikube.apiserver.storage.tree.Node.Inner;
import io.vertikube.apiserver.storage.tree.Node.Leaf;
import java.util.Map;
import java.util.NavigableMap;
import org.jspecify.annotations.Nullable;

/**
 * A sorted map from strings to values as a persistent B+ tree: a change copies one path of some four small arrays and
 * shares the rest with the tree before, so that keeping an old tree costs next to nothing. Immutable.
 */
public final class SortedTree<V> {

    private final @Nullable Node root;

    private SortedTree(@Nullable Node root) {
        this.root = root;
    }

    public static <V> SortedTree<V> empty() {
        return new SortedTree<>(null);
    }

    public int size() {
        return root == null ? 0 : root.size();
    }

    public @Nullable V get(String key) {
        Node node = root;
        while (node instanceof Inner inner) {
            node = inner.children()[inner.childFor(key)];
        }
        if (node instanceof Leaf leaf) {
            int at = leaf.find(key);
            if (at >= 0) {
                return value(leaf, at);
            }
        }
        return null;
    }

    /** This map with the key added or replaced. */
    public SortedTree<V> with(String key, V value) {
        if (root == null) {
            return new SortedTree<>(new Leaf(new String[] {key}, new Object[] {value}));
        }
        Node changed = with(root, key, value);
        return new SortedTree<>(
                changed.width() > Node.MOST ? Inner.of(changed.leftHalf(), changed.rightHalf()) : changed);
    }

    private static Node with(Node node, String key, Object value) {
        return switch (node) {
            case Leaf leaf -> leaf.with(key, value);
            case Inner inner -> {
                int at = inner.childFor(key);
                yield inner.withChild(at, with(inner.children()[at], key, value));
            }
        };
    }

    /** This map with the key removed; this very map if it is not there. */
    public SortedTree<V> without(String key) {
        if (root == null) {
            return this;
        }
        Node changed = without(root, key);
        if (changed == null) {
            return this;
        }
        while (changed instanceof Inner inner && inner.width() == 1) {
            changed = inner.children()[0];
        }
        return new SortedTree<>(changed.width() == 0 ? null : changed);
    }

    private static @Nullable Node without(Node node, String key) {
        switch (node) {
            case Leaf leaf -> {
                int at = leaf.find(key);
                return at < 0 ? null : leaf.without(at);
            }
            case Inner inner -> {
                int at = inner.childFor(key);
                Node changed = without(inner.children()[at], key);
                return changed == null ? null : inner.shrunkChild(at, changed);
            }
        }
    }

    /** How many keys are less than this one. */
    int rank(String key) {
        int before = 0;
        Node node = root;
        while (node instanceof Inner inner) {
            int child = inner.childFor(key);
            for (int i = 0; i < child; i++) {
                before += inner.children()[i].size();
            }
            node = inner.children()[child];
        }
        if (node instanceof Leaf leaf) {
            int at = leaf.find(key);
            before += at >= 0 ? at : -at - 1;
        }
        return before;
    }

    /** The entry with so many before it. */
    Map.Entry<String, V> entryAt(int index) {
        int rest = index;
        Node node = root;
        while (node instanceof Inner inner) {
            int child = 0;
            while (rest >= inner.children()[child].size()) {
                rest -= inner.children()[child].size();
                child++;
            }
            node = inner.children()[child];
        }
        if (node instanceof Leaf leaf && rest >= 0 && rest < leaf.width()) {
            return Map.entry(leaf.keys()[rest], value(leaf, rest));
        }
        throw new IndexOutOfBoundsException(index);
    }

    /** A walk over the entries from one index (inclusive) to another (exclusive). */
    TreeIterator<V> iterator(int from, int to) {
        return new TreeIterator<>(root, from, to);
    }

    /** All entries, as a view. */
    public NavigableMap<String, V> asMap() {
        return new TreeRange<>(this, 0, size());
    }

    /** The entries whose key begins with this, as a view. */
    public NavigableMap<String, V> under(String prefix) {
        int from = rank(prefix);
        return new TreeRange<>(this, from, isNothingUnder(prefix) ? from : Math.max(from, rank(endOf(prefix))));
    }

    /** Found faster than by counting what stands before and after: most that is asked for at every write is not there. */
    private boolean isNothingUnder(String prefix) {
        Node node = root;
        @Nullable String next = null;
        while (node instanceof Inner inner) {
            int child = inner.childFor(prefix);
            if (child + 1 < inner.firstKeys().length) {
                next = inner.firstKeys()[child + 1];
            }
            node = inner.children()[child];
        }
        if (node instanceof Leaf leaf) {
            int at = leaf.find(prefix);
            if (at >= 0) {
                return false;
            }
            if (-at - 1 < leaf.width()) {
                next = leaf.keys()[-at - 1];
            }
        }
        return next == null || !next.startsWith(prefix);
    }

    /** A string after all those that begin with the prefix and before all others that follow it. */
    private static String endOf(String prefix) {
        return prefix + Character.MAX_VALUE;
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    static <V> V value(Leaf leaf, int at) {
        return (V) leaf.values()[at];
    }
}
