package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import java.util.List;

/**
 * A body as an object of its kind: types checked, quantities and times in their canonical form, unknown fields dropped.
 *
 * @param object the tree, owned by the caller
 * @param strictErrors what a strict reader refuses, such as {@code unknown field "spec.foo"}: an error under {@code
 *     fieldValidation=Strict} ({@link #refuseStrict}), warnings under {@code Warn}, nothing under {@code Ignore}
 */
public record Decoded(ObjectNode object, List<String> strictErrors) {

    public Decoded {
        strictErrors = List.copyOf(strictErrors);
    }

    /** Throws the 400 of {@code fieldValidation=Strict} if there is any strict error. */
    public Decoded refuseStrict(Gvk type) throws ApiException {
        if (!strictErrors.isEmpty()) {
            throw ApiErrors.badRequest(
                    Decoder.cannotBeHandled(type, type, "strict decoding error: " + String.join(", ", strictErrors)));
        }
        return this;
    }
}
