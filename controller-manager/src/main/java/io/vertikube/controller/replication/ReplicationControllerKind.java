package io.vertikube.controller.replication;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.ReplicationController;
import io.fabric8.kubernetes.api.model.ReplicationControllerBuilder;
import io.fabric8.kubernetes.api.model.ReplicationControllerCondition;
import io.fabric8.kubernetes.api.model.ReplicationControllerSpec;
import io.fabric8.kubernetes.api.model.ReplicationControllerStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetCondition;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatusBuilder;
import io.vertikube.controller.replicaset.ReplicaKind;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.Gvk;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ReplicationController seen as a ReplicaSet. Stateless. */
public final class ReplicationControllerKind implements ReplicaKind<ReplicationController> {
    @Override
    public Gvk kind() {
        return new Gvk("", "v1", "ReplicationController");
    }

    @Override
    public Class<ReplicationController> type() {
        return ReplicationController.class;
    }

    @Override
    public ReplicaSet view(ReplicationController object) {
        ReplicationControllerSpec spec = object.getSpec();
        return new ReplicaSetBuilder()
                .withMetadata(object.getMetadata())
                .withNewSpec()
                .withReplicas(spec.getReplicas())
                .withMinReadySeconds(spec.getMinReadySeconds())
                .withSelector(selector(spec))
                .withTemplate(spec.getTemplate())
                .endSpec()
                .withStatus(status(object.getStatus()))
                .build();
    }

    @Override
    public ReplicationController withStatus(ReplicationController object, ReplicaSetStatus status) {
        return new ReplicationControllerBuilder(object)
                .editOrNewStatus()
                .withReplicas(status.getReplicas())
                .withFullyLabeledReplicas(status.getFullyLabeledReplicas())
                .withReadyReplicas(status.getReadyReplicas())
                .withAvailableReplicas(status.getAvailableReplicas())
                .withObservedGeneration(status.getObservedGeneration())
                .withConditions(status.getConditions().stream()
                        .map(c -> new ReplicationControllerCondition(
                                c.getLastTransitionTime(), c.getMessage(), c.getReason(), c.getStatus(), c.getType()))
                        .toList())
                .endStatus()
                .build();
    }

    /** A missing selector means the template's labels. */
    private static LabelSelector selector(ReplicationControllerSpec spec) {
        Map<String, String> labels = Fields.map(spec.getSelector());
        if (labels.isEmpty() && spec.getTemplate() != null && spec.getTemplate().getMetadata() != null) {
            labels = Fields.map(spec.getTemplate().getMetadata().getLabels());
        }
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }

    private static @Nullable ReplicaSetStatus status(@Nullable ReplicationControllerStatus status) {
        if (status == null) {
            return null;
        }
        return new ReplicaSetStatusBuilder()
                .withReplicas(status.getReplicas())
                .withFullyLabeledReplicas(status.getFullyLabeledReplicas())
                .withReadyReplicas(status.getReadyReplicas())
                .withAvailableReplicas(status.getAvailableReplicas())
                .withObservedGeneration(status.getObservedGeneration())
                .withConditions(Fields.list(status.getConditions()).stream()
                        .map(c -> new ReplicaSetCondition(
                                c.getLastTransitionTime(), c.getMessage(), c.getReason(), c.getStatus(), c.getType()))
                        .toList())
                .build();
    }
}
