package io.vertikube.controller.autoscaling;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** What was recommended and done for one autoscaler in the last hour. Immutable. */
record Recommendations(List<Recommendation> recommended, List<Change> ups, List<Change> downs) {

    /** Longer than any window or period may be. */
    private static final Duration KEPT = Duration.ofHours(1);

    static final Recommendations NONE = new Recommendations(List.of(), List.of(), List.of());

    record Recommendation(Instant at, int replicas) {}

    /** By how many pods the target was changed. */
    record Change(Instant at, int pods) {}

    Recommendations {
        recommended = List.copyOf(recommended);
        ups = List.copyOf(ups);
        downs = List.copyOf(downs);
    }

    /** With what stands when an autoscaler is seen for the first time, so that nothing is taken away at once. */
    Recommendations begunAt(int replicas, Instant now) {
        return recommended.isEmpty() ? recommend(replicas, now) : this;
    }

    Recommendations recommend(int replicas, Instant now) {
        return new Recommendations(
                add(recommended, new Recommendation(now, replicas), r -> young(r.at(), now)), ups, downs);
    }

    Recommendations scaled(int from, int to, Instant now) {
        return to > from
                ? new Recommendations(recommended, add(ups, new Change(now, to - from), c -> young(c.at(), now)), downs)
                : new Recommendations(
                        recommended, ups, add(downs, new Change(now, from - to), c -> young(c.at(), now)));
    }

    /** How many pods changes of the last seconds add up to. */
    static int sum(List<Change> changes, int seconds, Instant now) {
        return changes.stream()
                .filter(change -> change.at().plusSeconds(seconds).isAfter(now))
                .mapToInt(Change::pods)
                .sum();
    }

    private static boolean young(Instant at, Instant now) {
        return at.plus(KEPT).isAfter(now);
    }

    private static <T> List<T> add(List<T> list, T item, Predicate<T> kept) {
        var longer = new ArrayList<>(list.stream().filter(kept).toList());
        longer.add(item);
        return longer;
    }
}
