package io.vertikube.kubelet.env;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Secret;
import java.util.Optional;

/** Where ConfigMaps and Secrets come from; may be as old as a cache allows. Safe for any thread. */
public interface ConfigSource {

    Optional<ConfigMap> configMap(String namespace, String name);

    Optional<Secret> secret(String namespace, String name);

    /** A number that changes when something has changed that a pod refers to, as far as that is known here. */
    default long changes(String podUid) {
        return 0;
    }
}
