package io.vertikube.scheduler.plugin;

import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import java.util.Optional;

/** A pod that names its node goes nowhere else. */
final class NodeName implements Plugin {

    private static final String NAME = "NodeName";
    private static final Verdict OTHER = Verdict.never(NAME, "node(s) didn't match the requested node name");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        String wanted = pod.nodeName();
        return wanted.isEmpty()
                ? Optional.empty()
                : Optional.of(node -> node.name().equals(wanted) ? Verdict.FITS : OTHER);
    }
}
