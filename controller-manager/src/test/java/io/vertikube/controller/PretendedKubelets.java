package io.vertikube.controller;

import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Controller;
import io.vertikube.control.Outcome;
import io.vertikube.control.Time;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes every pod running and ready, or ended if it says so, and lets those go that are deleted, wherever they are. */
final class PretendedKubelets implements AutoCloseable {
    /** A pod with this annotation succeeds at once. */
    static final String ENDS = "test/ends";

    private final Informer<Pod> pods;
    private final TypedClient<Pod> client;
    private final Controller queue;
    private final AtomicInteger addresses = new AtomicInteger();

    PretendedKubelets(ApiClient api) {
        client = api.of(Pod.class);
        queue = new Controller("pretended", 4, this::reconcile, new SimpleMeterRegistry(), Time.system());
        pods = Informer.start(api, Pod.class, ListOptions.all());
        pods.onChange((before, after) -> {
            if (after != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
        queue.start();
    }

    @Override
    public void close() {
        queue.close();
        pods.close();
    }

    private Outcome reconcile(ObjectKey key) {
        Optional<Pod> found = pods.get(key);
        if (found.isEmpty()) {
            return Outcome.done();
        }
        Pod pod = found.get();
        try {
            if (Pods.terminating(pod)) {
                var now = new DeleteOptions();
                now.setGracePeriodSeconds(0L);
                client.delete(key.namespace(), key.name(), now);
            } else if (!Pods.ready(pod) && !Pods.finished(pod)) {
                client.updateStatus(ready(pod));
            }
        } catch (ApiException refused) {
            if (!refused.isNotFound()) {
                throw refused;
            }
        }
        return Outcome.done();
    }

    private Pod ready(Pod pod) {
        if (pod.getMetadata().getAnnotations().containsKey(ENDS)) {
            return new PodBuilder(pod)
                    .editOrNewStatus()
                    .withPhase("Succeeded")
                    .endStatus()
                    .build();
        }
        int number = addresses.incrementAndGet();
        return new PodBuilder(pod)
                .editOrNewStatus()
                .withPhase("Running")
                .withPodIP("10.42." + number / 250 + "." + (1 + number % 250))
                .withConditions(new PodConditionBuilder()
                        .withType("Ready")
                        .withStatus("True")
                        .withLastTransitionTime(
                                Instant.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .build())
                .endStatus()
                .build();
    }
}
