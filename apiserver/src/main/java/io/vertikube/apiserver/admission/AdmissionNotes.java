package io.vertikube.apiserver.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What plugins leave behind during one write: annotations of its audit event, and how the object looked to those that
 * want to be called again if it changes after them. Annotations may come from any thread, the rest belongs to the write's.
 */
public final class AdmissionNotes {

    private final BiConsumer<String, String> audit;
    private final Map<Object, JsonNode> leftBehind = new HashMap<>();
    private boolean touched;
    private boolean again;

    /** @param audit takes key and value of an annotation; any thread */
    public AdmissionNotes(BiConsumer<String, String> audit) {
        this.audit = audit;
    }

    /** Notes that nobody reads. */
    public static AdmissionNotes none() {
        return new AdmissionNotes((key, value) -> {});
    }

    public void annotate(String key, String value) {
        audit.accept(key, value);
    }

    /** How the object looked when somebody was done with it. */
    public void leave(Object who, JsonNode object) {
        leftBehind.put(who, object);
    }

    /** Whether the object looks otherwise than somebody left it, who was asked at all. */
    public boolean changedSince(Object who, JsonNode object) {
        @Nullable JsonNode left = leftBehind.get(who);
        return left != null && !left.equals(object);
    }

    /** Somebody from outside has changed the object, so that others may have to look again. */
    public void touch() {
        touched = true;
    }

    boolean touched() {
        return touched;
    }

    /** Whether the plugins are asked for the second time. */
    public boolean again() {
        return again;
    }

    void beginAgain() {
        again = true;
    }
}
