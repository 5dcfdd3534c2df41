package io.vertikube.controller.replicaset;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.ReplicaSet;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetBuilder;
import io.fabric8.kubernetes.api.model.apps.ReplicaSetStatus;
import io.vertikube.object.Gvk;

/**
 * A kind that keeps a number of equal pods, seen as a ReplicaSet. Stateless.
 *
 * @param <T> the kind's type
 */
public interface ReplicaKind<T extends HasMetadata> {
    ReplicaKind<ReplicaSet> REPLICA_SET = new ReplicaKind<>() {
        @Override
        public Gvk kind() {
            return new Gvk("apps", "v1", "ReplicaSet");
        }

        @Override
        public Class<ReplicaSet> type() {
            return ReplicaSet.class;
        }

        @Override
        public ReplicaSet view(ReplicaSet object) {
            return object;
        }

        @Override
        public ReplicaSet withStatus(ReplicaSet object, ReplicaSetStatus status) {
            return new ReplicaSetBuilder(object).withStatus(status).build();
        }
    };

    Gvk kind();

    Class<T> type();

    /** The object as a ReplicaSet, with the same metadata. */
    ReplicaSet view(T object);

    /** A copy of the object with another status. */
    T withStatus(T object, ReplicaSetStatus status);
}
