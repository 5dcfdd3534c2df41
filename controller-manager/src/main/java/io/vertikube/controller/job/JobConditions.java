package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobCondition;
import io.vertikube.controller.workload.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The conditions of a Job, while a plan works on them. Confined to the plan that made it. */
public final class JobConditions {
    static final String COMPLETE = "Complete";
    static final String FAILED = "Failed";
    static final String FAILURE_TARGET = "FailureTarget";
    static final String SUCCESS_CRITERIA_MET = "SuccessCriteriaMet";
    static final String SUSPENDED = "Suspended";

    private final List<JobCondition> conditions;
    private final String now;

    JobConditions(Job job, Instant now) {
        this.conditions = new ArrayList<>(of(job));
        this.now = Fields.time(now);
    }

    /** Whether the Job has come to its end. */
    public static boolean finished(Job job) {
        return holds(job, COMPLETE) || holds(job, FAILED);
    }

    /** Whether it came to its end as it should. */
    public static boolean succeeded(Job job) {
        return holds(job, COMPLETE);
    }

    /** Whether its end is decided, and only its pods are still to go. */
    static boolean ending(Job job) {
        return holds(job, FAILURE_TARGET) || holds(job, SUCCESS_CRITERIA_MET);
    }

    static boolean holds(Job job, String type) {
        return of(job).stream().anyMatch(c -> type.equals(c.getType()) && "True".equals(c.getStatus()));
    }

    /** When the Job ended. */
    static Optional<Instant> finishedAt(Job job) {
        return of(job).stream()
                .filter(c -> List.of(COMPLETE, FAILED).contains(c.getType()) && "True".equals(c.getStatus()))
                .map(c -> Fields.instant(c.getLastTransitionTime()))
                .findFirst();
    }

    Optional<JobCondition> find(String type) {
        return conditions.stream()
                .filter(c -> type.equals(c.getType()) && "True".equals(c.getStatus()))
                .findFirst();
    }

    List<JobCondition> list() {
        return List.copyOf(conditions);
    }

    /** Sets a condition; whether its status changed. A condition that was never there is not added as False. */
    boolean set(String type, boolean status, String reason, String message) {
        String word = status ? "True" : "False";
        for (int i = 0; i < conditions.size(); i++) {
            JobCondition before = conditions.get(i);
            if (type.equals(before.getType())) {
                if (word.equals(before.getStatus())) {
                    return false;
                }
                conditions.set(i, new JobCondition(now, now, message, reason, word, type));
                return true;
            }
        }
        if (status) {
            conditions.add(new JobCondition(now, now, message, reason, word, type));
        }
        return status;
    }

    private static List<JobCondition> of(Job job) {
        return Fields.list(job.getStatus() == null ? null : job.getStatus().getConditions());
    }
}
