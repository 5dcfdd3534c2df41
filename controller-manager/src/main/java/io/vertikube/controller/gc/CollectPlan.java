package io.vertikube.controller.gc;

import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What becomes of an object whose owners have been looked up. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/architecture/garbage-collection/">Garbage Collection</a>
 */
sealed interface CollectPlan {
    /** Somebody owns it and all references are good. */
    record Keep() implements CollectPlan {}

    /** Somebody owns it; the references to owners that are gone or going are dropped. */
    record DropOwners(Set<String> uids) implements CollectPlan {}

    /** Nobody owns it. */
    record Delete(Propagation how) implements CollectPlan {}

    /** Nobody owns it, and its own dependents wait for it in a circle: it no longer blocks its owners, then it goes. */
    record UnblockAndDelete() implements CollectPlan {}

    /** How what it owns is treated in turn. */
    enum Propagation {
        BACKGROUND("Background"),
        FOREGROUND("Foreground"),
        ORPHAN("Orphan");

        private final String word;

        Propagation(String word) {
            this.word = word;
        }

        String word() {
            return word;
        }
    }

    /** What is known of an owner. */
    enum OwnerState {
        THERE,
        ABSENT,
        /** Being deleted in the foreground: waits for this object. */
        WAITING
    }

    /**
     * @param owners the object's references
     * @param states the state of each owner, by uid
     * @param dependents what the object owns itself
     */
    static CollectPlan of(
            GraphObject object,
            List<OwnerReference> owners,
            Map<String, OwnerState> states,
            List<GraphObject> dependents) {
        var there = new ArrayList<String>();
        var absent = new ArrayList<String>();
        var waiting = new ArrayList<String>();
        for (OwnerReference owner : owners) {
            switch (states.getOrDefault(owner.getUid(), OwnerState.THERE)) {
                case THERE -> there.add(owner.getUid());
                case ABSENT -> absent.add(owner.getUid());
                case WAITING -> waiting.add(owner.getUid());
            }
        }
        if (!there.isEmpty()) {
            absent.addAll(waiting);
            return absent.isEmpty() ? new Keep() : new DropOwners(Set.copyOf(absent));
        }
        if (owners.isEmpty()) {
            return new Keep();
        }
        if (!waiting.isEmpty() && !dependents.isEmpty()) {
            boolean circle = dependents.stream().anyMatch(GraphObject::waitsForDependents);
            return circle ? new UnblockAndDelete() : new Delete(Propagation.FOREGROUND);
        }
        if (object.orphan()) {
            return new Delete(Propagation.ORPHAN);
        }
        return new Delete(object.foreground() ? Propagation.FOREGROUND : Propagation.BACKGROUND);
    }
}
