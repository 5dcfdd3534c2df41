package io.vertikube.apiserver.apply;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.StatusBuilder;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Server-side apply: the configuration is laid over the live object, what its applier no longer states and nobody else
 * manages goes, and a value that another manages is only changed by force. Safe for any thread.
 */
public final class ServerSideApply {

    /** Under which name everything stands that was there before the first apply of an object without managers. */
    static final String BEFORE_FIRST_APPLY = "before-first-apply";

    private ServerSideApply() {}

    /**
     * The object after the apply, with its managed fields; shares nothing with the arguments. What follows is as for any
     * update (a create if there was nothing): defaults, admission, validation.
     *
     * @param live what is stored; null if there is nothing yet
     * @param config what the applier states; a {@code resourceVersion} in it stays in the result as the writer's
     *     precondition
     * @param force take the fields of others
     * @throws ApiException 409 with a cause per field that another manages; 400 for a configuration that states managed
     *     fields or another kind; 500 in Kubernetes' words for one that is none of its schema
     */
    public static ObjectNode apply(
            @Nullable ObjectNode live, ObjectNode config, Schema schema, Writer by, boolean force) {
        ConfigFields stated = checked(config, schema, by);
        Managers managers = live == null ? new Managers() : Managers.readable(live);
        ObjectNode before = live == null ? JsonNodeFactory.instance.objectNode() : Shapes.withoutManagedFields(live);
        if (live != null && managers.isEmpty()) {
            var unknown = new Writer(BEFORE_FIRST_APPLY, "", by.type(), by.statusApart(), by.outOfReach(), by.now());
            ManagedFields.claimChanges(EmptyObject.of(schema), before, schema, unknown, managers);
        }

        var self = Managers.Id.applier(by);
        Managers.Claim earlier = managers.get(self);
        FieldSet claimed = stated.fields().without(by.ignored());
        ObjectNode merged = Merge.of(before, config, schema);
        managers.put(self, new Managers.Claim(by.type().apiVersion(), by.now(), claimed));
        if (earlier != null) {
            Pruning.prune(merged, earlier.fields(), managers.all(), schema);
        }

        Comparison changes = live == null
                ? new Comparison(FieldSet.EMPTY, FieldSet.EMPTY, FieldSet.EMPTY)
                : Comparison.between(before, merged, schema).without(by.ignored());
        if (!force && live != null) {
            refuseConflicts(managers, self, changes.written(), allowed(live, schema, by));
        }
        FieldSet written = changes.written();
        managers.replaceAll((id, fields) -> id.equals(self)
                ? fields.difference(ManagedFields.UNMANAGED)
                : fields.difference(written).difference(changes.removed()));
        keepTimeIfNothingChanged(managers, self, earlier, live != null && merged.equals(before));
        if (by.manager().equals(LastApplied.KUBECTL) && live != null) {
            LastApplied.carryOn(merged, config);
        }
        managers.writeTo(merged);
        return merged;
    }

    private static ConfigFields checked(ObjectNode config, Schema schema, Writer by) {
        if (config.path("metadata").hasNonNull("managedFields")) {
            throw ApiErrors.badRequest("metadata.managedFields must be nil");
        }
        String version = config.path("apiVersion").asText();
        if (!version.equals(by.type().apiVersion())) {
            throw ApiErrors.badRequest("Incorrect version specified in apply patch. Specified patch version: " + version
                    + ", expected: " + by.type().apiVersion());
        }
        ConfigFields stated = ConfigFields.of(config, schema);
        if (!stated.mistakes().isEmpty()) {
            throw notOfItsSchema(config, stated.mistakes());
        }
        return stated;
    }

    private static ApiException notOfItsSchema(ObjectNode config, List<String> mistakes) {
        String apiVersion = config.path("apiVersion").asText();
        String list = mistakes.size() == 1 ? mistakes.getFirst() : "errors:\n  " + String.join("\n  ", mistakes);
        return new ApiException(new StatusBuilder()
                .withStatus("Failure")
                .withMessage("failed to create typed patch object ("
                        + config.path("metadata").path("namespace").asText()
                        + "/" + config.path("metadata").path("name").asText()
                        + "; " + (apiVersion.contains("/") ? "" : "/") + apiVersion
                        + ", Kind=" + config.path("kind").asText() + "): " + list)
                .withCode(500)
                .build());
    }

    private static FieldSet allowed(ObjectNode live, Schema schema, Writer by) {
        return by.manager().equals(LastApplied.KUBECTL) ? LastApplied.unchanged(live, schema) : FieldSet.EMPTY;
    }

    private static void refuseConflicts(Managers managers, Managers.Id self, FieldSet written, FieldSet allowed) {
        Map<Managers.Id, FieldSet> conflicts = new TreeMap<>(Comparator.comparing(Managers.Id::printed));
        managers.claims().forEach((id, claim) -> {
            FieldSet taken = id.equals(self)
                    ? FieldSet.EMPTY
                    : claim.fields().intersection(written).difference(allowed);
            if (!taken.isEmpty()) {
                conflicts.put(id, taken);
            }
        });
        if (!conflicts.isEmpty()) {
            throw Conflicts.refusal(conflicts);
        }
    }

    /** An apply that changes neither the object nor what its applier claims is no write: its time stays, too. */
    private static void keepTimeIfNothingChanged(
            Managers managers, Managers.Id self, Managers.@Nullable Claim earlier, boolean sameObject) {
        Managers.Claim now = managers.get(self);
        if (sameObject
                && earlier != null
                && now != null
                && now.fields().equals(earlier.fields())
                && now.apiVersion().equals(earlier.apiVersion())) {
            managers.put(self, earlier);
        }
    }
}
