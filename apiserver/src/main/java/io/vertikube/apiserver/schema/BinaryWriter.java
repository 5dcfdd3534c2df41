package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvk;

/** Writes objects in Kubernetes' protobuf form ({@code application/vnd.kubernetes.protobuf}). Safe for any thread. */
public interface BinaryWriter {

    /** For a server that has none. */
    BinaryWriter NONE = new BinaryWriter() {
        @Override
        public boolean knows(Gvk type) {
            return false;
        }

        @Override
        public byte[] write(JsonNode object) {
            throw ApiErrors.notAcceptable("this server writes no protobuf: ask for application/json");
        }
    };

    /** Whether objects of the kind can be written; costs next to nothing. */
    boolean knows(Gvk type);

    /**
     * An object with its envelope.
     *
     * @throws io.vertikube.object.ApiException 406 for a kind that has no such form
     */
    byte[] write(JsonNode object);
}
