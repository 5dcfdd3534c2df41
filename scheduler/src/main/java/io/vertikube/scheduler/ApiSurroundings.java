package io.vertikube.scheduler;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.storage.StorageClass;
import io.vertikube.cache.Informer;
import io.vertikube.cache.Informers;
import io.vertikube.object.ObjectKey;
import io.vertikube.scheduler.snapshot.Surroundings;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Namespaces and storage as the informers know them now. Safe for any thread. */
final class ApiSurroundings implements Surroundings {

    private final Informer<Namespace> namespaces;
    private final Informer<PersistentVolumeClaim> claims;
    private final Informer<PersistentVolume> volumes;
    private final Informer<StorageClass> classes;

    ApiSurroundings(Informers informers) {
        this.namespaces = informers.of(Namespace.class);
        this.claims = informers.of(PersistentVolumeClaim.class);
        this.volumes = informers.of(PersistentVolume.class);
        this.classes = informers.of(StorageClass.class);
    }

    @Override
    public Map<String, String> namespaceLabels(String namespace) {
        Map<String, String> labels = namespaces
                .get(ObjectKey.cluster(namespace))
                .map(found -> found.getMetadata().getLabels())
                .orElse(null);
        return labels == null ? Map.of() : labels;
    }

    @Override
    public Optional<PersistentVolumeClaim> claim(ObjectKey key) {
        return claims.get(key);
    }

    @Override
    public Optional<PersistentVolume> volume(String name) {
        return volumes.get(ObjectKey.cluster(name));
    }

    @Override
    public List<PersistentVolume> volumes() {
        return volumes.list();
    }

    @Override
    public Optional<StorageClass> storageClass(String name) {
        return classes.get(ObjectKey.cluster(name));
    }
}
