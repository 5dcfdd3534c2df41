package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/** Makes objects of one version objects of another, all or none. May block; safe for any thread. */
@FunctionalInterface
interface VersionConverter {

    /** Strategy {@code None}: the versions differ in name alone. */
    VersionConverter NONE = (objects, apiVersion) -> {
        objects.forEach(object -> object.put("apiVersion", apiVersion));
        return objects;
    };

    /**
     * @param objects the caller's own; may be changed
     * @param apiVersion the one they shall have
     */
    List<ObjectNode> convert(List<ObjectNode> objects, String apiVersion);
}
