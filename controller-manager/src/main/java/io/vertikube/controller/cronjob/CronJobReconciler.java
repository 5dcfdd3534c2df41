package io.vertikube.controller.cronjob;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.ObjectReference;
import io.fabric8.kubernetes.api.model.ObjectReferenceBuilder;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.fabric8.kubernetes.api.model.batch.v1.CronJob;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatus;
import io.fabric8.kubernetes.api.model.batch.v1.CronJobStatusBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.batch.v1.JobBuilder;
import io.fabric8.kubernetes.api.model.batch.v1.JobTemplateSpec;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.EventRecorder;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.cronjob.CronJobPlan.Notice;
import io.vertikube.controller.cronjob.CronJobPlan.Start;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.controller.job.JobConditions;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.controller.workload.Same;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Carries out a {@link CronJobPlan}. Keys are CronJobs; each is looked at at its next time and when one of its Jobs changes. */
public final class CronJobReconciler implements Reconciler {

    private static final Gvk KIND = new Gvk("batch", "v1", "CronJob");
    private static final String SCHEDULED_AT = "batch.kubernetes.io/cronjob-scheduled-timestamp";

    /** Clocks of two machines never agree to the millisecond: a little late is never too early. */
    private static final Duration LATE = Duration.ofMillis(100);

    private final Informer<CronJob> cronJobs;
    private final Informer<Job> jobs;
    private final TypedClient<CronJob> client;
    private final TypedClient<Job> jobClient;
    private final EventRecorder events;
    private final InstantSource clock;

