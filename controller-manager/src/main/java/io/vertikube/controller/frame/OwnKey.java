package io.vertikube.controller.frame;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.vertikube.cache.ChangeListener;
import io.vertikube.control.Controller;
import io.vertikube.object.ObjectKey;

/** The listener that most controllers begin with: whatever happens to an object, its own key is looked at. */
public final class OwnKey {
    private OwnKey() {}

    /** Queues the key of each object that comes, changes or goes. */
    public static <T extends HasMetadata> ChangeListener<T> in(Controller queue) {
        return (before, after) -> {
            T object = after == null ? before : after;
            if (object != null) {
                queue.enqueue(ObjectKey.of(object));
            }
        };
    }
}
