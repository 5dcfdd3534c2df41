package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.Schema;
import org.jspecify.annotations.Nullable;

/**
 * Keeps {@code metadata.managedFields} right through creates, updates and patches: what the write changed belongs to its
 * writer and no longer to others; what it removed belongs to nobody. Safe for any thread.
 */
public final class ManagedFields {

    /** Fields that have no manager: they identify the object or are the server's own. */
    static final FieldSet UNMANAGED = FieldSet.path("f:apiVersion")
            .union(FieldSet.path("f:kind"))
            .union(FieldSet.path("f:metadata"))
            .union(metadata("name"))
            .union(metadata("namespace"))
            .union(metadata("creationTimestamp"))
            .union(metadata("selfLink"))
            .union(metadata("uid"))
            .union(metadata("clusterName"))
            .union(metadata("generation"))
            .union(metadata("managedFields"))
            .union(metadata("resourceVersion"));

    private ManagedFields() {}

    private static FieldSet metadata(String field) {
        return FieldSet.path("f:metadata", "f:" + field);
    }

    /**
     * Sets {@code object.metadata.managedFields} for a write that turns {@code live} into {@code object}. Called when the
     * object is decoded and defaulted, before admission and the kind's own rules touch it: what they add belongs to nobody.
     *
     * @param live what is stored, with its managed fields; null for a create
     * @param object what shall be stored; the managed fields it brings along count unless they are nonsense, and an empty
     *     list in them ends the tracking until the next apply
     */
    public static void update(@Nullable ObjectNode live, ObjectNode object, Schema schema, Writer by) {
        if (live == null) {
            create(EmptyObject.of(schema), object, schema, by);
            return;
        }
        Managers managers = startingPoint(live, object, by);
        if (!managers.isEmpty()) {
            claimChanges(Shapes.withoutManagedFields(live), object, schema, by, managers);
            managers.cap();
        }
        managers.writeTo(object);
    }

    /** The same for a create, by who has the kind's {@link EmptyObject} at hand. */
    public static void create(ObjectNode empty, ObjectNode object, Schema schema, Writer by) {
        Managers managers = startingPoint(null, object, by);
        claimChanges(empty, object, schema, by, managers);
        managers.cap();
        managers.writeTo(object);
    }

    /** Gives the writer what differs between the two, and takes it from everybody else. */
    static void claimChanges(ObjectNode before, ObjectNode object, Schema schema, Writer by, Managers managers) {
        ObjectNode after = Shapes.withoutManagedFields(object);
        Comparison changes = Comparison.between(before, after, schema).without(by.ignored());
        FieldSet written = changes.written();
        managers.replaceAll((id, fields) -> fields.difference(written).difference(changes.removed()));
        FieldSet claimed = written.difference(UNMANAGED);
        if (!claimed.isEmpty()) {
            var self = Managers.Id.updater(by);
            Managers.Claim earlier = managers.get(self);
            managers.put(
                    self,
                    new Managers.Claim(
                            by.type().apiVersion(),
                            by.now(),
                            earlier == null ? claimed : claimed.union(earlier.fields())));
        }
    }

    private static Managers startingPoint(@Nullable ObjectNode live, ObjectNode object, Writer by) {
        JsonNode given = object.path("metadata").path("managedFields");
        if (by.subresource().isEmpty()) {
            if (isReset(given)) {
                return new Managers();
            }
            Managers brought = Managers.readable(object);
            if (!brought.isEmpty()) {
                return brought;
            }
        }
        return live == null ? new Managers() : Managers.readable(live);
    }

    /** {@code []} or {@code [{}]}: the client asks to forget who manages what. */
    private static boolean isReset(JsonNode given) {
        return given.isArray()
                && (given.isEmpty() || (given.size() == 1 && given.get(0).isEmpty()));
    }
}
