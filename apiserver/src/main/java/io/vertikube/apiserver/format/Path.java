package io.vertikube.apiserver.format;

import org.jspecify.annotations.Nullable;

/**
 * Where a walk through an object stands: {@code spec.list[0].name}, or {@code spec.map[key]}. A step costs one small
 * object, the text is made when an error needs it. Immutable.
 */
public final class Path {

    /** The whole object. */
    public static final Path ROOT = new Path(null, "");

    private final @Nullable Path parent;
    private final String step;

    private Path(@Nullable Path parent, String step) {
        this.parent = parent;
        this.step = step;
    }

    /** A path that has been written down already, such as {@code spec.versions[0].schema}. */
    public static Path of(String text) {
        return text.isEmpty() ? ROOT : new Path(null, text);
    }

    public Path field(String name) {
        return new Path(this, isEmpty() ? name : "." + name);
    }

    public Path index(int index) {
        return new Path(this, "[" + index + "]");
    }

    public Path key(String key) {
        return new Path(this, "[" + key + "]");
    }

    public boolean isEmpty() {
        return parent == null && step.isEmpty();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        write(text);
        return text.toString();
    }

    /** The name that an error has: {@code <nil>} for the whole object, as Kubernetes writes it. */
    public String name() {
        return isEmpty() ? "<nil>" : toString();
    }

    private void write(StringBuilder text) {
        if (parent != null) {
            parent.write(text);
        }
        text.append(step);
    }
}
