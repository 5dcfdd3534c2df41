package io.vertikube.controller.node;

/** Whether the pods of a node that is not ready may be driven off. */
enum EvictionLeave {
    /** No, and those taints that stand are taken back: no node of the cluster is ready, so the fault is likely ours. */
    NEVER,
    /** Not now: too many nodes of the zone went at once, or another one went just before. */
    NOT_NOW,
    /** Yes. */
    NOW
}
