package io.vertikube.controller.job;

import static io.vertikube.controller.Fixtures.NOW;
import static io.vertikube.controller.Fixtures.ago;
import static io.vertikube.controller.Fixtures.phase;
import static io.vertikube.controller.Fixtures.pod;
import static io.vertikube.controller.Fixtures.template;
import static io.vertikube.controller.Fixtures.terminating;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class JobPlanTest {
    private static final Instant LATER = NOW.plusSeconds(3600);

    @ParameterizedTest(name = "{0} of {1} done, {2} run, parallelism {3}: create {4}, delete {5}")
    @CsvSource({
        "0, 3, 0, 2, 2, 0",
        "2, 3, 0, 2, 1, 0",
        "1, 3, 2, 2, 0, 0",
        "0, 3, 2, 1, 0, 1",
        "0, 3, 1, 0, 0, 1",
    })
    void asManyRunAsMayAndAreMissing(int done, int completions, int running, int parallelism, int create, int delete) {
        Job job = job(completions, parallelism);
        job.getStatus().setSucceeded(done);
        List<Pod> pods = java.util.stream.IntStream.range(0, running)
                .mapToObj(i -> tracked(pod("p" + i)))
                .toList();
        JobPlan plan = plan(job, pods);
        assertThat(plan.create()).isEqualTo(create);
        assertThat(plan.delete()).hasSize(delete);
    }

    @Test
    void anEndedPodIsWrittenDownThenReleasedThenCounted() {
        Job job = job(2, 2);
        Pod ended = tracked(phase(pod("a"), "Succeeded"));
        JobStatus first = plan(job, List.of(ended)).status();
        assertThat(first.getUncountedTerminatedPods().getSucceeded()).containsExactly("uid-a");
        assertThat(first.getSucceeded()).isNull();
        Job written = new JobBuilder(job).withStatus(first).build();
        assertThat(plan(written, List.of(ended)).status()).isEqualTo(first);
        JobPlan released = plan(written, List.of(phase(pod("a"), "Succeeded")));
        assertThat(released.status().getSucceeded()).isEqualTo(1);
        assertThat(released.status().getUncountedTerminatedPods().getSucceeded())
                .isEmpty();
        assertThat(released.create()).isEqualTo(1);
        assertThat(plan(written, List.of()).status().getSucceeded()).isEqualTo(1);
    }

    @Test
    void itIsCompleteWhenAllAreCounted() {
        Job job = job(1, 1);
        Pod ended = tracked(phase(pod("a"), "Succeeded"));
        Job written = step(job, List.of(ended));
        assertThat(types(written)).containsExactly("SuccessCriteriaMet");
        Job complete = step(written, List.of(phase(pod("a"), "Succeeded")));
        assertThat(types(complete)).containsExactly("SuccessCriteriaMet", "Complete");
        assertThat(complete.getStatus().getCompletionTime()).isEqualTo(LATER.toString());
        assertThat(complete.getStatus().getSucceeded()).isEqualTo(1);
    }

    @Test
    void failuresBeyondTheLimitFailIt() {
        Job job = job(1, 1);
        job.getSpec().setBackoffLimit(1);
        job.getStatus().setFailed(1);
        Pod second = tracked(phase(pod("b"), "Failed"));
        Pod other = tracked(pod("c"));
        JobPlan plan = plan(job, List.of(second, other));
        assertThat(plan.delete()).containsExactly(other);
        Job failing = new JobBuilder(job).withStatus(plan.status()).build();
        assertThat(types(failing)).containsExactly("FailureTarget");
        JobPlan last = plan(failing, List.of(phase(pod("b"), "Failed")));
        assertThat(last.status().getConditions())
                .extracting(c -> c.getType() + " " + c.getReason())
                .containsExactly("FailureTarget BackoffLimitExceeded", "Failed BackoffLimitExceeded");
        assertThat(last.status().getFailed()).isEqualTo(2);
        assertThat(last.notes())
                .containsExactly(
                        new JobPlan.Note(true, "BackoffLimitExceeded", "Job has reached the specified backoff limit"));
    }

    @Test
    void aFailureIsRetriedAfterAWhile() {
        Job job = job(1, 1);
        Pod failed = phase(pod("a"), "Failed");
        JobPlan soon = JobPlan.of(job, JobTally.of(job, List.of(failed)), List.of(failed), NOW.minusSeconds(55));
        assertThat(soon.create()).isZero();
        assertThat(soon.lookAgain()).contains(Duration.ofSeconds(5));
        assertThat(plan(job, List.of(failed)).create()).isEqualTo(1);
        assertThat(RetryDelay.left(3, NOW, NOW)).contains(Duration.ofSeconds(40));
        assertThat(RetryDelay.left(30, NOW, NOW)).contains(Duration.ofMinutes(10));
    }

    @ParameterizedTest(name = "{0}: {1} more")
    @CsvSource({"TerminatingOrFailed, 1", "Failed, 0"})
    void aPodOnItsWayOutIsReplacedAtOnceOrWhenItHasEnded(String policy, int create) {
        Job job = job(1, 1);
        job.getSpec().setPodReplacementPolicy(policy);
        JobPlan plan = plan(job, List.of(tracked(terminating(pod("a")))));
        assertThat(plan.create()).isEqualTo(create);
        assertThat(plan.status().getTerminating()).isEqualTo(1);
        assertThat(plan(job, List.of(phase(pod("a"), "Failed"))).create()).isEqualTo(1);
    }

    @Test
    void theDeadlineEndsIt() {
        Job job = job(1, 1);
        job.getSpec().setActiveDeadlineSeconds(60L);
        job.getStatus().setStartTime(ago(30));
        JobPlan before = JobPlan.of(job, JobTally.of(job, List.of()), List.of(), NOW);
        assertThat(before.lookAgain()).contains(Duration.ofSeconds(30));
        JobPlan after = plan(job, List.of(tracked(pod("a"))));
        assertThat(after.status().getConditions().getFirst().getReason()).isEqualTo("DeadlineExceeded");
        assertThat(after.delete()).hasSize(1);
    }

    @Test
    void suspensionTakesPodsDownUncounted() {
        Job job = job(1, 1);
        job.getSpec().setSuspend(true);
        job.getStatus().setStartTime(ago(30));
        JobPlan plan = plan(job, List.of(tracked(pod("a"))));
        assertThat(plan.delete()).hasSize(1);
        assertThat(plan.uncountedDeletes()).isTrue();
        assertThat(plan.status().getStartTime()).isNull();
        Job suspended = new JobBuilder(job).withStatus(plan.status()).build();
        assertThat(types(suspended)).containsExactly("Suspended");
        suspended.getSpec().setSuspend(false);
        JobPlan resumed = plan(suspended, List.of());
        assertThat(resumed.create()).isEqualTo(1);
        assertThat(resumed.status().getStartTime()).isEqualTo(LATER.toString());
        assertThat(resumed.notes()).containsExactly(new JobPlan.Note(false, "Resumed", "Job resumed"));
    }

    @Test
    void indexesAreFilledFromTheLowest() {
        Job job = indexed(4, 2);
        job.getStatus().setCompletedIndexes("0");
        JobPlan plan = plan(job, List.of(withIndex(tracked(pod("b")), 2)));
        assertThat(plan.indexes()).containsExactly(1);
        Pod pod = JobPod.create(job, 1, 0);
        assertThat(pod.getMetadata().getAnnotations()).containsEntry(JobPod.INDEX, "1");
        assertThat(pod.getSpec().getHostname()).isEqualTo("job-1");
        assertThat(pod.getSpec().getContainers().getFirst().getEnv().getFirst().getName())
                .isEqualTo("JOB_COMPLETION_INDEX");
        JobStatus status = plan(job, List.of(withIndex(tracked(phase(pod("b"), "Succeeded")), 2)))
                .status();
        assertThat(status.getCompletedIndexes()).isEqualTo("0,2");
        assertThat(status.getSucceeded()).isEqualTo(2);
    }

    @Test
    void anIndexFailsOnItsOwn() {
        Job job = indexed(2, 2);
        job.getSpec().setBackoffLimitPerIndex(1);
        Pod firstFailure = withIndex(tracked(phase(pod("a"), "Failed")), 0);
        JobPlan retry = plan(job, List.of(firstFailure));
        assertThat(retry.indexes()).containsExactly(0, 1);
        assertThat(retry.status().getUncountedTerminatedPods().getFailed()).isEmpty();
        assertThat(JobTally.of(job, List.of(firstFailure)).failuresByIndex()).containsEntry(0, 1);
        Pod secondFailure = new PodBuilder(withIndex(tracked(phase(pod("b"), "Failed")), 0))
                .editMetadata()
                .addToAnnotations(JobPod.FAILURES, "1")
                .endMetadata()
                .build();
        JobPlan given = plan(job, List.of(secondFailure));
        assertThat(given.status().getFailedIndexes()).isEqualTo("0");
        assertThat(given.indexes()).containsExactly(1);
        Job other = new JobBuilder(job).withStatus(given.status()).build();
        other.getStatus().setCompletedIndexes("1");
        assertThat(plan(other, List.of()).status().getConditions().getFirst().getReason())
                .isEqualTo("FailedIndexes");
    }

    @Test
    void theFailurePolicyIgnoresOrEnds() {
        Job job = new JobBuilder(job(1, 1))
                .editSpec()
                .withNewPodFailurePolicy()
                .addNewRule()
                .withAction("FailJob")
                .withNewOnExitCodes()
                .withContainerName("web")
                .withOperator("In")
                .withValues(42)
                .endOnExitCodes()
                .endRule()
                .addNewRule()
                .withAction("Ignore")
                .addNewOnPodCondition("True", "DisruptionTarget")
                .endRule()
                .endPodFailurePolicy()
                .endSpec()
                .build();
        JobPlan ends = plan(job, List.of(exited(tracked(phase(pod("a"), "Failed")), 42)));
        assertThat(ends.status().getConditions().getFirst().getMessage())
                .isEqualTo("Container web for pod ns/a failed with exit code 42 matching FailJob rule at index 0");
        Pod disrupted = new PodBuilder(tracked(phase(pod("b"), "Failed")))
                .editStatus()
                .addNewCondition()
                .withType("DisruptionTarget")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();
        JobTally tally = JobTally.of(job, List.of(disrupted));
        assertThat(tally.failed()).isZero();
        assertThat(tally.released()).containsExactly(disrupted);
        assertThat(JobTally.of(job, List.of(tracked(terminating(pod("c"))))).failed())
                .isZero();
    }

    @Test
    void theSuccessPolicyEndsEarly() {
        Job job = new JobBuilder(indexed(5, 5))
                .editSpec()
                .withNewSuccessPolicy()
                .addNewRule(1, "0-2")
                .endSuccessPolicy()
                .endSpec()
                .build();
        job.getStatus().setCompletedIndexes("1");
        JobPlan plan = plan(job, List.of(withIndex(tracked(pod("a")), 4)));
        assertThat(plan.status().getConditions().getFirst().getReason()).isEqualTo("SuccessPolicy");
        assertThat(plan.delete()).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {"1,3-5,7|5|1,3,4", "0-9|10|0-9", "nonsense|5|''", "3,4|9|3,4", "2-1|5|''"})
    void indexSetsAreReadAndWritten(String text, int completions, String written) {
        assertThat(IndexSet.parse(text, completions)).hasToString(written);
    }

    private static Job step(Job job, List<Pod> pods) {
        return new JobBuilder(job).withStatus(plan(job, pods).status()).build();
    }

    private static JobPlan plan(Job job, List<Pod> pods) {
        return JobPlan.of(job, JobTally.of(job, pods), pods, LATER);
    }

    private static List<String> types(Job job) {
        return job.getStatus().getConditions().stream()
                .filter(c -> "True".equals(c.getStatus()))
                .map(c -> c.getType())
                .toList();
    }

    private static Pod tracked(Pod pod) {
        return new PodBuilder(pod)
                .editMetadata()
                .withFinalizers(JobPod.FINALIZER)
                .endMetadata()
                .build();
    }

    private static Pod withIndex(Pod pod, int index) {
        return new PodBuilder(pod)
                .editMetadata()
                .addToAnnotations(JobPod.INDEX, Integer.toString(index))
                .endMetadata()
                .build();
    }

    private static Pod exited(Pod pod, int code) {
        return new PodBuilder(pod)
                .editStatus()
                .addNewContainerStatus()
                .withName("web")
                .withNewState()
                .withNewTerminated()
                .withExitCode(code)
                .withFinishedAt(ago(5))
                .endTerminated()
                .endState()
                .endContainerStatus()
                .endStatus()
                .build();
    }

    private static Job indexed(int completions, int parallelism) {
        Job job = job(completions, parallelism);
        job.getSpec().setCompletionMode("Indexed");
        return job;
    }

    private static Job job(int completions, int parallelism) {
        return new JobBuilder()
                .withNewMetadata()
                .withName("job")
                .withNamespace("ns")
                .withUid("uid-job")
                .withLabels(Map.of())
                .endMetadata()
                .withNewSpec()
                .withCompletions(completions)
                .withParallelism(parallelism)
                .withBackoffLimit(6)
                .withTemplate(template("job:1"))
                .endSpec()
                .withStatus(new JobStatus())
                .build();
    }
}
