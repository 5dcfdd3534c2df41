package io.vertikube.e2e.simulation;

import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.Preconditions;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Outcome;
import io.vertikube.control.Time;
import io.vertikube.e2e.simulation.SimulatedNode.Local;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a kubelet makes of one pod: it starts, is ready, ends by itself where it says so, and is ended when it is deleted.
 * One key, one worker at a time.
 */
final class PodRunner {

    /** After how many seconds a pod ends by itself. */
    static final String RUNS_FOR = "simulation/runs-for";

    /** Of how many out of a hundred such pods the end is a failure. */
    static final String FAILS = "simulation/fails";

    private static final Duration START = Duration.ofSeconds(2);
    private static final Duration STOP = Duration.ofSeconds(2);

    private final TypedClient<Pod> pods;
    private final Time time;
    private final History history;
    private final OneIdentity identities;

    /** Where the containers of each name run: the node by the pod's uid. */
    private final Map<ObjectKey, Map<String, String>> places = new ConcurrentHashMap<>();

    PodRunner(ApiClient api, Time time, History history, OneIdentity identities) {
        this.pods = api.of(Pod.class);
        this.time = time;
        this.history = history;
        this.identities = identities;
    }

    Outcome work(ObjectKey key, Optional<Pod> found, Map<String, SimulatedNode> nodes) {
        endStrangers(key, found.map(pod -> pod.getMetadata().getUid()).orElse(""), nodes);
        SimulatedNode node = found.map(pod -> nodes.get(nodeOf(pod))).orElse(null);
        if (found.isEmpty() || node == null || !node.up()) {
            return Outcome.done();
        }
        try {
            return work(found.get(), node);
        } catch (ApiException e) {
            if (e.isNotFound() || e.isConflict()) {
                return Outcome.again(Duration.ofMillis(500));
            }
            throw e;
        }
    }

    /** The containers of a pod that is gone end, on every node that can know it. */
    private void endStrangers(ObjectKey key, String uid, Map<String, SimulatedNode> nodes) {
        for (Map.Entry<String, String> place :
                places.getOrDefault(key, Map.of()).entrySet()) {
            SimulatedNode node = nodes.get(place.getValue());
            Local local = node == null ? null : node.local(place.getKey());
            if (node != null && node.up() && local != null && !local.uid().equals(uid)) {
                ended(node, local);
            }
        }
    }

