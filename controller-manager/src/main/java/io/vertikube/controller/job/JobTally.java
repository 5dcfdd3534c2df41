package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Pods;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a Job's pods have come to. A pod keeps its tracking finalizer until its end stands in the Job's status, so that none is
 * counted twice and none is forgotten: first its uid is written into the status, then the finalizer goes, then the uid becomes
 * part of the count. Immutable.
 *
 * @param succeeded all successes, written and new
 * @param failed all failures, written and new
 * @param countedSucceeded successes that are counted for good
 * @param countedFailed failures that are counted for good
 * @param waitingSucceeded uids of successes that wait for their finalizer to go
 * @param waitingFailed the same for failures
 * @param released pods whose finalizer may go without being counted
 * @param failuresByIndex how often each index has failed, where the Job limits that
 * @param failJob why the pod failure policy ends the Job
 */
record JobTally(
        List<Pod> active,
        List<Pod> terminating,
        int succeeded,
        int failed,
        int countedSucceeded,
        int countedFailed,
        Set<String> waitingSucceeded,
        Set<String> waitingFailed,
        List<Pod> released,
        IndexSet completedIndexes,
        IndexSet failedIndexes,
        Map<Integer, Integer> failuresByIndex,
        Optional<String> failJob) {
    JobTally {
        active = List.copyOf(active);
        terminating = List.copyOf(terminating);
        waitingSucceeded = Set.copyOf(waitingSucceeded);
        waitingFailed = Set.copyOf(waitingFailed);
        released = List.copyOf(released);
        failuresByIndex = Map.copyOf(failuresByIndex);
    }

    static JobTally of(Job job, List<Pod> pods) {
        return new Count(job, pods).tally();
    }

    /** Whether a pod on its way out is replaced only when it has ended. */
    static boolean replacesEndedOnly(Job job) {
        return "Failed".equals(job.getSpec().getPodReplacementPolicy())
                || job.getSpec().getPodFailurePolicy() != null;
    }

    int ready() {
        return (int) active.stream().filter(Pods::ready).count();
    }

    /** One count; confined to the call that makes it. */
    private static final class Count {
        private final Job job;
        private final List<Pod> pods;
        private final JobStatus status;
        private final boolean indexed;
        private final int completions;
        private final Set<String> waitingSucceeded = new LinkedHashSet<>();
        private final Set<String> waitingFailed = new LinkedHashSet<>();
        private final List<Pod> active = new ArrayList<>();
        private final List<Pod> terminating = new ArrayList<>();
        private final List<Pod> released = new ArrayList<>();
        private final Map<Integer, Integer> failuresByIndex = new HashMap<>();
        private final Set<Integer> activeIndexes = new HashSet<>();
        private int countedSucceeded;
        private int countedFailed;
        private IndexSet completed;
        private IndexSet failedIndexes;
        private Optional<String> failJob = Optional.empty();

        private Count(Job job, List<Pod> pods) {
            this.job = job;
            this.pods = pods;
            this.status = job.getStatus() == null ? new JobStatus() : job.getStatus();
            this.indexed = JobPod.indexed(job);
            this.completions = Fields.number(job.getSpec().getCompletions());
            this.countedSucceeded = Fields.number(status.getSucceeded());
            this.countedFailed = Fields.number(status.getFailed());
            this.completed = IndexSet.parse(status.getCompletedIndexes(), completions);
            this.failedIndexes = IndexSet.parse(status.getFailedIndexes(), completions);
        }

        private JobTally tally() {
            settle();
            pods.forEach(this::sort);
            for (Pod pod : pods) {
                if (!JobPod.counted(pod) && !waits(pod)) {
                    if (Pods.succeeded(pod)) {
                        succeed(pod);
                    } else if (ended(pod)) {
                        fail(pod);
                    }
                }
            }
            if (indexed) {
                countedSucceeded = completed.size();
            }
            int succeeded = indexed ? completed.size() : countedSucceeded + waitingSucceeded.size();
            return new JobTally(
                    active,
                    terminating,
                    succeeded,
                    countedFailed + waitingFailed.size(),
                    countedSucceeded,
                    countedFailed,
                    waitingSucceeded,
                    waitingFailed,
                    released,
                    completed,
                    failedIndexes.without(completed),
                    failuresByIndex,
                    failJob);
        }

        /** Uids whose pods have lost the finalizer (or are gone) become part of the counts. */
        private void settle() {
            Set<String> held = new HashSet<>();
            for (Pod pod : pods) {
                if (!JobPod.counted(pod)) {
                    held.add(pod.getMetadata().getUid());
                }
            }
            var uncounted = status.getUncountedTerminatedPods();
            if (uncounted == null) {
                return;
            }
            for (String uid : Fields.list(uncounted.getSucceeded())) {
                if (held.contains(uid)) {
                    waitingSucceeded.add(uid);
                } else {
                    countedSucceeded++;
                }
            }
            for (String uid : Fields.list(uncounted.getFailed())) {
                if (held.contains(uid)) {
                    waitingFailed.add(uid);
                } else {
                    countedFailed++;
                }
            }
        }

        private void sort(Pod pod) {
            OptionalInt index = JobPod.index(pod);
            if (indexed && index.isPresent()) {
                int failures = JobPod.failuresBefore(pod) + (ended(pod) && !Pods.succeeded(pod) ? 1 : 0);
                failuresByIndex.merge(index.getAsInt(), failures, Math::max);
            }
            if (Pods.active(pod)) {
                active.add(pod);
                index.ifPresent(activeIndexes::add);
            } else if (Pods.terminating(pod) && !Pods.finished(pod)) {
                terminating.add(pod);
            }
        }

        private void succeed(Pod pod) {
            if (!indexed) {
                waitingSucceeded.add(pod.getMetadata().getUid());
                return;
            }
            JobPod.index(pod).ifPresent(index -> {
                if (index < completions) {
                    completed = completed.with(index);
                }
            });
            waitingSucceeded.add(pod.getMetadata().getUid());
        }

        private void fail(Pod pod) {
            FailurePolicy.Verdict verdict = FailurePolicy.judge(job, pod);
            switch (verdict.action()) {
                case IGNORE -> {
                    released.add(pod);
                    JobPod.index(pod).ifPresent(index -> failuresByIndex.put(index, JobPod.failuresBefore(pod)));
                    return;
                }
                case FAIL_JOB -> failJob = failJob.or(() -> Optional.of(verdict.message()));
                case FAIL_INDEX, COUNT -> {}
            }
            if (heldForItsIndex(pod, verdict.action() == FailurePolicy.Action.FAIL_INDEX)) {
                return;
            }
            waitingFailed.add(pod.getMetadata().getUid());
        }

        /** Where failures are limited by index, the last failed pod of an index is kept until its successor carries the number on. */
        private boolean heldForItsIndex(Pod pod, boolean failIndex) {
            Integer limit = job.getSpec().getBackoffLimitPerIndex();
            OptionalInt index = JobPod.index(pod);
            if (limit == null || index.isEmpty()) {
                return false;
            }
            int at = index.getAsInt();
            if (failIndex || JobPod.failuresBefore(pod) + 1 > limit) {
                failedIndexes = failedIndexes.with(at);
                return false;
            }
            boolean ends = failJob.isPresent() || job.getMetadata().getDeletionTimestamp() != null;
            return !ends && !activeIndexes.contains(at) && !completed.contains(at) && !JobConditions.ending(job);
        }

        private boolean waits(Pod pod) {
            String uid = pod.getMetadata().getUid();
            return waitingSucceeded.contains(uid) || waitingFailed.contains(uid);
        }

        private boolean ended(Pod pod) {
            return Pods.finished(pod) || (Pods.terminating(pod) && !replacesEndedOnly(job));
        }
    }
}
