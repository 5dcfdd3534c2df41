package io.vertikube.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Gvk;
import java.util.Optional;

/** Where the document of a custom resource gets the schema that its CustomResourceDefinition states. */
@FunctionalInterface
public interface CustomSchemas {

    /** No custom resources. */
    CustomSchemas NONE = type -> Optional.empty();

    /** The {@code openAPIV3Schema} of a kind; the caller only reads it. */
    Optional<ObjectNode> of(Gvk type);
}
