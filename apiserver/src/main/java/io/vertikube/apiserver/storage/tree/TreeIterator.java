package io.vertikube.apiserver.storage.tree;

import io.vertikube.apiserver.storage.tree.Node.Inner;
import io.vertikube.apiserver.storage.tree.Node.Leaf;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Walks the leaves of a tree from one index to another. Confined to one thread. */
final class TreeIterator<V> implements Iterator<Map.Entry<String, V>> {

    private static final int DEEPEST = 16;

    private final Inner[] path = new Inner[DEEPEST];
    private final int[] child = new int[DEEPEST];
    private int depth;
    private @Nullable Leaf leaf;
    private int at;
    private int left;

    TreeIterator(@Nullable Node root, int from, int to) {
        left = to - from;
        if (root != null && left > 0) {
            descend(root, from);
        }
    }

    private void descend(Node start, int skip) {
        Node node = start;
        int rest = skip;
        while (node instanceof Inner inner) {
            int i = 0;
            while (rest >= inner.children()[i].size()) {
                rest -= inner.children()[i].size();
                i++;
            }
            path[depth] = inner;
            child[depth] = i;
            depth++;
            node = inner.children()[i];
        }
        leaf = (Leaf) node;
        at = rest;
    }

    private void nextLeaf() {
        while (depth > 0) {
            Inner inner = path[depth - 1];
            int next = child[depth - 1] + 1;
            if (next < inner.width()) {
                child[depth - 1] = next;
                descend(inner.children()[next], 0);
                return;
            }
            depth--;
        }
        throw new NoSuchElementException();
    }

    @Override
    public boolean hasNext() {
        return left > 0;
    }

    /** The next value alone: what a list needs, with no entry made. */
    V nextValue() {
        Leaf here = advance();
        return SortedTree.value(here, at++);
    }

    String nextKey() {
        Leaf here = advance();
        return here.keys()[at++];
    }

    @Override
    public Map.Entry<String, V> next() {
        Leaf here = advance();
        var entry = new SimpleImmutableEntry<String, V>(here.keys()[at], SortedTree.value(here, at));
        at++;
        return entry;
    }

    private Leaf advance() {
        if (left <= 0) {
            throw new NoSuchElementException();
        }
        left--;
        Leaf here = leaf;
        if (here == null || at >= here.width()) {
            nextLeaf();
            here = leaf;
        }
        if (here == null) {
            throw new NoSuchElementException();
        }
        return here;
    }
}
