package io.vertikube.apiserver.authz;

/** An authorizer's answer; the reason is for people. */
public sealed interface Decision {

    String reason();

    /** Yes. */
    record Allow(String reason) implements Decision {}

    /** Not by me; ask the next. Nobody's yes is a no. */
    record NoOpinion(String reason) implements Decision {}

    /** No, whatever others say. */
    record Deny(String reason) implements Decision {}

    default boolean allowed() {
        return this instanceof Allow;
    }
}
