package io.vertikube.controller.job;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.vertikube.cache.Informer;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.workload.Claims;
import io.vertikube.controller.workload.Expectations;
import io.vertikube.controller.workload.FencedPatch;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Indexes;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.controller.workload.Same;
import io.vertikube.controller.workload.SlowStart;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Selectors;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Brings one Job a step further: first its status, which fences everything else by its revision, then the finalizers of pods that
 * the status now counts, then pods. One key, one worker at a time.
 */
public final class JobReconciler implements Reconciler {
    private static final String NAME = "job-controller";

    private final Informer<Job> jobs;
    private final Informer<Pod> pods;
    private final TypedClient<Job> client;
    private final TypedClient<Pod> podClient;
    private final Claims<Pod> claims;
    private final Claims.Live live;
    private final PodWrites writes;
    private final EventRecorder events;
    private final Expectations expectations;
    private final InstantSource clock;

    JobReconciler(ControllerContext context, Expectations expectations) {
        this.jobs = context.informer(Job.class);
        this.pods = context.informer(Pod.class);
        this.client = context.client().of(Job.class);
        this.podClient = context.client().of(Pod.class);
        this.claims = new Claims<>(context.client(), Pod.class);
        this.live = Claims.Live.through(client);
        this.events = context.events(NAME);
        this.writes = new PodWrites(context.client(), events);
        this.expectations = expectations;
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var expectations = new Expectations(context.clock());
        Controller queue = context.queue(NAME, workers, new JobReconciler(context, expectations));
        new JobTriggers(context, expectations, queue).listen();
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) throws InterruptedException {
        Optional<Job> found = jobs.get(key);
        if (found.isEmpty()) {
            expectations.forget(key);
            freeOrphans(key);
            return Outcome.done();
        }
        Job job = found.get();
        String manager = Fields.text(job.getSpec().getManagedBy());
        if (!manager.isEmpty() && !manager.equals("kubernetes.io/job-controller")) {
            return Outcome.done();
        }
        boolean mayManage = expectations.satisfied(key);
        List<Pod> owned = claims.claim(
                job, JobPod.KIND, Selectors.labels(JobPod.selector(job)), Indexes.candidates(pods, job), live);
        if (JobConditions.finished(job)) {
            owned.stream().filter(pod -> !JobPod.counted(pod)).forEach(this::release);
            return Outcome.done();
        }
        JobTally tally = JobTally.of(job, owned);
        JobPlan plan = JobPlan.of(job, tally, owned, clock.instant());
        writeStatus(job, plan);
        releaseCounted(tally, owned);
        if (mayManage) {
            carryOut(key, job, tally, plan);
        }
        return plan.lookAgain().map(Outcome::again).orElseGet(Outcome::done);
    }

    private void writeStatus(Job job, JobPlan plan) {
        if (!Same.meaning(plan.status(), job.getStatus())) {
            client.updateStatus(new JobBuilder(job).withStatus(plan.status()).build());
        }
        for (JobPlan.Note note : plan.notes()) {
            if (note.warning()) {
                events.warning(job, note.reason(), note.message());
            } else {
                events.normal(job, note.reason(), note.message());
            }
        }
    }

    private void releaseCounted(JobTally tally, List<Pod> owned) {
        Set<String> written = new HashSet<>(tally.waitingSucceeded());
        written.addAll(tally.waitingFailed());
        tally.released().forEach(pod -> written.add(pod.getMetadata().getUid()));
        for (Pod pod : owned) {
            if (!JobPod.counted(pod) && written.contains(pod.getMetadata().getUid())) {
                release(pod);
            }
        }
    }

    private void carryOut(ObjectKey key, Job job, JobTally tally, JobPlan plan) throws InterruptedException {
        expectations.expectDeletions(
                key,
                plan.delete().stream().map(pod -> pod.getMetadata().getUid()).toList());
        for (Pod pod : plan.delete()) {
            boolean done = false;
            try {
                if (plan.uncountedDeletes() && !JobPod.counted(pod)) {
                    release(pod);
                }
                writes.delete(pod, job);
                done = true;
            } finally {
                if (!done) {
                    expectations.deletionObserved(key, pod.getMetadata().getUid());
                }
            }
        }
        if (plan.create() == 0) {
            return;
        }
        expectations.expectCreations(key, plan.create());
        var next = new AtomicInteger();
        SlowStart.Result result =
                SlowStart.run(plan.create(), () -> writes.create(pod(job, tally, plan, next.getAndIncrement()), job));
        expectations.lowerCreations(key, plan.create() - result.succeeded());
        if (result.failure().isPresent()
                && !PodWrites.namespaceLeaves(result.failure().get())) {
            throw result.failure().get();
        }
    }

    private static Pod pod(Job job, JobTally tally, JobPlan plan, int number) {
        if (!JobPod.indexed(job)) {
            return JobPod.create(job);
        }
        int index = plan.indexes().get(number);
        return JobPod.create(job, index, tally.failuresByIndex().getOrDefault(index, 0));
    }

    /** Takes the tracking finalizer off a pod; one that is gone or changed meanwhile is looked at again anyway. */
    private void release(Pod pod) {
        ObjectNode patch = FencedPatch.of(pod.getMetadata());
        ArrayNode finalizers = patch.withObject("/metadata").putArray("finalizers");
        Fields.list(pod.getMetadata().getFinalizers()).stream()
                .filter(finalizer -> !finalizer.equals(JobPod.FINALIZER))
                .forEach(finalizers::add);
        try {
            podClient.patch(
                    pod.getMetadata().getNamespace(),
                    pod.getMetadata().getName(),
                    PatchType.MERGE,
                    Json.bytes(patch),
                    null);
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }

    /** Pods whose Job is gone are counted by nobody: nothing may hold them. */
    private void freeOrphans(ObjectKey key) {
        for (Pod pod : pods.list(key.namespace())) {
            boolean orphan = !JobPod.counted(pod)
                    && Owners.controllerOf(pod)
                            .filter(reference -> "Job".equals(reference.getKind())
                                    && key.name().equals(reference.getName()))
                            .isPresent();
            if (orphan) {
                release(pod);
            }
        }
    }
}
