package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.UncountedTerminatedPods;
import io.vertikube.controller.workload.DeletionRank;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * The next status of a Job, and which pods it creates and deletes once that status is written. Immutable.
 *
 * @param create how many pods to create; for an indexed Job as many as {@code indexes}
 * @param uncountedDeletes whether pods that are deleted now are not to count as failures: the Job changed, not the pods
 * @param notes what to tell in events
 */
record JobPlan(
        JobStatus status,
        int create,
        List<Integer> indexes,
        List<Pod> delete,
        boolean uncountedDeletes,
        Optional<Duration> lookAgain,
        List<Note> notes) {
    /** Pods created in one go. */
    private static final int BURST = 500;

    /** An event to be. */
    record Note(boolean warning, String reason, String message) {}

    JobPlan {
        indexes = List.copyOf(indexes);
        delete = List.copyOf(delete);
        notes = List.copyOf(notes);
    }

    static JobPlan of(Job job, JobTally tally, List<Pod> pods, Instant now) {
        return new Pass(job, tally, pods, now).plan();
    }

    /** One pass; confined to the call that makes it. */
    private static final class Pass {
        private final Job job;
        private final JobTally tally;
        private final List<Pod> pods;
        private final Instant now;
        private final JobConditions conditions;
        private final List<Note> notes = new ArrayList<>();
        private final List<Integer> indexes = new ArrayList<>();
        private final List<Pod> delete = new ArrayList<>();
        private int create;
        private boolean uncountedDeletes;
        private Optional<Duration> lookAgain = Optional.empty();
        private Optional<String> startTime;
        private Optional<String> completionTime = Optional.empty();

        private Pass(Job job, JobTally tally, List<Pod> pods, Instant now) {
            this.job = job;
            this.tally = tally;
            this.pods = pods;
            this.now = now;
            this.conditions = new JobConditions(job, now);
            this.startTime = Optional.ofNullable(
                    job.getStatus() == null ? null : job.getStatus().getStartTime());
        }

        private JobPlan plan() {
            boolean suspended = Fields.flag(job.getSpec().getSuspend());
            if (startTime.isEmpty() && !suspended) {
                startTime = Optional.of(Fields.time(now));
            }
            decideEnd();
            if (conditions.find(JobConditions.FAILURE_TARGET).isPresent()
                    || conditions.find(JobConditions.SUCCESS_CRITERIA_MET).isPresent()) {
                delete.addAll(tally.active());
                finishWhenQuiet();
            } else if (job.getMetadata().getDeletionTimestamp() == null) {
                if (suspended) {
                    suspend();
                } else {
                    resume();
                    manage();
                }
            }
            return new JobPlan(status(), create, indexes, delete, uncountedDeletes, lookAgain, notes);
        }

        private void decideEnd() {
            if (conditions.find(JobConditions.FAILURE_TARGET).isPresent()
                    || conditions.find(JobConditions.SUCCESS_CRITERIA_MET).isPresent()) {
                return;
            }
            OptionalInt rule = SuccessPolicy.met(job, tally.completedIndexes());
            if (tally.failJob().isPresent()) {
                fail("PodFailurePolicy", tally.failJob().get());
            } else if (rule.isPresent()) {
                succeed("SuccessPolicy", "Matched rules at index " + rule.getAsInt());
            } else if (exceedsBackoff()) {
                fail("BackoffLimitExceeded", "Job has reached the specified backoff limit");
            } else if (pastDeadline()) {
                fail("DeadlineExceeded", "Job was active longer than specified deadline");
            } else {
                decideByIndexes();
            }
        }

        private void decideByIndexes() {
            Integer completions = job.getSpec().getCompletions();
            Integer maxFailed = job.getSpec().getMaxFailedIndexes();
            int failedIndexes = tally.failedIndexes().size();
            if (job.getSpec().getBackoffLimitPerIndex() != null) {
                if (maxFailed != null && failedIndexes > maxFailed) {
                    fail("MaxFailedIndexesExceeded", "Job has exceeded the specified maximal number of failed indexes");
                    return;
                }
                boolean all = failedIndexes + tally.completedIndexes().size() >= Fields.number(completions);
                if (failedIndexes > 0 && all) {
                    fail("FailedIndexes", "Job has failed indexes");
                    return;
                }
            }
            boolean enough = completions == null
                    ? tally.succeeded() > 0 && tally.active().isEmpty()
                    : tally.succeeded() >= completions;
            if (enough && tally.active().isEmpty()) {
                succeed("CompletionsReached", "Reached expected number of succeeded pods");
            }
        }

        private boolean exceedsBackoff() {
            if (job.getSpec().getBackoffLimitPerIndex() != null) {
                return false;
            }
            int limit = Fields.number(job.getSpec().getBackoffLimit(), 6);
            if (tally.failed() > limit) {
                return true;
            }
            var template = job.getSpec().getTemplate().getSpec();
            if (template == null || !"OnFailure".equals(template.getRestartPolicy())) {
                return false;
            }
            int restarts =
                    tally.active().stream().mapToInt(JobPlan::allRestarts).sum();
            return limit == 0 ? restarts > 0 : restarts >= limit;
        }

        private boolean pastDeadline() {
            Long seconds = job.getSpec().getActiveDeadlineSeconds();
            if (seconds == null
                    || startTime.isEmpty()
                    || Fields.flag(job.getSpec().getSuspend())) {
                return false;
            }
            Instant deadline = Fields.instant(startTime.get()).plusSeconds(seconds);
            if (!deadline.isAfter(now)) {
                return true;
            }
            lookAgain = Optional.of(Duration.between(now, deadline));
            return false;
        }

        private void fail(String reason, String message) {
            conditions.set(JobConditions.FAILURE_TARGET, true, reason, message);
        }

        private void succeed(String reason, String message) {
            conditions.set(JobConditions.SUCCESS_CRITERIA_MET, true, reason, message);
        }

        /** The end is final when no pod runs any more and all that ended are counted. */
        private void finishWhenQuiet() {
            boolean quiet = tally.active().isEmpty()
                    && tally.terminating().isEmpty()
                    && tally.waitingSucceeded().isEmpty()
                    && tally.waitingFailed().isEmpty();
            if (!quiet) {
                return;
            }
            Optional<JobCondition> failure = conditions.find(JobConditions.FAILURE_TARGET);
            if (failure.isPresent()) {
                String reason = Fields.text(failure.get().getReason());
                String message = Fields.text(failure.get().getMessage());
                if (conditions.set(JobConditions.FAILED, true, reason, message)) {
                    notes.add(new Note(true, reason, message));
                }
                return;
            }
            JobCondition success =
                    conditions.find(JobConditions.SUCCESS_CRITERIA_MET).orElseThrow();
            completionTime = Optional.of(Fields.time(now));
            if (conditions.set(
                    JobConditions.COMPLETE,
                    true,
                    Fields.text(success.getReason()),
                    Fields.text(success.getMessage()))) {
                notes.add(new Note(false, "Completed", "Job completed"));
            }
        }

        private void suspend() {
            delete.addAll(tally.active());
            uncountedDeletes = true;
            startTime = Optional.empty();
            if (conditions.set(JobConditions.SUSPENDED, true, "JobSuspended", "Job suspended")) {
                notes.add(new Note(false, "Suspended", "Job suspended"));
            }
        }

        private void resume() {
            if (conditions.set(JobConditions.SUSPENDED, false, "JobResumed", "Job resumed")) {
                startTime = Optional.of(Fields.time(now));
                notes.add(new Note(false, "Resumed", "Job resumed"));
            }
        }

        private void manage() {
            int parallelism = Fields.number(job.getSpec().getParallelism(), 1);
            Integer completions = job.getSpec().getCompletions();
            int wanted;
            if (completions == null) {
                wanted = tally.succeeded() > 0 ? Math.min(tally.active().size(), parallelism) : parallelism;
            } else {
                int left =
                        completions - tally.succeeded() - tally.failedIndexes().size();
                wanted = Math.max(0, Math.min(parallelism, left));
            }
            List<Pod> surplus = surplus(wanted);
            if (!surplus.isEmpty()) {
                delete.addAll(surplus);
                uncountedDeletes = true;
                return;
            }
            int occupied = tally.active().size();
            if (JobTally.replacesEndedOnly(job)) {
                occupied += tally.terminating().size();
            }
            int missing = Math.min(wanted - occupied, BURST);
            if (missing <= 0) {
                return;
            }
            if (JobPod.indexed(job)) {
                chooseIndexes(missing);
            } else if (mayRetry(pods)) {
                create = missing;
            }
        }

        private List<Pod> surplus(int wanted) {
            var surplus = new ArrayList<Pod>();
            var kept = new ArrayList<Pod>();
            Set<Integer> seen = new HashSet<>();
            for (Pod pod : tally.active()) {
                OptionalInt index = JobPod.index(pod);
                boolean useless = JobPod.indexed(job)
                        && (index.isEmpty()
                                || index.getAsInt()
                                        >= Fields.number(job.getSpec().getCompletions())
                                || tally.completedIndexes().contains(index.getAsInt())
                                || !seen.add(index.getAsInt()));
                (useless ? surplus : kept).add(pod);
            }
            if (kept.size() > wanted) {
                surplus.addAll(DeletionRank.choose(kept.size() - wanted, kept, kept, now));
            }
            return surplus;
        }

        /** The lowest indexes that neither succeeded nor failed for good nor have a pod. */
        private void chooseIndexes(int missing) {
            Set<Integer> taken = new HashSet<>();
            tally.active().forEach(pod -> JobPod.index(pod).ifPresent(taken::add));
            if (JobTally.replacesEndedOnly(job)) {
                tally.terminating().forEach(pod -> JobPod.index(pod).ifPresent(taken::add));
            }
            boolean perIndex = job.getSpec().getBackoffLimitPerIndex() != null;
            if (!perIndex && !mayRetry(pods)) {
                return;
            }
            int completions = Fields.number(job.getSpec().getCompletions());
            for (int index = 0; index < completions && indexes.size() < missing; index++) {
                boolean open = !taken.contains(index)
                        && !tally.completedIndexes().contains(index)
                        && !tally.failedIndexes().contains(index);
                if (open && (!perIndex || mayRetry(podsOf(index)))) {
                    indexes.add(index);
                }
            }
            create = indexes.size();
        }

        private List<Pod> podsOf(int index) {
            return pods.stream()
                    .filter(pod -> JobPod.index(pod).equals(OptionalInt.of(index)))
                    .toList();
        }

        private boolean mayRetry(List<Pod> tried) {
            Optional<Duration> wait = RetryDelay.left(tried, now);
            wait.ifPresent(left -> lookAgain =
                    lookAgain.filter(sooner -> sooner.compareTo(left) < 0).or(() -> Optional.of(left)));
            return wait.isEmpty();
        }

        private JobStatus status() {
            JobStatus old = job.getStatus() == null ? new JobStatus() : job.getStatus();
            boolean indexed = JobPod.indexed(job);
            String failedIndexes = tally.failedIndexes().toString();
            String completed = tally.completedIndexes().toString();
            return new JobStatusBuilder(old)
                    .withStartTime(startTime.orElse(null))
                    .withCompletionTime(completionTime.orElse(old.getCompletionTime()))
                    .withActive(Fields.count(tally.active().size()))
                    .withReady(tally.ready())
                    .withTerminating(tally.terminating().size())
                    .withSucceeded(Fields.count(tally.countedSucceeded()))
                    .withFailed(Fields.count(tally.countedFailed()))
                    .withCompletedIndexes(indexed && !completed.isEmpty() ? completed : null)
                    .withFailedIndexes(job.getSpec().getBackoffLimitPerIndex() == null ? null : failedIndexes)
                    .withUncountedTerminatedPods(new UncountedTerminatedPods(
                            sorted(tally.waitingFailed()), sorted(tally.waitingSucceeded())))
                    .withConditions(conditions.list())
                    .build();
        }

        private static List<String> sorted(Set<String> uids) {
            return uids.stream().sorted().toList();
        }
    }

    private static int allRestarts(Pod pod) {
        if (pod.getStatus() == null || !List.of("Running", "Pending").contains(Pods.phase(pod))) {
            return 0;
        }
        int restarts = Fields.list(pod.getStatus().getInitContainerStatuses()).stream()
                .mapToInt(status -> Fields.number(status.getRestartCount()))
                .sum();
        return restarts
                + Fields.list(pod.getStatus().getContainerStatuses()).stream()
                        .mapToInt(status -> Fields.number(status.getRestartCount()))
                        .sum();
    }
}
