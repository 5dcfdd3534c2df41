package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpecBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.vertikube.controller.workload.Fields;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** Counts and comparisons over a Deployment's ReplicaSets. Pure. */
final class Sets {
    static final String TEMPLATE_HASH = "pod-template-hash";

    static final Comparator<ReplicaSet> OLDEST_FIRST = Comparator.comparing(
                    (ReplicaSet set) -> Fields.instant(set.getMetadata().getCreationTimestamp()))
            .thenComparing(set -> set.getMetadata().getName());

    private Sets() {}

    static boolean same(ReplicaSet one, ReplicaSet other) {
        return one.getMetadata().getName().equals(other.getMetadata().getName());
    }

    static int wanted(Deployment deployment) {
        return Fields.number(deployment.getSpec().getReplicas(), 1);
    }

    static int wanted(ReplicaSet set) {
        return Fields.number(set.getSpec().getReplicas(), 1);
    }

    static int wanted(Collection<ReplicaSet> sets) {
        return sets.stream().mapToInt(Sets::wanted).sum();
    }

    static int replicas(ReplicaSet set) {
        return set.getStatus() == null ? 0 : Fields.number(set.getStatus().getReplicas());
    }

    static int ready(ReplicaSet set) {
        return set.getStatus() == null ? 0 : Fields.number(set.getStatus().getReadyReplicas());
    }

    static int available(ReplicaSet set) {
        return set.getStatus() == null ? 0 : Fields.number(set.getStatus().getAvailableReplicas());
    }

    static int available(Collection<ReplicaSet> sets) {
        return sets.stream().mapToInt(Sets::available).sum();
    }

    static List<ReplicaSet> active(Collection<ReplicaSet> sets) {
        return sets.stream().filter(set -> wanted(set) > 0).toList();
    }

    /** The oldest set that has the Deployment's template, so that several with the same one settle on one. */
    static Optional<ReplicaSet> newest(Deployment deployment, List<ReplicaSet> oldestFirst) {
        PodTemplateSpec template = withoutHash(deployment.getSpec().getTemplate());
        return oldestFirst.stream()
                .filter(set -> template.equals(withoutHash(set.getSpec().getTemplate())))
                .findFirst();
    }

    static PodTemplateSpec withoutHash(PodTemplateSpec template) {
        var labels = new HashMap<>(Fields.map(
                template.getMetadata() == null ? null : template.getMetadata().getLabels()));
        labels.remove(TEMPLATE_HASH);
        return withLabels(template, labels);
    }

    static PodTemplateSpec withLabels(PodTemplateSpec template, java.util.Map<String, String> labels) {
        ObjectMetaBuilder metadata = template.getMetadata() == null
                ? new ObjectMetaBuilder()
                : new ObjectMetaBuilder(template.getMetadata());
        return new PodTemplateSpecBuilder(template)
                .withMetadata(metadata.withLabels(labels).build())
                .build();
    }
}
