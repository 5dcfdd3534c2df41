package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One write on its way to the store. {@code object} is the request's own tree, which mutating plugins change in place;
 * {@code oldObject} is shared with nobody but must not be changed.
 *
 * @param kind of the object; another than the type's own where a subresource has one (Scale, Binding, PodExecOptions)
 * @param subresource empty for the resource itself
 * @param namespace empty for cluster-scoped resources
 * @param name empty while a generated name is not made yet
 * @param object what would be stored (or sent to the subresource); null for DELETE
 * @param oldObject what is stored; null for CREATE and CONNECT
 * @param options what the client said beside the object (CreateOptions, …); null for CONNECT
 * @param dryRun nothing durable may come of it
 * @param warn takes sentences for {@code Warning} headers
 */
public record AdmissionRequest(
        Operation operation,
        ResourceType type,
        Gvk kind,
        String subresource,
        String namespace,
        String name,
        @Nullable ObjectNode object,
        @Nullable ObjectNode oldObject,
        @Nullable ObjectNode options,
        UserInfo user,
        boolean dryRun,
        Consumer<String> warn,
        AdmissionNotes notes) {

    /** One of the type's own kind, whose warnings nobody hears. */
    public AdmissionRequest(
            Operation operation,
            ResourceType type,
            String subresource,
            String namespace,
            String name,
            @Nullable ObjectNode object,
            @Nullable ObjectNode oldObject,
            UserInfo user,
            boolean dryRun) {
        this(
                operation,
                type,
                type.gvk(),
                subresource,
                namespace,
                name,
                object,
                oldObject,
                null,
                user,
                dryRun,
                sentence -> {},
                AdmissionNotes.none());
    }

    /** Whether it is about this resource itself (no subresource). */
    public boolean isFor(String group, String plural) {
        return subresource.isEmpty() && isForAnyPartOf(group, plural);
    }

    /** Whether it is about this resource or one of its subresources. */
    public boolean isForAnyPartOf(String group, String plural) {
        return type.group().equals(group) && type.plural().equals(plural);
    }

    /** Whether the object is one of the type, rather than of a subresource's kind. */
    public boolean isOfItsType() {
        return kind.equals(type.gvk());
    }

    /** The object, or null as a tree where there is none. */
    public JsonNode shown() {
        return object == null ? NullNode.instance : object;
    }

    /** The object of a CREATE or UPDATE. */
    public ObjectNode requireObject() {
        return Objects.requireNonNull(object, () -> operation + " without an object");
    }
}
