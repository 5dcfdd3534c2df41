package io.vertikube.kubelet.runtime;

/** One variable of a container's environment. Immutable. */
public record EnvVariable(String name, String value) {}
