package io.vertikube.e2e.simulation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Who watches sees every change of his type exactly once and in order: what followers report is held against the store.
 * A follower that was told to list again starts over at the list. Safe for any thread.
 */
final class WatchesAreComplete implements Invariant {

    static final String BOOKMARK = "BOOKMARK";
    private static final String LIST = "LIST";

    /** What happened to an object at a revision; {@code word} as on the wire. */
    record Seen(long revision, String word, ObjectId id) {}

    /** One that watches a type. Guarded by the invariant. */
    static final class Follower {
        private final String name;
        private final String plural;
        private final List<Seen> news = new ArrayList<>();
        private int next;

        private Follower(String name, String plural) {
            this.name = name;
            this.plural = plural;
        }
    }

    private final Map<String, List<Seen>> truth = new HashMap<>();
    private final List<Follower> followers = new ArrayList<>();
    private final List<Finding> found = new ArrayList<>();
    private long compared;
    private long arrived;

    @Override
    public String name() {
        return "watches are complete";
    }

    synchronized Follower follower(String name, String plural) {
        var follower = new Follower(name, plural);
        followers.add(follower);
        truth.computeIfAbsent(plural, p -> new ArrayList<>());
        return follower;
    }

    /** How many events have been compared so far. */
    synchronized long compared() {
        return compared;
    }

    /** A follower has a list as of a revision, and will see what comes after it. */
    synchronized void listed(Follower follower, long revision) {
        follower.news.add(new Seen(revision, LIST, new ObjectId(follower.plural, "", "")));
    }

    /** A follower was told of a change; of a bookmark only the revision counts. */
    synchronized void saw(Follower follower, Seen event) {
        follower.news.add(event);
    }

    @Override
    public synchronized List<Finding> changed(Change change, State state) {
        arrived = change.revision();
        List<Seen> all = truth.get(change.id().plural());
        if (all != null) {
            String word = change.after() == null ? "DELETED" : change.before() == null ? "ADDED" : "MODIFIED";
            all.add(new Seen(change.revision(), word, change.id()));
        }
        return List.of();
    }

    @Override
    public synchronized List<Finding> settled(State state) {
        followers.forEach(this::compare);
        List<Finding> seen = List.copyOf(found);
        found.clear();
        return seen;
    }

    @Override
    public synchronized List<Finding> unmet(State state) {
        var open = new ArrayList<Finding>();
        for (Follower follower : followers) {
            compare(follower);
            List<Seen> all = truth.getOrDefault(follower.plural, List.of());
            if (follower.next < all.size()) {
                Seen missing = all.get(follower.next);
                open.add(new Finding(missing.id, follower.name + " has not been told of " + missing));
            }
        }
        return open;
    }

    /** Holds what a follower saw against as much of the truth as has arrived. */
    private void compare(Follower follower) {
        List<Seen> all = truth.getOrDefault(follower.plural, List.of());
        int done = 0;
        for (Seen event : follower.news) {
            if (event.revision > arrived) {
                break;
            }
            Seen expected = follower.next < all.size() ? all.get(follower.next) : null;
            switch (event.word) {
                case LIST -> follower.next = Math.max(follower.next, after(all, event.revision));
                case BOOKMARK -> {
                    if (expected != null && expected.revision <= event.revision) {
                        wrong(
                                expected.id,
                                follower,
                                "was told that it is at " + event.revision + " without " + expected);
                        follower.next = after(all, event.revision);
                    }
                }
                default -> {
                    compared++;
                    if (event.equals(expected)) {
                        follower.next++;
                    } else {
                        wrong(event.id, follower, "saw " + event + " where " + expected + " comes next");
                        follower.next = Math.max(follower.next, after(all, event.revision));
                    }
                }
            }
            done++;
        }
        follower.news.subList(0, done).clear();
    }

    private void wrong(ObjectId id, Follower follower, String what) {
        found.add(new Finding(id, follower.name + " " + what));
    }

    /** The place of the first change after a revision. */
    private static int after(List<Seen> all, long revision) {
        int low = 0;
        int high = all.size();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (all.get(middle).revision <= revision) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }
}
