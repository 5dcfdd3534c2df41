package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import java.util.List;
import java.util.function.Predicate;

/**
 * Types whose objects nobody stores: each is made when somebody reads it, and stands for a stored object of the same name
 * and labels. Called on virtual threads; may block for a moment.
 */
public interface ComputedObjects {

    /** Whether objects of a type are made here. */
    boolean has(ResourceType type);

    /** One of them; throws the refusal that says why there is none. */
    ObjectNode get(ResourceType type, String namespace, String name);

    /** Those of a namespace, or of all if it is empty, whose stored object is selected. */
    List<ObjectNode> list(ResourceType type, String namespace, Predicate<StoredObject> selected);
}
