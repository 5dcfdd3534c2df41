package io.vertikube.kubelet.runtime;

/** User and group ids of the machine that a pod of its own users has as 0 and up. Immutable. */
public record IdRange(long start, long length) {

    /** The first id that is none of it. */
    public long end() {
        return start + length;
    }

    public boolean overlaps(IdRange other) {
        return start < other.end() && other.start < end();
    }

    @Override
    public String toString() {
        return start + " to " + (end() - 1);
    }
}
