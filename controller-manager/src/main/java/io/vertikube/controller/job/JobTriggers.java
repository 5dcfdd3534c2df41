package io.vertikube.controller.job;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.vertikube.cache.Informer;
import io.vertikube.control.Controller;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.frame.OwnKey;
import io.vertikube.controller.workload.Expectations;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Selectors;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns changes of Jobs and pods into keys to look at, and notes which expected writes have arrived. Safe for any thread. */
final class JobTriggers {
    private final Informer<Job> jobs;
    private final Informer<Pod> pods;
    private final Expectations expectations;
    private final Controller queue;

    JobTriggers(ControllerContext context, Expectations expectations, Controller queue) {
        this.jobs = context.informer(Job.class);
        this.pods = context.informer(Pod.class);
        this.expectations = expectations;
        this.queue = queue;
    }

    void listen() {
        jobs.onChange(OwnKey.in(queue));
        pods.onChange(this::podChanged);
    }

    private void podChanged(@Nullable Pod before, @Nullable Pod after) {
        owner(before).ifPresent(key -> {
            if (before != null && (after == null || Pods.terminating(after))) {
                expectations.deletionObserved(key, before.getMetadata().getUid());
            }
            queue.enqueue(key);
        });
        owner(after).ifPresent(key -> {
            if (before == null) {
                expectations.creationObserved(key);
            }
            queue.enqueue(key);
        });
        if (after != null && Owners.controllerOf(after).isEmpty() && !Pods.terminating(after)) {
            for (Job job : jobs.list(after.getMetadata().getNamespace())) {
                if (Selectors.labels(JobPod.selector(job))
                        .matches(Fields.map(after.getMetadata().getLabels()))) {
                    queue.enqueue(ObjectKey.of(job));
                }
            }
        }
    }

    private static Optional<ObjectKey> owner(@Nullable Pod pod) {
        if (pod == null) {
            return Optional.empty();
        }
        return Owners.controllerOf(pod)
                .filter(reference -> "Job".equals(reference.getKind()))
                .map(reference -> new ObjectKey(pod.getMetadata().getNamespace(), reference.getName()));
    }
}