    CronJobReconciler(ControllerContext context) {
        this.cronJobs = context.informer(CronJob.class);
        this.jobs = context.informer(Job.class);
        this.client = context.client().of(CronJob.class);
        this.jobClient = context.client().of(Job.class);
        this.events = context.events("cronjob-controller");
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new CronJobReconciler(context);
        Controller queue = context.queue("cronjob-controller", workers, reconciler);
        reconciler.cronJobs.onChange((before, after) -> {
            if (after != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        reconciler.jobs.onChange((before, after) -> {
            Job job = after == null ? before : after;
            if (job != null) {
                Owners.controllerOf(job)
                        .filter(owner -> owner.getKind().equals(KIND.kind()))
                        .ifPresent(owner ->
                                queue.enqueue(new ObjectKey(job.getMetadata().getNamespace(), owner.getName())));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<CronJob> found = cronJobs.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        List<Job> own = jobs.list(key.namespace()).stream()
                .filter(job -> Owners.isControlledBy(job, found.get()))
                .toList();
        CronJob cronJob = asKnown(found.get(), own);
        Instant now = clock.instant();
        CronJobPlan plan = CronJobPlan.of(cronJob, own, lost(cronJob, own), now);
        plan.say().forEach(notice -> say(cronJob, notice));
        plan.delete()
                .forEach(job -> delete(
                        cronJob, job.getMetadata().getName(), job.getMetadata().getUid()));
        // What is known now is written before anything starts, so that a view that is too old is refused here.
        CronJob current = write(cronJob, plan.status());
        if (plan.start().isPresent()) {
            start(current, plan, plan.start().get());
        }
        return plan.next()
                .map(next -> Outcome.again(Duration.between(now, next).plus(LATE)))
                .orElseGet(Outcome::done);
    }

    /** Jobs that this made or deleted may be seen before the list in which that is noted: then the list is read anew. */
    private CronJob asKnown(CronJob cronJob, List<Job> own) {
        Set<String> listed = Fields.list(
                        cronJob.getStatus() == null ? null : cronJob.getStatus().getActive())
                .stream()
                .map(ObjectReference::getUid)
                .collect(Collectors.toSet());
        Set<String> seen = own.stream().map(job -> job.getMetadata().getUid()).collect(Collectors.toSet());
        boolean agree = seen.containsAll(listed)
                && own.stream()
                        .allMatch(job -> JobConditions.finished(job)
                                || listed.contains(job.getMetadata().getUid()));
        return agree
                ? cronJob
                : client.find(
                                cronJob.getMetadata().getNamespace(),
                                cronJob.getMetadata().getName())
                        .filter(fresh -> fresh.getMetadata()
                                .getUid()
                                .equals(cronJob.getMetadata().getUid()))
                        .orElse(cronJob);
    }

    /** References to Jobs that are not in sight and, asked for by name, are not there. */
    private Set<String> lost(CronJob cronJob, List<Job> own) {
        Set<String> seen = own.stream().map(job -> job.getMetadata().getUid()).collect(Collectors.toSet());
        return Fields.list(
                        cronJob.getStatus() == null ? null : cronJob.getStatus().getActive())
                .stream()
                .filter(reference -> !seen.contains(reference.getUid()))
                .filter(reference -> jobClient
                        .find(cronJob.getMetadata().getNamespace(), reference.getName())
                        .filter(job -> job.getMetadata().getUid().equals(reference.getUid()))
                        .isEmpty())
                .map(ObjectReference::getUid)
                .collect(Collectors.toSet());
    }

    private void start(CronJob cronJob, CronJobPlan plan, Start start) {
        var active = new ArrayList<>(Fields.list(plan.status().getActive()));
        for (ObjectReference running : plan.replace()) {
            delete(cronJob, running.getName(), running.getUid());
            active.remove(running);
        }
        Optional<Job> created = create(cronJob, job(cronJob, start));
        if (created.isPresent()) {
            active.add(reference(created.get()));
            write(
                    cronJob,
                    new CronJobStatusBuilder(plan.status())
                            .withActive(active)
                            .withLastScheduleTime(Fields.time(start.time()))
                            .build());
        }
    }

    private Optional<Job> create(CronJob cronJob, Job job) {
        try {
            Job created = jobClient.create(job);
            events.normal(
                    cronJob,
                    "SuccessfulCreate",
                    "Created job " + created.getMetadata().getName());
            return Optional.of(created);
        } catch (ApiException refused) {
            if (refused.isAlreadyExists()) {
                Optional<Job> there = jobClient
                        .find(
                                job.getMetadata().getNamespace(),
                                job.getMetadata().getName())
                        .filter(other -> Owners.isControlledBy(other, cronJob));
                if (there.isPresent()) {
                    return there;
                }
            }
            if (PodWrites.namespaceLeaves(refused)) {
                return Optional.empty();
            }
            events.warning(cronJob, "FailedCreate", "Error creating job: " + refused.getMessage());
            throw refused;
        }
    }

    private static Job job(CronJob cronJob, Start start) {
        JobTemplateSpec template = cronJob.getSpec().getJobTemplate();
        var metadata = template.getMetadata();
        var annotations = new HashMap<>(Fields.map(metadata == null ? null : metadata.getAnnotations()));
        annotations.put(
                SCHEDULED_AT,
                DateTimeFormatter.ISO_OFFSET_DATE_TIME.format(
                        start.time().atZone(start.zone()).toOffsetDateTime()));
        return new JobBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(CronJobPlan.jobName(cronJob, start.time()))
                        .withNamespace(cronJob.getMetadata().getNamespace())
                        .withLabels(Fields.map(metadata == null ? null : metadata.getLabels()))
                        .withAnnotations(annotations)
                        .withOwnerReferences(Owners.controllerReference(cronJob, KIND))
                        .build())
                .withSpec(template.getSpec())
                .build();
    }

    private static ObjectReference reference(Job job) {
        return new ObjectReferenceBuilder()
                .withApiVersion("batch/v1")
                .withKind("Job")
                .withNamespace(job.getMetadata().getNamespace())
                .withName(job.getMetadata().getName())
                .withUid(job.getMetadata().getUid())
                .withResourceVersion(job.getMetadata().getResourceVersion())
                .build();
    }

    private void delete(CronJob cronJob, String name, String uid) {
        var options = new DeleteOptions();
        options.setPreconditions(new Preconditions(null, uid));
        options.setPropagationPolicy("Background");
        try {
            jobClient.delete(cronJob.getMetadata().getNamespace(), name, options);
            events.normal(cronJob, "SuccessfulDelete", "Deleted job " + name);
        } catch (ApiException refused) {
            if (!refused.isNotFound() && !refused.isConflict()) {
                events.warning(cronJob, "FailedDelete", "Deleted job: " + refused.getMessage());
                throw refused;
            }
        }
    }

    private CronJob write(CronJob cronJob, CronJobStatus status) {
        if (Same.meaning(status, cronJob.getStatus())) {
            return cronJob;
        }
        return client.updateStatus(
                new CronJobBuilder(cronJob).withStatus(status).build());
    }

    private void say(CronJob cronJob, Notice notice) {
        if (notice.warning()) {
            events.warning(cronJob, notice.reason(), notice.message());
        } else {
            events.normal(cronJob, notice.reason(), notice.message());
        }
    }
}
