package io.vertikube.control;

import io.vertikube.object.ObjectKey;

/** Makes what is there into what is wanted, for one object. Never runs twice at a time for one key. */
@FunctionalInterface
public interface Reconciler {

    /** What throws is tried again with a growing delay. */
    Outcome reconcile(ObjectKey key) throws Exception;
}
