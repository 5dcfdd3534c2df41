package io.vertikube.apiserver.storage;

/** How fresh a read must be. Immutable. */
public sealed interface Read {

    /** Sees every write acknowledged, by any server, before the read began. */
    record Latest() implements Read {}

    /** Whatever the cache holds now. */
    record Any() implements Read {}

    /** At least as new as this revision; waits for it. */
    record NotOlderThan(long revision) implements Read {}

    /** As of this revision and no other. */
    record Exactly(long revision) implements Read {}

    static Read latest() {
        return new Latest();
    }

    static Read any() {
        return new Any();
    }

    static Read notOlderThan(long revision) {
        return new NotOlderThan(revision);
    }

    static Read exactly(long revision) {
        return new Exactly(revision);
    }
}
