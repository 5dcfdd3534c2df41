package io.vertikube.kubelet.runtime;

/** A port of the pod that the machine should answer on; protocol is TCP, UDP or SCTP. Immutable. */
public record PortMapping(String protocol, int containerPort, int hostPort, String hostIp) {}
