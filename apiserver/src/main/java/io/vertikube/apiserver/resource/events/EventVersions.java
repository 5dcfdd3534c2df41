package io.vertikube.apiserver.resource.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Conversion;
import io.vertikube.apiserver.resource.TwoVersions;
import java.util.Map;

/**
 * Events of the core group and of {@code events.k8s.io} are the same objects with other names for some fields ("Event" of
 * both groups in the API reference). Stored are those of the core group. Pure.
 */
public final class EventVersions {

    private static final String CORE = "v1";

    /** Names in the core group by those in the newer group. */
    private static final Map<String, String> NAMES = Map.of(
            "regarding", "involvedObject",
            "note", "message",
            "reportingController", "reportingComponent",
            "deprecatedSource", "source",
            "deprecatedFirstTimestamp", "firstTimestamp",
            "deprecatedLastTimestamp", "lastTimestamp",
            "deprecatedCount", "count");

    private EventVersions() {}

    /** @param apiVersion {@code v1} or {@code events.k8s.io/v1} */
    public static Conversion asked(String apiVersion) {
        return new TwoVersions(apiVersion, CORE, EventVersions::newer, EventVersions::core);
    }

    static ObjectNode newer(ObjectNode event) {
        NAMES.forEach((newer, core) -> rename(event, core, newer));
        return event;
    }

    static ObjectNode core(ObjectNode event) {
        NAMES.forEach((newer, core) -> rename(event, newer, core));
        return event;
    }

    private static void rename(ObjectNode event, String from, String to) {
        JsonNode value = event.remove(from);
        if (value != null) {
            event.set(to, value);
        }
    }
}
