package io.vertikube.kubelet.runtime;

/** The parts of an SELinux label that somebody has chosen; the runtime fills in those that are empty. Immutable. */
public record SelinuxOptions(String user, String role, String type, String level) {}
