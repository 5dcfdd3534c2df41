package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.NodeView;

/** One rule, made ready for one pod and one snapshot. Safe for any thread. */
@FunctionalInterface
public interface NodeCheck {

    Verdict check(NodeView node);
}
