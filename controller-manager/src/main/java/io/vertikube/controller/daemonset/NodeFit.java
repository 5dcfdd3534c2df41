package io.vertikube.controller.daemonset;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeSelector;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Taint;
import io.fabric8.kubernetes.api.model.Toleration;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.NodeTerms;
import io.vertikube.value.Selectors;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

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
        Map<String, String> labels = Fields.map(node.getMetadata().getLabels());
        NodeSelector required = required(spec);
        boolean wanted = (bound.isEmpty() || bound.equals(name))
                && Selectors.labels(Fields.map(spec.getNodeSelector())).matches(labels)
                && (required == null || NodeTerms.any(required.getNodeSelectorTerms(), node));
        if (!wanted) {
            return NO;
        }
        List<Taint> taints =
                Fields.list(node.getSpec() == null ? null : node.getSpec().getTaints());
        boolean stay = tolerated(taints, spec, Set.of("NoExecute"));
        return new NodeFit(stay && tolerated(taints, spec, Set.of("NoSchedule")), stay);
    }

    private static @Nullable NodeSelector required(PodSpec spec) {
        return spec.getAffinity() == null || spec.getAffinity().getNodeAffinity() == null
                ? null
                : spec.getAffinity().getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution();
    }

    private static boolean tolerated(List<Taint> taints, PodSpec spec, Set<String> effects) {
        List<Toleration> tolerations = Fields.list(spec.getTolerations());
        return taints.stream()
                .filter(taint -> effects.contains(taint.getEffect()))
                .allMatch(taint -> tolerations.stream().anyMatch(t -> tolerates(t, taint)));
    }

    private static boolean tolerates(Toleration toleration, Taint taint) {
        String effect = Fields.text(toleration.getEffect());
        String key = Fields.text(toleration.getKey());
        boolean named =
                (effect.isEmpty() || effect.equals(taint.getEffect())) && (key.isEmpty() || key.equals(taint.getKey()));
        if (!named) {
            return false;
        }
        return "Exists".equals(toleration.getOperator())
                || (!key.isEmpty() && Fields.text(toleration.getValue()).equals(Fields.text(taint.getValue())));
    }
}