    private Outcome work(Pod pod, SimulatedNode node) {
        String uid = pod.getMetadata().getUid();
        Instant now = time.instant();
        Local local = node.local(uid);
        boolean over = isOver(pod);
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            if (local != null && !over) {
                Instant stopAt = local.stopAt();
                if (stopAt == null) {
                    stopAt = now.plus(STOP);
                    node.put(new Local(local.key(), uid, local.since(), stopAt));
                }
                if (stopAt.isAfter(now)) {
                    return Outcome.again(Duration.between(now, stopAt));
                }
            }
            if (local != null) {
                ended(node, local);
            }
            if (!over) {
                pods.updateStatus(ended(pod, "Failed", now));
            }
            remove(pod);
            return Outcome.done();
        }
        if (over) {
            if (local != null) {
                ended(node, local);
            }
            return Outcome.done();
        }
        if (local == null) {
            return begin(pod, node, now);
        }
        Instant ready = local.since().plus(START);
        if (ready.isAfter(now)) {
            return Outcome.again(Duration.between(now, ready));
        }
        if (!isReady(pod)) {
            pod = pods.updateStatus(ready(pod, node, now));
        }
        String runsFor = annotation(pod, RUNS_FOR);
        if (runsFor.isEmpty()) {
            return Outcome.done();
        }
        Instant end = ready.plusSeconds(Long.parseLong(runsFor));
        if (end.isAfter(now)) {
            return Outcome.again(Duration.between(now, end));
        }
        pods.updateStatus(ended(pod, fails(pod) ? "Failed" : "Succeeded", now));
        ended(node, local);
        return Outcome.done();
    }

    private Outcome begin(Pod pod, SimulatedNode node, Instant now) {
        boolean ran = "Running".equals(pod.getStatus().getPhase());
        if (ran && "Never".equals(pod.getSpec().getRestartPolicy())) {
            pods.updateStatus(ended(pod, "Failed", now));
            return Outcome.done();
        }
        node.put(new Local(ObjectKey.of(pod), pod.getMetadata().getUid(), now, null));
        places.computeIfAbsent(ObjectKey.of(pod), k -> new ConcurrentHashMap<>())
                .put(pod.getMetadata().getUid(), node.name());
        ObjectId id = id(ObjectKey.of(pod));
        history.note(id, now + " starts on " + node.name());
        if (isOfStatefulSet(pod)) {
            identities.started(id, pod.getMetadata().getUid(), node.name());
        }
        return Outcome.again(START);
    }

    /** A node that dies takes its containers along. */
    void crashed(SimulatedNode node) {
        node.running().forEach(local -> ended(node, local));
    }

    private void ended(SimulatedNode node, Local local) {
        node.remove(local.uid());
        places.computeIfPresent(local.key(), (key, uids) -> {
            uids.remove(local.uid());
            return uids.isEmpty() ? null : uids;
        });
        ObjectId id = id(local.key());
        history.note(id, time.instant() + " has ended on " + node.name());
        identities.ended(id, local.uid());
    }

    private void remove(Pod pod) {
        var now = new DeleteOptions();
        now.setGracePeriodSeconds(0L);
        now.setPreconditions(new Preconditions(null, pod.getMetadata().getUid()));
        pods.delete(pod.getMetadata().getNamespace(), pod.getMetadata().getName(), now);
    }

    private static Pod ready(Pod pod, SimulatedNode node, Instant now) {
        int address = Math.floorMod(pod.getMetadata().getUid().hashCode(), 250) + 1;
        return new PodBuilder(pod)
                .editOrNewStatus()
                .withPhase("Running")
                .withStartTime(seconds(now))
                .withPodIP("10.42." + node.number() % 250 + "." + address)
                .withConditions(
                        condition("Initialized", "True", now),
                        condition("Ready", "True", now),
                        condition("ContainersReady", "True", now),
                        condition("PodScheduled", "True", now))
                .withContainerStatuses(pod.getSpec().getContainers().stream()
                        .map(container -> new ContainerStatusBuilder()
                                .withName(container.getName())
                                .withImage(container.getImage())
                                .withReady(true)
                                .withStarted(true)
                                .withNewState()
                                .withNewRunning()
                                .withStartedAt(seconds(now))
                                .endRunning()
                                .endState()
                                .build())
                        .toList())
                .endStatus()
                .build();
    }

    private static Pod ended(Pod pod, String phase, Instant now) {
        int code = phase.equals("Succeeded") ? 0 : 1;
        return new PodBuilder(pod)
                .editOrNewStatus()
                .withPhase(phase)
                .withConditions(condition("Ready", "False", now), condition("PodScheduled", "True", now))
                .withContainerStatuses(pod.getSpec().getContainers().stream()
                        .map(container -> new ContainerStatusBuilder()
                                .withName(container.getName())
                                .withImage(container.getImage())
                                .withReady(false)
                                .withNewState()
                                .withNewTerminated()
                                .withExitCode(code)
                                .withReason(code == 0 ? "Completed" : "Error")
                                .withFinishedAt(seconds(now))
                                .endTerminated()
                                .endState()
                                .build())
                        .toList())
                .endStatus()
                .build();
    }

    private static PodCondition condition(String type, String status, Instant now) {
        return new PodConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withLastTransitionTime(seconds(now))
                .build();
    }

    /** Decided by the pod's uid: the same pod fails however often it is asked. */
    private static boolean fails(Pod pod) {
        String share = annotation(pod, FAILS);
        return !share.isEmpty() && Math.floorMod(pod.getMetadata().getUid().hashCode(), 100) < Integer.parseInt(share);
    }

    private static String annotation(Pod pod, String name) {
        Map<String, String> all = pod.getMetadata().getAnnotations();
        return all == null ? "" : all.getOrDefault(name, "");
    }

    private static boolean isOver(Pod pod) {
        String phase = pod.getStatus() == null ? "" : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private static boolean isReady(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .anyMatch(c -> c.getType().equals("Ready") && c.getStatus().equals("True"));
    }

    private static boolean isOfStatefulSet(Pod pod) {
        return pod.getMetadata().getOwnerReferences().stream()
                .anyMatch(owner -> owner.getKind().equals("StatefulSet"));
    }

    private static ObjectId id(ObjectKey key) {
        return new ObjectId("pods", key.namespace(), key.name());
    }

    private static String nodeOf(Pod pod) {
        String name = pod.getSpec() == null ? null : pod.getSpec().getNodeName();
        return name == null ? "" : name;
    }

    private static String seconds(Instant at) {
        return at.truncatedTo(ChronoUnit.SECONDS).toString();
    }
}
