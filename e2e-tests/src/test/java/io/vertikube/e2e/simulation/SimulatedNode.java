package io.vertikube.e2e.simulation;

import io.vertikube.object.ObjectKey;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** A machine: whether it lives and is reached, and what runs on it. Safe for any thread. */
final class SimulatedNode {

    /** What became of it. */
    enum Fate {
        /** It lives and reaches the API server. */
        UP,
        /** It lives, its pods run, and nobody hears of it. */
        CUT_OFF,
        /** It is dead, and nothing runs on it. */
        CRASHED
    }

    /**
     * A pod whose containers run, or are about to.
     *
     * @param since when they started
     * @param stopAt when they will have ended, if somebody asked them to
     */
    record Local(
            ObjectKey key,
            String uid,
            Instant since,
            @Nullable Instant stopAt) {}

    private final String name;
    private final int number;
    private final Map<String, Local> locals = new ConcurrentHashMap<>();
    private volatile Fate fate = Fate.UP;

    SimulatedNode(String name, int number) {
        this.name = name;
        this.number = number;
    }

    String name() {
        return name;
    }

    int number() {
        return number;
    }

    Fate fate() {
        return fate;
    }

    boolean up() {
        return fate == Fate.UP;
    }

    void become(Fate other) {
        fate = other;
    }

    List<Local> running() {
        return List.copyOf(locals.values());
    }

    @Nullable
    Local local(String uid) {
        return locals.get(uid);
    }

    void put(Local local) {
        locals.put(local.uid, local);
    }

    void remove(String uid) {
        locals.remove(uid);
    }
}
