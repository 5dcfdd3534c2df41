package io.vertikube.controller.persistentvolume;

import io.fabric8.kubernetes.api.model.PersistentVolume;

/** What is to be done about a claim. */
sealed interface ClaimStep {

    /** It is as it should be, or its owner must act first. */
    record Nothing() implements ClaimStep {}

    /** It belongs to this volume: write on both sides what is missing there. */
    record Bind(PersistentVolume volume) implements ClaimStep {}

    /** It stays pending; an event tells why. */
    record Wait(boolean warning, String reason, String message) implements ClaimStep {
        static Wait normal(String reason, String message) {
            return new Wait(false, reason, message);
        }

        static Wait warning(String reason, String message) {
            return new Wait(true, reason, message);
        }
    }

    /** A volume is to be made for it by somebody else. */
    record Provision(String provisioner) implements ClaimStep {}

    /** It was bound, and what it was bound to is gone. */
    record Lost(String reason, String message) implements ClaimStep {}
}
