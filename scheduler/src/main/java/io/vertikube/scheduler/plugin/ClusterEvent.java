package io.vertikube.scheduler.plugin;

/** What may happen that lets a pod fit which did not before. */
public enum ClusterEvent {
    NODE_ADDED,
    /** Labels, taints, {@code unschedulable} or what it has to give. */
    NODE_CHANGED,
    /** A pod with a node came or changed its labels. */
    POD_PLACED,
    /** A pod left its node, or took less of it. */
    POD_GONE,
    /** The waiting pod itself was changed. */
    POD_ITSELF,
    VOLUME_CHANGED,
    NAMESPACE_CHANGED
}
