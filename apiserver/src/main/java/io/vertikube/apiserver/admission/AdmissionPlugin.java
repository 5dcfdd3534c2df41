package io.vertikube.apiserver.admission;

/**
 * One rule about writes, applied after decoding and before (mutate) or after (validate) the kind's own validation.
 * Refuses with an {@link io.vertikube.object.ApiException}. Runs on virtual threads; must be safe for many at a time.
 */
public interface AdmissionPlugin {

    /** The name that {@code --enable-admission-plugins} uses. */
    String name();

    /** May change {@code request.object()} in place. */
    default void mutate(AdmissionRequest request) {}

    /**
     * Whether {@link #mutate} is called once more when a webhook or policy has changed the object: it has to come to the
     * same if nothing concerns it.
     */
    default boolean mutatesAgain() {
        return false;
    }

    /** Sees the object as it will be stored. */
    default void validate(AdmissionRequest request) {}

    /**
     * The write that {@link #mutate} and {@link #validate} saw did not come about after all: give back what was set
     * aside for it (addresses, ports). Called at most once a request, also when this plugin itself did nothing.
     */
    default void undo(AdmissionRequest request) {}

    /** The write is stored; give back what the old object held and the new one does not. Deletes end here too. */
    default void stored(AdmissionRequest request) {}
}
