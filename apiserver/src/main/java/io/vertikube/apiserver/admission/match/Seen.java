package io.vertikube.apiserver.admission.match;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.AdmissionRequest;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.cel.Access;
import io.vertikube.apiserver.cel.RequestValues;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.Gvk;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A write in the version that somebody wants to see. It shows the object as it is at that moment, as others change it.
 * Confined to the write's thread, and safe for several that only look.
 */
public record Seen(Surroundings surroundings, AdmissionRequest request, ResourceType type) {

    /** Whether the object is shown as it is. */
    public boolean asItIs() {
        return type.gvr().equals(request.type().gvr()) || !request.isOfItsType();
    }

    public @Nullable ObjectNode object() {
        return shown(request.object());
    }

    public @Nullable ObjectNode oldObject() {
        return shown(request.oldObject());
    }

    private @Nullable ObjectNode shown(@Nullable ObjectNode object) {
        if (object == null || asItIs()) {
            return object;
        }
        var conversions = surroundings.conversions();
        return conversions.of(type).fromStored(conversions.of(request.type()).toStored(object.deepCopy()));
    }

    /** An object of this version in the version of the write; the argument is given away. */
    public ObjectNode back(ObjectNode object) {
        if (asItIs()) {
            return object;
        }
        var conversions = surroundings.conversions();
        return conversions.of(request.type()).fromStored(conversions.of(type).toStored(object));
    }

    /** The kind of the object as it is shown. */
    public Gvk kind() {
        return request.isOfItsType() ? type.gvk() : request.kind();
    }

    /** What is asked about it ("AdmissionRequest" in the API reference), without the objects. */
    public ObjectNode question() {
        ObjectNode question = Trees.newObject();
        kind(question.putObject("kind"), kind());
        resource(question.putObject("resource"), type);
        put(question, "subResource", request.subresource());
        kind(question.putObject("requestKind"), request.kind());
        resource(question.putObject("requestResource"), request.type());
        put(question, "requestSubResource", request.subresource());
        put(question, "name", request.name());
        boolean space = request.isForAnyPartOf("", "namespaces");
        put(question, "namespace", space ? request.name() : request.namespace());
        question.put("operation", request.operation().name());
        question.set("userInfo", user(request.user()));
        question.put("dryRun", request.dryRun());
        question.set("options", request.options());
        return question;
    }

    /** What expressions see of it. */
    public Map<String, Object> values() {
        ResourceType asked = request.type();
        return RequestValues.of(
                question(),
                object(),
                oldObject(),
                new Rights(surroundings.authorizer(), request.user()),
                new Access.Question(
                        "", asked.group(), asked.plural(), request.subresource(), request.namespace(), request.name()));
    }

    private static void kind(ObjectNode node, Gvk kind) {
        node.put("group", kind.group()).put("version", kind.version()).put("kind", kind.kind());
    }

    private static void resource(ObjectNode node, ResourceType type) {
        node.put("group", type.group()).put("version", type.version()).put("resource", type.plural());
    }

    private static ObjectNode user(UserInfo user) {
        ObjectNode node = Trees.newObject().put("username", user.name());
        put(node, "uid", user.uid());
        node.set("groups", Trees.arrayOf(user.groups()));
        if (!user.extra().isEmpty()) {
            ObjectNode extra = node.putObject("extra");
            user.extra().forEach((key, values) -> extra.set(key, Trees.arrayOf(values)));
        }
        return node;
    }

    private static void put(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }
}
