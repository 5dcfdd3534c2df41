package io.vertikube.kubelet.runtime;

/** A file system that holds images, and what they take of it. Immutable. */
public record ImageFilesystem(String mountpoint, long usedBytes, long usedInodes) {}
