package io.vertikube.scheduler.plugin;

import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.TaintBuilder;
import io.vertikube.scheduler.snapshot.PodView;
import io.vertikube.scheduler.snapshot.Snapshot;
import io.vertikube.value.Tolerations;
import java.util.Optional;

/** A cordoned node takes only pods that tolerate that. */
final class NodeUnschedulable implements Plugin {

    private static final String NAME = "NodeUnschedulable";
    private static final Verdict CORDONED = Verdict.never(NAME, "node(s) were unschedulable");

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Optional<NodeCheck> check(PodView pod, Snapshot snapshot) {
        Taint cordon = new TaintBuilder()
                .withKey("node.kubernetes.io/unschedulable")
                .withEffect("NoSchedule")
                .build();
        return Tolerations.tolerate(pod.spec().getTolerations(), cordon)
                ? Optional.empty()
                : Optional.of(node -> node.unschedulable() ? CORDONED : Verdict.FITS);
    }
}
