package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.FieldError;
import java.util.List;

/** Whether an object belongs where its URL says, and replaces what its writer has seen. Pure. */
final class Placement {

    private Placement() {}

    /**
     * 400 if namespace or name contradict the URL; fills in what the object leaves out. A namespace where there is none to
     * be in is dropped: charts state one for every object.
     */
    static void check(Write write, ObjectNode object) {
        ObjectNode metadata = SystemFields.metadata(object);
        String namespace = SystemFields.text(object, "namespace");
        if (write.namespace().isEmpty()) {
            metadata.remove("namespace");
        } else if (!namespace.isEmpty() && !namespace.equals(write.namespace())) {
            throw ApiErrors.badRequest(
                    "the namespace of the provided object does not match the namespace sent on the request");
        } else {
            metadata.put("namespace", write.namespace());
        }
        String name = SystemFields.text(object, "name");
        if (!write.name().isEmpty()) {
            if (name.isEmpty()) {
                metadata.put("name", write.name());
            } else if (!name.equals(write.name())) {
                throw ApiErrors.badRequest("the name of the object (" + name + ") does not match the name on the URL ("
                        + write.name() + ")");
            }
        } else if (name.indexOf('/') >= 0) {
            throw ApiErrors.invalid(
                    write.type().gvk(),
                    name,
                    List.of(FieldError.invalid("metadata.name", name, "may not contain '/'")));
        }
    }

    /** 409 if the writer has seen another revision or another object of that name. */
    static void checkRevision(Write write, ObjectNode object, StoredObject stored) {
        String revision = SystemFields.text(object, "resourceVersion");
        String uid = SystemFields.text(object, "uid");
        if (!uid.isEmpty() && !uid.equals(stored.uid())) {
            throw precondition(write, "UID", uid, stored.uid());
        }
        if (revision.isEmpty() || revision.equals("0")) {
            if (!write.strategy().allowUnconditionalUpdate()
                    && write.subresource().isEmpty()) {
                throw ApiErrors.invalid(
                        write.type().gvk(),
                        write.name(),
                        List.of(FieldError.invalid("metadata.resourceVersion", 0, "must be specified for an update")));
            }
        } else if (!revision.equals(Long.toString(stored.revision()))) {
            throw ApiErrors.staleWrite(write.type().gvr(), write.name());
        }
    }

    static ApiException precondition(Write write, String what, String wanted, String found) {
        return ApiErrors.conflict(
                write.type().gvr(),
                write.name(),
                "Precondition failed: " + what + " in precondition: " + wanted + ", " + what + " in object meta: "
                        + found);
    }
}
