package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.FieldError;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The rules of one kind that its schema cannot say. Every method is a pure function of the trees it is given: the
 * {@code prepare…} methods and {@link #applyDefaults} change {@code object} in place, nothing changes {@code old}.
 * Safe for any thread. Found through {@link Strategies}, which adds what holds for every kind.
 */
public interface Strategy {

    /** Defaults that depend on other fields; runs after the schema's own defaults, on every decode of a request. */
    default void applyDefaults(ObjectNode object) {}

    /** Drops what a creator may not set (status) and sets what the server does ({@code metadata.generation}). */
    default void prepareForCreate(ObjectNode object) {}

    /** An update through the resource itself: keeps the old status, counts the generation. */
    default void prepareForUpdate(ObjectNode object, ObjectNode old) {}

    /** An update through {@code /status}: keeps everything old but the status (and what metadata may change there). */
    default void prepareForStatusUpdate(ObjectNode object, ObjectNode old) {}

    /** Fields of metadata that a write through {@code /status} leaves as they are, so that nobody manages them by it. */
    default List<String> keptByStatusWrites() {
        return List.of();
    }

    /** The first delete of an object: what must happen before it may go, as a finalizer; changes it in place. */
    default void prepareForDelete(ObjectNode object, Instant now) {}

    /** What is wrong with a new object; none if it may be stored. */
    default List<FieldError> validate(ObjectNode object) {
        return List.of();
    }

    /** What is wrong with an object that would take the place of {@code old}. */
    default List<FieldError> validateUpdate(ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /** What is wrong with a new status. */
    default List<FieldError> validateStatusUpdate(ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /**
     * What is wrong with an object of which only the part behind a subresource ({@code ephemeralcontainers}, {@code
     * resize}, {@code finalize}, {@code approval}) has changed.
     */
    default List<FieldError> validatePartUpdate(String subresource, ObjectNode object, ObjectNode old) {
        return List.of();
    }

    /** Sentences for {@code Warning} headers; none of them hinders the write. */
    default List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return List.of();
    }

    /** Dotted paths that field selectors may name, beyond {@code metadata.name} and {@code metadata.namespace}. */
    default List<String> selectableFields() {
        return List.of();
    }

    /** What a field selector is told that names another field. */
    default String unknownField(String field) {
        return selectableFields().isEmpty()
                ? "\"" + field + "\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\""
                : "field label not supported: " + field;
    }

    /** Whether PUT on a name that does not exist creates the object. */
    default boolean allowCreateOnUpdate() {
        return false;
    }

    /** Whether an update without {@code resourceVersion} overwrites whatever is there. */
    default boolean allowUnconditionalUpdate() {
        return true;
    }

    /** Whether a creator may set the status at once, as a node's agent does. */
    default boolean keepsStatusOnCreate() {
        return false;
    }

    /** Whether a patch may be a strategic merge. */
    default boolean allowStrategicMerge() {
        return true;
    }

    /** A sentence that every request to the type is answered with as a {@code Warning}; empty for none. */
    default String requestWarning() {
        return "";
    }

    /** Where the {@code scale} subresource finds its numbers. */
    default ScalePaths scalePaths() {
        return ScalePaths.WORKLOAD;
    }

    /** Seconds between a delete and the removal when the deleter names none; 0 removes at once. */
    default long defaultGracePeriodSeconds(ObjectNode object) {
        return 0;
    }
}
