package io.vertikube.controller.cronjob;

import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobSpec;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.vertikube.controller.job.JobConditions;
import io.vertikube.controller.workload.Fields;
import io.vertikube.value.CronSchedule;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What to do about one CronJob now: first its history and the list of what runs, then perhaps a start. Immutable.
 *
 * @param status with {@code active} and {@code lastSuccessfulTime} as they are before the start
 * @param delete Jobs of the history that are one too many
 * @param say what happened, in order
 * @param replace running Jobs that make place for the start
 * @param start for which time a Job is to be made
 * @param next when to look again; empty for a CronJob that waits for its spec to change
 */
record CronJobPlan(
        CronJobStatus status,
        List<Job> delete,
        List<Notice> say,
        List<ObjectReference> replace,
        Optional<Start> start,
        Optional<Instant> next) {

    /** An event about the CronJob. */
    record Notice(boolean warning, String reason, String message) {
        static Notice normal(String reason, String message) {
            return new Notice(false, reason, message);
        }

        static Notice warning(String reason, String message) {
            return new Notice(true, reason, message);
        }
    }

    /** A time that is served now, as clocks in the CronJob's zone show it. */
    record Start(Instant time, ZoneId zone) {}

    private static final DateTimeFormatter MISSED =
            DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss xx", Locale.ROOT);

    CronJobPlan {
        delete = List.copyOf(delete);
        say = List.copyOf(say);
        replace = List.copyOf(replace);
    }

    /**
     * @param jobs those it controls
     * @param lost uids in {@code status.active} that no Job has any more
     */
    static CronJobPlan of(CronJob cronJob, List<Job> jobs, Set<String> lost, Instant now) {
        var say = new ArrayList<Notice>();
        CronJobStatus status = observed(cronJob, jobs, lost, say);
        List<Job> delete = surplus(cronJob.getSpec(), jobs);
        CronJobPlan idle = new CronJobPlan(status, delete, say, List.of(), Optional.empty(), Optional.empty());
        if (cronJob.getMetadata().getDeletionTimestamp() != null
                || Fields.flag(cronJob.getSpec().getSuspend())) {
            return idle;
        }
        ZoneId zone;
        CronSchedule schedule;
        String zoneName = Fields.text(cronJob.getSpec().getTimeZone());
        try {
            zone = zoneName.isEmpty() ? ZoneOffset.UTC : ZoneId.of(zoneName);
        } catch (DateTimeException e) {
            return idle.saying(Notice.warning(
                    "UnknownTimeZone", "invalid timeZone: \"" + zoneName + "\": unknown time zone " + zoneName));
        }
        try {
            schedule = CronSchedule.parse(cronJob.getSpec().getSchedule());
        } catch (IllegalArgumentException e) {
            return idle.saying(Notice.warning(
                    "UnparseableSchedule",
                    "unparseable schedule: \"" + cronJob.getSpec().getSchedule() + "\" : " + e.getMessage()));
        }
        return idle.scheduled(cronJob, schedule, zone, now);
    }

    private CronJobPlan saying(Notice notice) {
        var all = new ArrayList<>(say);
        all.add(notice);
        return new CronJobPlan(status, delete, all, replace, start, next);
    }

    private CronJobPlan scheduled(CronJob cronJob, CronSchedule schedule, ZoneId zone, Instant now) {
        CronJobSpec spec = cronJob.getSpec();
        MissedTimes missed = MissedTimes.between(schedule, zone, served(cronJob, now), now);
        CronJobPlan waiting = new CronJobPlan(status, delete, say, replace, Optional.empty(), schedule.next(now, zone));
        if (missed.many()) {
            waiting = waiting.saying(Notice.warning(
                    "TooManyMissedTimes",
                    "too many missed start times. Set or decrease .spec.startingDeadlineSeconds or check clock skew"));
        }
        if (missed.latest().isEmpty()) {
            return waiting;
        }
        Instant time = missed.latest().get();
        Long deadline = spec.getStartingDeadlineSeconds();
        if (deadline != null && time.plusSeconds(deadline).isBefore(now)) {
            return waiting.saying(Notice.warning(
                    "MissSchedule", "Missed scheduled time to start a job: " + MISSED.format(time.atZone(zone))));
        }
        String name = jobName(cronJob, time);
        boolean running =
                Fields.list(status.getActive()).stream().anyMatch(reference -> name.equals(reference.getName()));
        if (running || time.equals(Fields.instant(status.getLastScheduleTime()))) {
            return waiting;
        }
        List<ObjectReference> active = Fields.list(status.getActive());
        String policy = Objects.requireNonNullElse(spec.getConcurrencyPolicy(), "Allow");
        if (policy.equals("Forbid") && !active.isEmpty()) {
            return waiting.saying(Notice.normal(
                    "JobAlreadyActive",
                    "Not starting job because prior execution is running and concurrency policy is Forbid"));
        }
        return new CronJobPlan(
                status,
                delete,
                waiting.say,
                policy.equals("Replace") ? active : List.of(),
                Optional.of(new Start(time, zone)),
                waiting.next);
    }

    /** The name of the Job of a time: the same for whoever makes it, so that it is made once. */
    static String jobName(CronJob cronJob, Instant time) {
        return cronJob.getMetadata().getName() + "-" + time.getEpochSecond() / 60;
    }

    /** From when on times count as missed. */
    private static Instant served(CronJob cronJob, Instant now) {
        Instant from = cronJob.getStatus() != null && cronJob.getStatus().getLastScheduleTime() != null
                ? Fields.instant(cronJob.getStatus().getLastScheduleTime())
                : Fields.instant(cronJob.getMetadata().getCreationTimestamp());
        Long deadline = cronJob.getSpec().getStartingDeadlineSeconds();
        if (deadline != null) {
            Instant earliest = now.minus(Duration.ofSeconds(deadline));
            return earliest.isAfter(from) ? earliest : from;
        }
        return from;
    }

    private static CronJobStatus observed(CronJob cronJob, List<Job> jobs, Set<String> lost, List<Notice> say) {
        CronJobStatus before = cronJob.getStatus() == null ? new CronJobStatus() : cronJob.getStatus();
        Map<String, ObjectReference> active = new HashMap<>();
        var kept = new ArrayList<>(Fields.list(before.getActive()));
        kept.forEach(reference -> active.put(reference.getUid(), reference));
        Instant success = Fields.instant(before.getLastSuccessfulTime());
        for (Job job : jobs) {
            String uid = job.getMetadata().getUid();
            String name = job.getMetadata().getName();
            boolean listed = active.containsKey(uid);
            if (!listed && !JobConditions.finished(job)) {
                say.add(Notice.warning(
                        "UnexpectedJob", "Saw a job that the controller did not create or forgot: " + name));
            } else if (listed && JobConditions.finished(job)) {
                kept.removeIf(reference -> uid.equals(reference.getUid()));
                String condition = JobConditions.succeeded(job) ? "Complete" : "Failed";
                say.add(Notice.normal("SawCompletedJob", "Saw completed job: " + name + ", condition: " + condition));
            }
            if (JobConditions.succeeded(job)) {
                Instant ended = Fields.instant(job.getStatus().getCompletionTime());
                success = ended.isAfter(success) ? ended : success;
            }
        }
        for (String uid : lost) {
            ObjectReference reference = active.get(uid);
            if (reference != null && kept.removeIf(r -> uid.equals(r.getUid()))) {
                say.add(Notice.normal("MissingJob", "Active job went missing: " + reference.getName()));
            }
        }
        return new CronJobStatusBuilder(before)
                .withActive(kept)
                .withLastSuccessfulTime(success.equals(Instant.EPOCH) ? null : Fields.time(success))
                .build();
    }

    /** The oldest finished Jobs beyond what the history keeps. */
    private static List<Job> surplus(CronJobSpec spec, List<Job> jobs) {
        var surplus = new ArrayList<Job>();
        surplus.addAll(oldest(jobs, true, spec.getSuccessfulJobsHistoryLimit()));
        surplus.addAll(oldest(jobs, false, spec.getFailedJobsHistoryLimit()));
        return surplus;
    }

    private static List<Job> oldest(List<Job> jobs, boolean succeeded, @Nullable Integer limit) {
        if (limit == null) {
            return List.of();
        }
        List<Job> finished = jobs.stream()
                .filter(job -> JobConditions.finished(job) && JobConditions.succeeded(job) == succeeded)
                .sorted(Comparator.comparing(CronJobPlan::started)
                        .thenComparing(job -> job.getMetadata().getName()))
                .toList();
        return finished.subList(0, Math.max(0, finished.size() - limit));
    }

    private static Instant started(Job job) {
        String time = job.getStatus() == null ? null : job.getStatus().getStartTime();
        return Fields.instant(time);
    }
}
