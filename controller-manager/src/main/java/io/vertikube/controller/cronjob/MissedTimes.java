package io.vertikube.controller.cronjob;

import io.vertikube.value.CronSchedule;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/**
 * The times of a schedule that have passed since it was last served. Immutable.
 *
 * @param latest the newest of them
 * @param many whether there are so many that something must be wrong with clocks or deadlines
 */
record MissedTimes(Optional<Instant> latest, boolean many) {

    private static final int MANY = 100;

    static MissedTimes between(CronSchedule schedule, ZoneId zone, Instant after, Instant now) {
        Optional<Instant> first = notAfter(schedule.next(after, zone), now);
        if (first.isEmpty()) {
            return new MissedTimes(Optional.empty(), false);
        }
        Optional<Instant> time = first;
        Instant latest = first.get();
        for (int count = 1; time.isPresent(); count++) {
            if (count > MANY) {
                return new MissedTimes(Optional.of(latest(schedule, zone, after, now)), true);
            }
            latest = time.get();
            time = notAfter(schedule.next(latest, zone), now);
        }
        return new MissedTimes(Optional.of(latest), false);
    }

    /** Looks back from now in growing steps, so that years of missed minutes are not counted one by one. */
    private static Instant latest(CronSchedule schedule, ZoneId zone, Instant after, Instant now) {
        for (Duration back = Duration.ofMinutes(1); ; back = back.multipliedBy(2)) {
            Instant from = now.minus(back);
            if (from.isBefore(after)) {
                from = after;
            }
            Optional<Instant> time = notAfter(schedule.next(from, zone), now);
            if (time.isEmpty()) {
                continue;
            }
            Instant latest = time.get();
            while (time.isPresent()) {
                latest = time.get();
                time = notAfter(schedule.next(latest, zone), now);
            }
            return latest;
        }
    }

    private static Optional<Instant> notAfter(Optional<Instant> time, Instant limit) {
        return time.filter(t -> !t.isAfter(limit));
    }
}
