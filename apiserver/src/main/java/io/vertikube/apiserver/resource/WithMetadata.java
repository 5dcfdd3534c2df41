package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.ObjectMetaRules;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.FieldError;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What holds for every kind, around the rules of one: metadata is valid and keeps what the server set, status is written
 * through its own path, the generation counts what users change. Pure but for the trees it is told to change.
 */
final class WithMetadata implements Strategy {

    private static final Set<String> NOT_SPEC = Set.of("apiVersion", "kind", "metadata", "status");

    private final ResourceType type;
    private final Strategy kind;
    private final boolean hasStatus;
    private final boolean countsGeneration;
    private final List<String> keptByStatusWrites;

    WithMetadata(ResourceType type, Strategy kind, boolean countsGeneration) {
        this.type = type;
        this.kind = kind;
        this.hasStatus = type.subresource("status").isPresent();
        this.countsGeneration = countsGeneration;
        this.keptByStatusWrites = Stream.concat(StatusReach.kept(type).stream(), kind.keptByStatusWrites().stream())
                .toList();
    }

    @Override
    public void applyDefaults(ObjectNode object) {
        kind.applyDefaults(object);
    }

    @Override
    public void prepareForCreate(ObjectNode object) {
        ObjectNode metadata = Trees.object(object, "metadata");
        metadata.remove(List.of("generation", "deletionTimestamp", "deletionGracePeriodSeconds", "selfLink"));
        if (countsGeneration) {
            metadata.put("generation", 1);
        }
        if (hasStatus && !kind.keepsStatusOnCreate()) {
            object.remove("status");
        }
        kind.prepareForCreate(object);
        AlwaysShown.fill(type, object);
    }

    @Override
    public void prepareForUpdate(ObjectNode object, ObjectNode old) {
        keepServerMetadata(object, old);
        if (hasStatus) {
            Trees.keep(object, old, "status");
        }
        kind.prepareForUpdate(object, old);
        AlwaysShown.fill(type, object);
        if (countsGeneration) {
            long before = old.path("metadata").path("generation").asLong(0);
            int generation = Math.toIntExact(specChanged(object, old) ? before + 1 : before);
            Trees.object(object, "metadata").put("generation", generation);
        }
    }

    @Override
    public List<String> keptByStatusWrites() {
        return keptByStatusWrites;
    }

    @Override
    public void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {
        var fields = new ArrayList<String>();
        object.fieldNames().forEachRemaining(fields::add);
        old.fieldNames().forEachRemaining(fields::add);
        for (String field : fields) {
            if (!NOT_SPEC.contains(field)) {
                Trees.keep(object, old, field);
            }
        }
        keepServerMetadata(object, old);
        ObjectNode metadata = Trees.object(object, "metadata");
        ObjectNode before = Trees.object(old, "metadata");
        Trees.keep(metadata, before, "generation");
        for (String field : keptByStatusWrites) {
            Trees.keep(metadata, before, field);
        }
        kind.prepareForStatusUpdate(object, old);
    }

    @Override
    public void prepareForDelete(ObjectNode object, Instant now) {
        kind.prepareForDelete(object, now);
    }

    @Override
    public List<FieldError> validate(ObjectNode object) {
        var errors = new ArrayList<>(ObjectMetaRules.validate(type, object));
        errors.addAll(kind.validate(object));
        return errors;
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        var errors = new ArrayList<>(ObjectMetaRules.validateUpdate(type, object, old));
        errors.addAll(kind.validateUpdate(object, old));
        return errors;
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        var errors = new ArrayList<>(ObjectMetaRules.validateUpdate(type, object, old));
        errors.addAll(kind.validateStatusUpdate(object, old));
        return errors;
    }

    @Override
    public List<FieldError> validatePartUpdate(String subresource, ObjectNode object, ObjectNode old) {
        return kind.validatePartUpdate(subresource, object, old);
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return kind.warnings(object, old);
    }

    @Override
    public List<String> selectableFields() {
        return kind.selectableFields();
    }

    @Override
    public String unknownField(String field) {
        return kind.unknownField(field);
    }

    @Override
    public boolean allowCreateOnUpdate() {
        return kind.allowCreateOnUpdate();
    }

    @Override
    public boolean allowUnconditionalUpdate() {
        return kind.allowUnconditionalUpdate();
    }

    @Override
    public boolean keepsStatusOnCreate() {
        return kind.keepsStatusOnCreate();
    }

    @Override
    public boolean allowStrategicMerge() {
        return kind.allowStrategicMerge();
    }

    @Override
    public String requestWarning() {
        return kind.requestWarning();
    }

    @Override
    public ScalePaths scalePaths() {
        return kind.scalePaths();
    }

    @Override
    public long defaultGracePeriodSeconds(ObjectNode object) {
        return kind.defaultGracePeriodSeconds(object);
    }

    private static void keepServerMetadata(ObjectNode object, ObjectNode old) {
        ObjectNode metadata = Trees.object(object, "metadata");
        ObjectNode before = Trees.object(old, "metadata");
        for (String field : List.of("uid", "deletionGracePeriodSeconds")) {
            if (Trees.absent(metadata, field)) {
                Trees.keep(metadata, before, field);
            }
        }
        // Other times than the server's are passed over, but a time to go where there is none is refused.
        for (String field : List.of("creationTimestamp", "deletionTimestamp")) {
            if (!Trees.absent(before, field)) {
                Trees.keep(metadata, before, field);
            }
        }
        for (String field : List.of("generation", "generateName")) {
            Trees.keep(metadata, before, field);
        }
        metadata.remove("selfLink");
    }

    /** Status that has no path of its own counts as everything else does. */
    private boolean counts(String field) {
        return !NOT_SPEC.contains(field) || (field.equals("status") && !hasStatus);
    }

    private boolean specChanged(ObjectNode object, ObjectNode old) {
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            if (counts(field.getKey()) && !Trees.equal(field.getValue(), old.path(field.getKey()))) {
                return true;
            }
        }
        for (Map.Entry<String, JsonNode> field : old.properties()) {
            boolean gone = !object.has(field.getKey());
            if (gone && counts(field.getKey()) && !Trees.equal(field.getValue(), object.path(field.getKey()))) {
                return true;
            }
        }
        return false;
    }
}
