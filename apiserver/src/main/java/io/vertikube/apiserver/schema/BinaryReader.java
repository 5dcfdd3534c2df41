package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;

/** Reads bodies in Kubernetes' protobuf form ({@code application/vnd.kubernetes.protobuf}). Safe for any thread. */
@FunctionalInterface
public interface BinaryReader {

    /**
     * The object as its JSON tree, with {@code apiVersion} and {@code kind}.
     *
     * @param expected the kind to assume if the body does not say
     * @throws ApiException 400 for a body that is none, 415 for a kind that has no protobuf form
     */
    ObjectNode read(byte[] body, Gvk expected);
}
