package io.vertikube.controller.cronjob;

import static io.vertikube.controller.Fixtures.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.vertikube.controller.Fixtures;
import io.vertikube.controller.cronjob.CronJobPlan.Notice;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** It is noon; the CronJob was made at 9:55 and last served at 11:00, where nothing else is said. */
final class CronJobPlanTest {

    @ParameterizedTest(name = "{0} after {1} s, deadline {2}")
    @CsvSource(
            nullValues = "-",
            value = {
                // schedule, seconds since last served, deadline, zone | start in seconds before now, next after now
                "0 * * * *,     3600, -,   -,              0,    3600",
                "0 * * * *,     60,   -,   -,              0,    3600",
                "30 * * * *,    3600, -,   -,              1800, 1800",
                "30 * * * *,    3600, 600, -,              -,    1800",
                "30 * * * *,    1800, -,   -,              -,    1800",
                "*/7 * * * *,   3600, -,   -,              0,    420",
                "5 12 * * *,    3600, -,   -,              -,    300",
                "0 13 * * *,    3600, -,   Europe/Berlin,  0,    86400",
                "0 0 1 1 *,     3600, -,   -,              -,    31492800",
            })
    void startsTheLatestTimeMissed(
            String schedule, long servedAgo, Long deadline, String zone, Long startAgo, long nextIn) {
        CronJobPlan plan = CronJobPlan.of(
                cronJob(c -> {
                    c.getSpec().setSchedule(schedule);
                    c.getSpec().setStartingDeadlineSeconds(deadline);
                    c.getSpec().setTimeZone(zone);
                    c.getStatus().setLastScheduleTime(Fixtures.ago(servedAgo));
                }),
                List.of(),
                Set.of(),
                NOW);
        assertThat(plan.start().map(start -> Duration.between(start.time(), NOW).toSeconds()))
                .isEqualTo(Optional.ofNullable(startAgo));
        assertThat(plan.next()).contains(NOW.plusSeconds(nextIn));
    }

    @Test
    void whatCannotStartSaysWhyAndWhenItWould() {
        assertThat(plan(c -> c.getSpec().setSchedule("61 * * * *")).say())
                .containsExactly(Notice.warning(
                        "UnparseableSchedule",
                        "unparseable schedule: \"61 * * * *\" : end of range (61) above maximum (59): 61"));
        assertThat(plan(c -> c.getSpec().setTimeZone("Mars/Base")).say())
                .containsExactly(Notice.warning(
                        "UnknownTimeZone", "invalid timeZone: \"Mars/Base\": unknown time zone Mars/Base"));
        CronJobPlan late = CronJobPlan.of(
                cronJob(c -> c.getSpec().setStartingDeadlineSeconds(20L)), List.of(), Set.of(), NOW.plusSeconds(30));
        assertThat(late.start()).isEmpty();
        assertThat(late.say()).isEmpty();
        CronJobPlan suspended = plan(c -> c.getSpec().setSuspend(true));
        assertThat(suspended.start()).isEmpty();
        assertThat(suspended.next()).isEmpty();
    }

    @Test
    void manyMissedTimesAreOneStartAndAWarning() {
        CronJobPlan plan = plan(c -> {
            c.getSpec().setSchedule("* * * * *");
            c.getStatus().setLastScheduleTime("2024-01-01T00:00:00Z");
        });
        assertThat(plan.start().orElseThrow().time()).isEqualTo(NOW);
        assertThat(plan.say()).extracting(Notice::reason).containsExactly("TooManyMissedTimes");
    }

    @ParameterizedTest
    @CsvSource({"Allow, true, 0", "Forbid, false, 0", "Replace, true, 1"})
    void whatStillRunsIsJoinedWaitedForOrReplaced(String policy, boolean starts, int replaced) {
        Job running = job("web-1", 1800, "");
        CronJobPlan plan = CronJobPlan.of(
                cronJob(c -> {
                    c.getSpec().setConcurrencyPolicy(policy);
                    activate(c, running);
                }),
                List.of(running),
                Set.of(),
                NOW);
        assertThat(plan.start().isPresent()).isEqualTo(starts);
        assertThat(plan.replace()).hasSize(replaced);
        assertThat(plan.status().getActive()).hasSize(1);
        assertThat(plan.say()).extracting(Notice::reason).isEqualTo(starts ? List.of() : List.of("JobAlreadyActive"));
    }

