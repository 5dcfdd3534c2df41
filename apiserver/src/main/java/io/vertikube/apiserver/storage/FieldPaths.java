package io.vertikube.apiserver.storage;

import java.util.List;

/**
 * Tells which fields of a type one may select by, beside {@code metadata.name} and {@code metadata.namespace}. Must be
 * quick and safe for any thread: it is asked whenever a type is first seen.
 */
@FunctionalInterface
public interface FieldPaths {

    /**
     * @param storagePrefix the type, as {@code /registry/<group or core>/<plural>/}
     * @return dotted paths such as {@code spec.nodeName}; {@code spec.unschedulable=false} names the value that an
     *     absent field has, which otherwise is the empty string
     */
    List<String> of(String storagePrefix);
}
