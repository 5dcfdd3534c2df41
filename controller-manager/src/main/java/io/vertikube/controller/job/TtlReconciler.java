package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.vertikube.cache.Informer;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.ManagedController;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;

/** Deletes one Job, and what it owns, {@code ttlSecondsAfterFinished} after its end. */
public final class TtlReconciler implements Reconciler {
    private final Informer<Job> jobs;
    private final TypedClient<Job> client;
    private final InstantSource clock;

    TtlReconciler(ControllerContext context) {
        this.jobs = context.informer(Job.class);
        this.client = context.client().of(Job.class);
        this.clock = context.clock();
    }

    public static ManagedController controller(ControllerContext context, int workers) {
        var reconciler = new TtlReconciler(context);
        Controller queue = context.queue("ttl-after-finished-controller", workers, reconciler);
        reconciler.jobs.onChange((before, after) -> {
            if (after != null && after.getSpec().getTtlSecondsAfterFinished() != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        return ManagedController.of(queue);
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Duration> wait = jobs.get(key).flatMap(this::left);
        if (wait.isEmpty()) {
            return Outcome.done();
        }
        if (wait.get().isPositive()) {
            return Outcome.again(wait.get());
        }
        client.find(key.namespace(), key.name())
                .filter(job -> left(job).filter(left -> !left.isPositive()).isPresent())
                .ifPresent(this::delete);
        return Outcome.done();
    }

    /** How long the Job may still stay; empty when it may stay for good, or until it ends. */
    private Optional<Duration> left(Job job) {
        Integer ttl = job.getSpec().getTtlSecondsAfterFinished();
        if (ttl == null || job.getMetadata().getDeletionTimestamp() != null) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        return JobConditions.finishedAt(job).map(at -> Duration.between(now, at.plusSeconds(ttl)));
    }

    private void delete(Job job) {
        var options = new DeleteOptions();
        options.setPreconditions(new Preconditions(null, job.getMetadata().getUid()));
        options.setPropagationPolicy("Foreground");
        try {
            client.delete(job.getMetadata().getNamespace(), job.getMetadata().getName(), options);
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
    }
}
