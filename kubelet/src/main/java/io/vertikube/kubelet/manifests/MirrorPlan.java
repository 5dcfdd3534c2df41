package io.vertikube.kubelet.manifests;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.object.ObjectKey;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What to do so that the API shows each static pod once, as it is. Pure functions. */
final class MirrorPlan {

    /** One thing to do in the API. Immutable. */
    sealed interface Action {

        /** The static pod has no mirror. */
        record Create(Pod pod) implements Action {}

        /** A mirror of what is not there, of an older manifest, or one that somebody deleted: it goes at once. */
        record Delete(ObjectKey key, String uid) implements Action {}

        /** A pod that is no mirror has the name. */
        record Blocked(ObjectKey key) implements Action {}
    }

    private MirrorPlan() {}

    /**
     * Plans one round; what waits for a deletion is created in a later one.
     *
     * @param statics the pods of the manifests
     * @param ending names of static pods that still end on this machine
     * @param inApi the API's pods of this node
     */
    static List<Action> of(Collection<Pod> statics, Set<ObjectKey> ending, Collection<Pod> inApi) {
        Map<ObjectKey, Pod> byKey = new HashMap<>();
        inApi.forEach(pod -> byKey.put(ObjectKey.of(pod), pod));
        List<Action> actions = new ArrayList<>();
        Set<ObjectKey> kept = new HashSet<>(ending);
        for (Pod pod : statics) {
            ObjectKey key = ObjectKey.of(pod);
            kept.add(key);
            Pod mirror = byKey.get(key);
            if (mirror == null) {
                actions.add(new Action.Create(pod));
            } else if (!PodOrigin.isMirror(mirror)) {
                actions.add(new Action.Blocked(key));
            } else if (!PodOrigin.isMirrorOf(mirror, pod)
                    || mirror.getMetadata().getDeletionTimestamp() != null) {
                actions.add(delete(mirror));
            }
        }
        inApi.stream()
                .filter(pod -> PodOrigin.isMirror(pod) && !kept.contains(ObjectKey.of(pod)))
                .forEach(mirror -> actions.add(delete(mirror)));
        return actions;
    }

    private static Action delete(Pod mirror) {
        return new Action.Delete(ObjectKey.of(mirror), mirror.getMetadata().getUid());
    }
}
