package io.vertikube.controller.daemonset;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.vertikube.controller.workload.Fields;
import io.vertikube.value.NodeTerms;
import io.vertikube.value.Tolerations;
import java.util.List;
import java.util.Set;

/**
 * Whether a daemon belongs on a node. Immutable.
 *
 * @param run a missing pod is to be created
 * @param stay a pod that is there may stay
 */
record NodeFit(boolean run, boolean stay) {
    private static final NodeFit NO = new NodeFit(false, false);

    /** @param spec the daemon's pod spec, with the tolerations that daemons have */
    static NodeFit of(PodSpec spec, Node node) {
        String name = node.getMetadata().getName();
        String bound = Fields.text(spec.getNodeName());
        boolean wanted = (bound.isEmpty() || bound.equals(name))
                && NodeTerms.allows(spec, name, node.getMetadata().getLabels());
        if (!wanted) {
            return NO;
        }
        List<Taint> taints =
                Fields.list(node.getSpec() == null ? null : node.getSpec().getTaints());
        boolean stay = tolerated(taints, spec, Set.of("NoExecute"));
        return new NodeFit(stay && tolerated(taints, spec, Set.of("NoSchedule")), stay);
    }

    private static boolean tolerated(List<Taint> taints, PodSpec spec, Set<String> effects) {
        return taints.stream()
                .filter(taint -> effects.contains(taint.getEffect()))
                .allMatch(taint -> Tolerations.tolerate(spec.getTolerations(), taint));
    }
}
