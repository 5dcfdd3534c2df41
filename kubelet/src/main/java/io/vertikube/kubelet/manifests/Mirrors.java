package io.vertikube.kubelet.manifests;

import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.vertikube.cache.Informer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.control.WokenRounds;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.kubelet.pod.Pods;
import io.vertikube.kubelet.status.StatusWriter;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a mirror of each static pod in the API; without the API it waits, and the pods run. One virtual thread, woken by
 * changes of either side.
 */
public final class Mirrors implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Mirrors.class);
    private static final Duration PERIOD = Duration.ofSeconds(20);
    private static final Duration RETRY = Duration.ofSeconds(2);

    private final TypedClient<Pod> api;
    private final Pods pods;
    private final Informer<Pod> inApi;
    private final Supplier<Optional<Node>> node;
    private final StatusWriter status;
    private final Set<ObjectKey> complained = new HashSet<>();
    private final WokenRounds rounds;

    /** {@code node} is this machine's Node as the API has it: it owns the mirrors. */
    public Mirrors(
            ApiClient client, Pods pods, Informer<Pod> inApi, Supplier<Optional<Node>> node, StatusWriter status) {
        this.api = client.of(Pod.class);
        this.pods = pods;
        this.inApi = inApi;
        this.node = node;
        this.status = status;
        this.rounds = new WokenRounds(
                "mirrors",
                () -> round() ? PERIOD : RETRY,
                RETRY,
                "mirrors of static pods are not up to date, again soon");
    }

    public void start() {
        inApi.onChange((old, fresh) -> {
            Pod changed = fresh == null ? old : fresh;
            if (changed == null || !PodOrigin.isMirror(changed)) {
                return;
            }
            if (fresh != null && (old == null || !sameUid(old, fresh))) {
                status.again(PodOrigin.mirrored(fresh));
            }
            wake();
        });
        rounds.start();
    }

    /** Looks now. */
    public void wake() {
        rounds.wake();
    }

    @Override
    public void close() {
        rounds.close();
    }

    private boolean round() {
        Optional<Node> owner = node.get();
        if (!inApi.synced() || owner.isEmpty()) {
            return false;
        }
        boolean done = true;
        for (MirrorPlan.Action action : MirrorPlan.of(pods.statics(), pods.endingStatics(), inApi.list())) {
            done &= !mayWait(action) && perform(action, owner.get());
        }
        return done;
    }

    /** A source of manifests that has not told its pods yet may want the one whose mirror seems to be left over. */
    private boolean mayWait(MirrorPlan.Action action) {
        return action instanceof MirrorPlan.Action.Delete(ObjectKey key, String uid)
                && !pods.synced()
                && pods.statics().stream().noneMatch(pod -> ObjectKey.of(pod).equals(key));
    }

    private boolean perform(MirrorPlan.Action action, Node owner) {
        switch (action) {
            case MirrorPlan.Action.Create(Pod pod) -> {
                return create(pod, owner);
            }
            case MirrorPlan.Action.Delete(ObjectKey key, String uid) -> delete(key, uid);
            case MirrorPlan.Action.Blocked(ObjectKey key) -> {
                if (complained.add(key)) {
                    LOG.error("static pod {} runs without a mirror: another pod of the API has its name", key);
                }
            }
        }
        return true;
    }

    private boolean create(Pod pod, Node owner) {
        try {
            api.create(mirror(pod, owner));
            complained.remove(ObjectKey.of(pod));
            return true;
        } catch (ApiException e) {
            if (e.isAlreadyExists()) {
                return true;
            }
            if (complained.add(ObjectKey.of(pod))) {
                LOG.warn("static pod {} has no mirror yet: {}", ObjectKey.of(pod), e.getMessage());
            }
            return false;
        }
    }

    private void delete(ObjectKey key, String uid) {
        try {
            api.delete(
                    key.namespace(),
                    key.name(),
                    new DeleteOptionsBuilder()
                            .withGracePeriodSeconds(0L)
                            .withNewPreconditions()
                            .withUid(uid)
                            .endPreconditions()
                            .build());
        } catch (ApiException e) {
            if (!e.isNotFound() && !e.isConflict()) {
                throw e;
            }
        }
    }

    private static boolean sameUid(Pod a, Pod b) {
        return a.getMetadata().getUid().equals(b.getMetadata().getUid());
    }

    /** As the API is given it: owned by the node, so that it goes with it. */
    private static Pod mirror(Pod pod, Node owner) {
        return new PodBuilder(pod)
                .editMetadata()
                .withUid(null)
                .addToAnnotations(Map.of(PodOrigin.MIRROR, pod.getMetadata().getUid()))
                .withOwnerReferences(new OwnerReferenceBuilder()
                        .withApiVersion("v1")
                        .withKind("Node")
                        .withName(owner.getMetadata().getName())
                        .withUid(owner.getMetadata().getUid())
                        .withController(true)
                        .build())
                .endMetadata()
                .build();
    }
}
