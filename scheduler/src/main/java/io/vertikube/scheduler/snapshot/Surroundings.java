package io.vertikube.scheduler.snapshot;

import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.object.ObjectKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What else of the cluster a decision may ask for, beside nodes and pods. */
public interface Surroundings {

    Map<String, String> namespaceLabels(String namespace);

    Optional<PersistentVolumeClaim> claim(ObjectKey key);

    Optional<PersistentVolume> volume(String name);

    List<PersistentVolume> volumes();

    Optional<StorageClass> storageClass(String name);

    /** A cluster without labelled namespaces, volumes and classes. */
    static Surroundings none() {
        return new Surroundings() {
            @Override
            public Map<String, String> namespaceLabels(String namespace) {
                return Map.of();
            }

            @Override
            public Optional<PersistentVolumeClaim> claim(ObjectKey key) {
                return Optional.empty();
            }

            @Override
            public Optional<PersistentVolume> volume(String name) {
                return Optional.empty();
            }

            @Override
            public List<PersistentVolume> volumes() {
                return List.of();
            }

            @Override
            public Optional<StorageClass> storageClass(String name) {
                return Optional.empty();
            }
        };
    }
}