    @Test
    void theSameTimeIsNotStartedTwice() {
        CronJob cronJob = cronJob(c -> {});
        Job running = job(CronJobPlan.jobName(cronJob, NOW), 0, "");
        activate(cronJob, running);
        assertThat(CronJobPlan.of(cronJob, List.of(running), Set.of(), NOW).start())
                .isEmpty();
    }

    @Test
    void finishedLostAndUnexpectedJobsAreToldAndNoLongerActive() {
        Job complete = job("web-1", 1800, "Complete");
        Job failed = job("web-2", 1200, "Failed");
        Job strange = job("strange", 600, "");
        CronJob cronJob = cronJob(c -> c.getSpec().setSuspend(true));
        activate(cronJob, complete);
        activate(cronJob, failed);
        activate(cronJob, job("web-3", 300, ""));
        CronJobPlan plan = CronJobPlan.of(cronJob, List.of(complete, failed, strange), Set.of("uid-web-3"), NOW);
        assertThat(plan.status().getActive()).isEmpty();
        assertThat(plan.status().getLastSuccessfulTime()).isEqualTo(Fixtures.ago(1740));
        assertThat(plan.say())
                .containsExactly(
                        Notice.normal("SawCompletedJob", "Saw completed job: web-1, condition: Complete"),
                        Notice.normal("SawCompletedJob", "Saw completed job: web-2, condition: Failed"),
                        Notice.warning(
                                "UnexpectedJob", "Saw a job that the controller did not create or forgot: strange"),
                        Notice.normal("MissingJob", "Active job went missing: web-3"));
    }

    @Test
    void theHistoryKeepsTheNewestOfEachKind() {
        List<Job> jobs = List.of(
                job("s1", 500, "Complete"),
                job("s2", 400, "Complete"),
                job("s3", 300, "Complete"),
                job("f1", 450, "Failed"),
                job("f2", 350, "Failed"),
                job("r", 100, ""));
        CronJobPlan plan = CronJobPlan.of(
                cronJob(c -> {
                    c.getSpec().setSuccessfulJobsHistoryLimit(1);
                    c.getSpec().setFailedJobsHistoryLimit(0);
                }),
                jobs,
                Set.of(),
                NOW);
        assertThat(plan.delete())
                .extracting(job -> job.getMetadata().getName())
                .containsExactly("s1", "s2", "f1", "f2");
    }

    private static CronJobPlan plan(Consumer<CronJob> change) {
        return CronJobPlan.of(cronJob(change), List.of(), Set.of(), NOW);
    }

    private static CronJob cronJob(Consumer<CronJob> change) {
        CronJob cronJob = new CronJobBuilder()
                .withNewMetadata()
                .withName("web")
                .withNamespace("ns")
                .withUid("uid")
                .withCreationTimestamp(Instant.parse("2026-01-01T09:55:00Z").toString())
                .endMetadata()
                .withNewSpec()
                .withSchedule("0 * * * *")
                .endSpec()
                .withNewStatus()
                .withLastScheduleTime(Fixtures.ago(3600))
                .endStatus()
                .build();
        change.accept(cronJob);
        return cronJob;
    }

    private static void activate(CronJob cronJob, Job job) {
        cronJob.getStatus()
                .getActive()
                .add(new ObjectReferenceBuilder()
                        .withName(job.getMetadata().getName())
                        .withUid(job.getMetadata().getUid())
                        .build());
    }

    /** @param end the condition it ended with a minute after its start; empty while it runs */
    private static Job job(String name, long startedAgo, String end) {
        Job job = new JobBuilder()
                .withNewMetadata()
                .withName(name)
                .withUid("uid-" + name)
                .endMetadata()
                .withNewStatus()
                .withStartTime(Fixtures.ago(startedAgo))
                .endStatus()
                .build();
        if (!end.isEmpty()) {
            job.getStatus().setCompletionTime(Fixtures.ago(startedAgo - 60));
            job.getStatus()
                    .getConditions()
                    .add(new io.fabric8.kubernetes.api.model.batch.v1.JobConditionBuilder()
                            .withType(end)
                            .withStatus("True")
                            .build());
        }
        return job;
    }
}
