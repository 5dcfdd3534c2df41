package io.vertikube.scheduler;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.cache.Informers;
import io.vertikube.object.ObjectKey;
import io.vertikube.scheduler.plugin.ClusterEvent;
import io.vertikube.scheduler.queue.SchedulingQueue;
import io.vertikube.scheduler.snapshot.ClusterCache;
import io.vertikube.scheduler.snapshot.PodView;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Tells cache and queue what the informers see. Called on the informers' threads. */
final class ClusterFeed {

    private final String schedulerName;
    private final ClusterCache cache;
    private final SchedulingQueue queue;

    ClusterFeed(String schedulerName, ClusterCache cache, SchedulingQueue queue) {
        this.schedulerName = schedulerName;
        this.cache = cache;
        this.queue = queue;
    }

    void listenTo(Informers informers) {
        informers.of(Node.class).onChange(this::node);
        informers.of(Pod.class).onChange(this::pod);
        informers.of(PersistentVolumeClaim.class).onChange((a, b) -> queue.happened(ClusterEvent.VOLUME_CHANGED));
        informers.of(PersistentVolume.class).onChange((a, b) -> queue.happened(ClusterEvent.VOLUME_CHANGED));
        informers.of(StorageClass.class).onChange((a, b) -> queue.happened(ClusterEvent.VOLUME_CHANGED));
        informers.of(Namespace.class).onChange((a, b) -> queue.happened(ClusterEvent.NAMESPACE_CHANGED));
    }

    private void node(@Nullable Node before, @Nullable Node after) {
        if (after != null) {
            if (before == null) {
                cache.putNode(after);
                queue.happened(ClusterEvent.NODE_ADDED);
            } else if (matters(before, after)) {
                cache.putNode(after);
                queue.happened(ClusterEvent.NODE_CHANGED);
            }
        } else if (before != null) {
            cache.removeNode(before.getMetadata().getName());
            queue.happened(ClusterEvent.NODE_CHANGED);
        }
    }

    /** A node tells every few seconds that it lives; most of that is nothing to us. */
    private static boolean matters(Node before, Node after) {
        return !Objects.equals(
                        before.getMetadata().getLabels(), after.getMetadata().getLabels())
                || !Objects.equals(before.getSpec(), after.getSpec())
                || (before.getStatus() == null) != (after.getStatus() == null)
                || (before.getStatus() != null
                        && (!Objects.equals(
                                        before.getStatus().getAllocatable(),
                                        after.getStatus().getAllocatable())
                                || !Objects.equals(
                                        before.getStatus().getImages(),
                                        after.getStatus().getImages())));
    }

    private void pod(@Nullable Pod before, @Nullable Pod after) {
        if (after == null || isOver(after)) {
            Pod gone = after == null ? before : after;
            if (gone != null) {
                ObjectKey key = ObjectKey.of(gone);
                queue.remove(key);
                boolean held = hasNode(gone) || cache.isAssumed(key);
                cache.removePod(key);
                if (held) {
                    queue.happened(ClusterEvent.POD_GONE);
                }
            }
        } else if (hasNode(after)) {
            placed(before, after);
        } else if (isOurs(after)) {
            waiting(before, after);
        }
    }

    private void placed(@Nullable Pod before, Pod after) {
        cache.putPod(after);
        if (before == null || !hasNode(before)) {
            queue.remove(ObjectKey.of(after));
            queue.happened(ClusterEvent.POD_PLACED);
            return;
        }
        if (!Objects.equals(
                before.getMetadata().getLabels(), after.getMetadata().getLabels())) {
            queue.happened(ClusterEvent.POD_PLACED);
        }
        if (!Objects.equals(before.getSpec(), after.getSpec())) {
            queue.happened(ClusterEvent.POD_GONE);
        }
    }

    private void waiting(@Nullable Pod before, Pod after) {
        ObjectKey key = ObjectKey.of(after);
        if (after.getMetadata().getDeletionTimestamp() != null) {
            queue.remove(key);
            cache.removePod(key);
            return;
        }
        if (cache.isAssumed(key)) {
            return;
        }
        PodView view = PodView.of(after);
        cache.nominate(view);
        boolean changedItself = before != null
                && (!Objects.equals(before.getSpec(), after.getSpec())
                        || !Objects.equals(
                                before.getMetadata().getLabels(),
                                after.getMetadata().getLabels()));
        queue.put(view, changedItself);
    }

    private boolean isOurs(Pod pod) {
        String name = pod.getSpec().getSchedulerName();
        return schedulerName.equals(name == null || name.isEmpty() ? "default-scheduler" : name);
    }

    private static boolean hasNode(Pod pod) {
        String name = pod.getSpec().getNodeName();
        return name != null && !name.isEmpty();
    }

    private static boolean isOver(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }
}
