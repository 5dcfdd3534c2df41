package io.vertikube.kubelet.status;

/** Why a container does not run, in the API's words: {@code ImagePullBackOff} and a sentence. Immutable. */
public record Waiting(String reason, String message) {}
