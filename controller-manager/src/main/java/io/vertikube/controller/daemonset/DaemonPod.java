package io.vertikube.controller.daemonset;

import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.NodeSelectorTerm;
import io.fabric8.kubernetes.api.model.NodeSelectorTermBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.vertikube.controller.history.TemplateRevision;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.PodWrites;
import io.vertikube.controller.workload.Pods;
import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.List;

/**
 * The pods of a DaemonSet: bound to a node by affinity to its name, and tolerant of what befalls nodes. Pure.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/controllers/daemonset/#taints-and-tolerations">Taints and
 *     tolerations</a>
 */
final class DaemonPod {
    static final Gvk KIND = new Gvk("apps", "v1", "DaemonSet");
    private static final String NODE_NAME = "metadata.name";

    private DaemonPod() {}

    /** The template's spec with the tolerations that daemons have. */
    static PodSpec spec(DaemonSet set) {
        PodSpec spec = set.getSpec().getTemplate().getSpec();
        var tolerations = new ArrayList<>(Fields.list(spec.getTolerations()));
        add(tolerations, "not-ready", "NoExecute");
        add(tolerations, "unreachable", "NoExecute");
        add(tolerations, "disk-pressure", "NoSchedule");
        add(tolerations, "memory-pressure", "NoSchedule");
        add(tolerations, "pid-pressure", "NoSchedule");
        add(tolerations, "unschedulable", "NoSchedule");
        if (Fields.flag(spec.getHostNetwork())) {
            add(tolerations, "network-unavailable", "NoSchedule");
        }
        return new PodSpecBuilder(spec).withTolerations(tolerations).build();
    }

    static Pod create(DaemonSet set, String node, String hash) {
        Pod pod = PodWrites.fromTemplate(set.getSpec().getTemplate(), set, KIND);
        PodSpec spec = spec(set);
        return new PodBuilder(pod)
                .editMetadata()
                .addToLabels(TemplateRevision.HASH_LABEL, hash)
                .endMetadata()
                .withSpec(new PodSpecBuilder(spec)
                        .withAffinity(onlyOn(spec, node))
                        .build())
                .build();
    }

    /** The node that a pod is on, or is meant for; empty when it says neither. */
    static String node(Pod pod) {
        if (Pods.scheduled(pod)) {
            return pod.getSpec().getNodeName();
        }
        Affinity affinity = pod.getSpec().getAffinity();
        if (affinity == null
                || affinity.getNodeAffinity() == null
                || affinity.getNodeAffinity().getRequiredDuringSchedulingIgnoredDuringExecution() == null) {
            return "";
        }
        for (NodeSelectorTerm term : Fields.list(affinity.getNodeAffinity()
                .getRequiredDuringSchedulingIgnoredDuringExecution()
                .getNodeSelectorTerms())) {
            for (var field : Fields.list(term.getMatchFields())) {
                if (NODE_NAME.equals(field.getKey()) && field.getValues().size() == 1) {
                    return field.getValues().getFirst();
                }
            }
        }
        return "";
    }

    private static Affinity onlyOn(PodSpec spec, String node) {
        Affinity base = spec.getAffinity() == null ? new Affinity() : spec.getAffinity();
        NodeSelectorTerm term = new NodeSelectorTermBuilder()
                .addNewMatchField()
                .withKey(NODE_NAME)
                .withOperator("In")
                .withValues(node)
                .endMatchField()
                .build();
        return new AffinityBuilder(base)
                .editOrNewNodeAffinity()
                .withNewRequiredDuringSchedulingIgnoredDuringExecution()
                .withNodeSelectorTerms(term)
                .endRequiredDuringSchedulingIgnoredDuringExecution()
                .endNodeAffinity()
                .build();
    }

    private static void add(List<Toleration> tolerations, String name, String effect) {
        var toleration = new Toleration(effect, "node.kubernetes.io/" + name, "Exists", null, null);
        if (!tolerations.contains(toleration)) {
            tolerations.add(toleration);
        }
    }
}
