package io.vertikube.kubelet.pod;

/** What an action has done to what the runtime has of its pod. Immutable. */
sealed interface PodEffect {

    /** Nothing: it could not be done now. */
    record Held() implements PodEffect {}

    /** Something that only a look at the whole pod tells. */
    record Moved() implements PodEffect {}

    /** One part is new and nothing else changed by it. */
    sealed interface Made extends PodEffect {}

    record SandboxMade(String id) implements Made {}

    record ContainerMade(String id, String sandboxId) implements Made {}

    PodEffect HELD = new Held();

    PodEffect MOVED = new Moved();
}
