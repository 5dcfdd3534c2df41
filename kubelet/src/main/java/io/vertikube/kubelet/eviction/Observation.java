package io.vertikube.kubelet.eviction;

/** How much there is of a signal, and how much in all: bytes or counts. Immutable. */
public record Observation(long available, long capacity) {}
