package io.vertikube.controller.frame;

import io.fabric8.kubernetes.api.model.Namespace;
import io.vertikube.cache.Informer;
import io.vertikube.control.Controller;
import io.vertikube.object.ObjectKey;
import java.util.Optional;

/** For controllers that keep one object in every namespace: which namespaces there are to keep it in. */
public final class Namespaces {
    private Namespaces() {}

    /** Whether it is there and stays. */
    public static boolean active(Optional<Namespace> namespace) {
        return namespace
                .filter(found -> found.getMetadata().getDeletionTimestamp() == null)
                .isPresent();
    }

    /** Queues each namespace that comes or changes, under its name. */
    public static void enqueueChanged(Informer<Namespace> namespaces, Controller queue) {
        namespaces.onChange((before, after) -> {
            if (after != null) {
                queue.enqueue(ObjectKey.of(after));
            }
        });
    }
}
