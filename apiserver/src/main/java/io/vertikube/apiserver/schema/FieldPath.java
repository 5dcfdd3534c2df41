package io.vertikube.apiserver.schema;

import java.util.ArrayDeque;
import java.util.Deque;

/** Where a walk through a tree stands, written as {@code spec.containers[0].image}. Confined to one walk. */
final class FieldPath {

    private final StringBuilder text = new StringBuilder();
    private final Deque<Integer> lengths = new ArrayDeque<>();

    void field(String name) {
        lengths.push(text.length());
        if (!text.isEmpty()) {
            text.append('.');
        }
        text.append(name);
    }

    void index(int index) {
        lengths.push(text.length());
        text.append('[').append(index).append(']');
    }

    /** Back to where the last {@link #field} or {@link #index} came from. */
    void up() {
        text.setLength(lengths.pop());
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
