package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetSpecBuilder;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.TemplateHash;
import io.vertikube.object.Gvk;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** Revision numbers, and what a Deployment writes on its ReplicaSets for {@code kubectl rollout} to read. Pure. */
final class Revisions {
    static final Gvk KIND = new Gvk("apps", "v1", "Deployment");
    static final String REVISION = "deployment.kubernetes.io/revision";
    static final String HISTORY = "deployment.kubernetes.io/revision-history";
    static final String DESIRED = "deployment.kubernetes.io/desired-replicas";
    static final String MAX = "deployment.kubernetes.io/max-replicas";

    private static final Set<String> NOT_COPIED = Set.of(
            "kubectl.kubernetes.io/last-applied-configuration",
            REVISION,
            HISTORY,
            DESIRED,
            MAX,
            "deprecated.deployment.rollback.to",
            "vertikube.io/config-seen");

    private Revisions() {}

    static long revision(HasMetadata object) {
        String text = Fields.map(object.getMetadata().getAnnotations()).get(REVISION);
        if (text == null) {
            return 0;
        }
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }

    static long next(Collection<ReplicaSet> old) {
        return old.stream().mapToLong(Revisions::revision).max().orElse(0) + 1;
    }

    /** The ReplicaSet of the Deployment's template, with {@code replicas} pods. */
    static ReplicaSet create(Deployment deployment, long revision, int replicas) {
        var spec = deployment.getSpec();
        String hash = TemplateHash.of(
                Sets.withoutHash(spec.getTemplate()),
                deployment.getStatus() == null ? null : deployment.getStatus().getCollisionCount());
        Map<String, String> labels = new HashMap<>(Fields.map(
                spec.getTemplate().getMetadata() == null
                        ? null
                        : spec.getTemplate().getMetadata().getLabels()));
        labels.put(Sets.TEMPLATE_HASH, hash);
        ReplicaSet bare = new ReplicaSetBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(deployment.getMetadata().getName() + "-" + hash)
                        .withNamespace(deployment.getMetadata().getNamespace())
                        .withLabels(labels)
                        .withOwnerReferences(Owners.controllerReference(deployment, KIND))
                        .build())
                .withSpec(new ReplicaSetSpecBuilder()
                        .withReplicas(replicas)
                        .withMinReadySeconds(spec.getMinReadySeconds())
                        .withSelector(new LabelSelectorBuilder(spec.getSelector())
                                .addToMatchLabels(Sets.TEMPLATE_HASH, hash)
                                .build())
                        .withTemplate(Sets.withLabels(spec.getTemplate(), labels))
                        .build())
                .build();
        return annotated(withAnnotations(bare, inherited(bare, deployment, revision)), deployment);
    }

    /** The newest set as the Deployment wants it annotated; equal to {@code set} when nothing is to be written. */
    static ReplicaSet current(ReplicaSet set, Deployment deployment, long revision) {
        ReplicaSet annotated = withAnnotations(set, inherited(set, deployment, revision));
        Integer delay = deployment.getSpec().getMinReadySeconds();
        if (Fields.number(delay) == Fields.number(set.getSpec().getMinReadySeconds())) {
            return annotated;
        }
        return new ReplicaSetBuilder(annotated)
                .editSpec()
                .withMinReadySeconds(delay)
                .endSpec()
                .build();
    }

    /** A copy with {@code replicas}, annotated with the size the Deployment has now. */
    static ReplicaSet scaled(ReplicaSet set, Deployment deployment, int replicas) {
        ReplicaSet resized = new ReplicaSetBuilder(set)
                .editSpec()
                .withReplicas(replicas)
                .endSpec()
                .build();
        return annotated(resized, deployment);
    }

    /** Whether the set's size annotations are those of the Deployment's present size. */
    static boolean sizeIsKnown(ReplicaSet set, Deployment deployment) {
        String desired = Fields.map(set.getMetadata().getAnnotations()).get(DESIRED);
        return desired == null || desired.equals(Integer.toString(Sets.wanted(deployment)));
    }

    static int sizeBefore(ReplicaSet set, int absent) {
        String max = Fields.map(set.getMetadata().getAnnotations()).get(MAX);
        try {
            return max == null ? absent : Integer.parseInt(max);
        } catch (NumberFormatException notANumber) {
            return absent;
        }
    }

    static ReplicaSet annotated(ReplicaSet set, Deployment deployment) {
        int wanted = Sets.wanted(deployment);
        var annotations = new HashMap<>(Fields.map(set.getMetadata().getAnnotations()));
        annotations.put(DESIRED, Integer.toString(wanted));
        annotations.put(
                MAX, Integer.toString(wanted + ReplicaMath.of(deployment).maxSurge()));
        return withAnnotations(set, annotations);
    }

    private static Map<String, String> inherited(ReplicaSet set, Deployment deployment, long revision) {
        var annotations = new HashMap<>(Fields.map(set.getMetadata().getAnnotations()));
        Fields.map(deployment.getMetadata().getAnnotations()).forEach((key, value) -> {
            if (!NOT_COPIED.contains(key)) {
                annotations.put(key, value);
            }
        });
        long before = revision(set);
        if (before < revision) {
            annotations.put(REVISION, Long.toString(revision));
            if (before > 0) {
                annotations.merge(HISTORY, Long.toString(before), (earlier, one) -> earlier + "," + one);
            }
        }
        return annotations;
    }

    private static ReplicaSet withAnnotations(ReplicaSet set, Map<String, String> annotations) {
        if (annotations.equals(Fields.map(set.getMetadata().getAnnotations()))) {
            return set;
        }
        return new ReplicaSetBuilder(set)
                .editMetadata()
                .withAnnotations(annotations)
                .endMetadata()
                .build();
    }
}
