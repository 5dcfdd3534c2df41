package io.vertikube.apiserver.resource.core;

import io.vertikube.apiserver.resource.meta.Place;
import java.util.List;
import java.util.Map;

/** Annotations that became fields long ago. Pure. */
final class StorageWarnings {

    private static final Map<String, String> FIELDS = Map.of(
            "volume.beta.kubernetes.io/storage-class",
                    "deprecated since v1.8; use \"storageClassName\" attribute instead",
            "volume.beta.kubernetes.io/mount-options",
                    "deprecated since v1.31; use \"mountOptions\" attribute instead");

    private StorageWarnings() {}

    static void annotations(Place root, List<String> warnings) {
        root.get("metadata", "annotations").entries().forEach((key, annotation) -> {
            String sentence = FIELDS.get(key);
            if (sentence != null) {
                warnings.add(annotation.path() + ": " + sentence);
            }
        });
    }
}
