package io.vertikube.e2e.simulation;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What invariants read of objects' JSON. Pure. */
final class Objects {

    private Objects() {}

    static String uid(JsonNode object) {
        return object.at("/metadata/uid").asText("");
    }

    static boolean ending(JsonNode object) {
        return object.at("/metadata").has("deletionTimestamp");
    }

    static String node(JsonNode pod) {
        return pod.at("/spec/nodeName").asText("");
    }

    static String phase(JsonNode pod) {
        return pod.at("/status/phase").asText("");
    }

    static boolean over(JsonNode pod) {
        return phase(pod).equals("Succeeded") || phase(pod).equals("Failed");
    }

    static boolean ready(JsonNode pod) {
        return phase(pod).equals("Running") && condition(pod, "Ready");
    }

    /** Ready, and meant to stay. */
    static boolean healthy(JsonNode pod) {
        return ready(pod) && !ending(pod);
    }

    static boolean condition(JsonNode object, String type) {
        for (JsonNode condition : object.at("/status/conditions")) {
            if (condition.path("type").asText().equals(type)) {
                return condition.path("status").asText().equals("True");
            }
        }
        return false;
    }

    /** Whether the labels hold all that {@code matchLabels} of this selector asks for. */
    static boolean matches(JsonNode selector, JsonNode labelled) {
        JsonNode labels = labelled.at("/metadata/labels");
        for (Map.Entry<String, JsonNode> wanted : selector.path("matchLabels").properties()) {
            if (!labels.path(wanted.getKey()).equals(wanted.getValue())) {
                return false;
            }
        }
        return true;
    }

    /** Whether it says that this uid is its controller. */
    static boolean ownedBy(JsonNode object, String uid) {
        for (JsonNode owner : object.at("/metadata/ownerReferences")) {
            if (owner.path("uid").asText().equals(uid)) {
                return true;
            }
        }
        return false;
    }

    /** A line about an object for people: what changes in the course of a simulation. */
    static String summary(JsonNode object) {
        var line = new StringBuilder();
        add(line, "uid", uid(object));
        add(line, "deletionTimestamp", object.at("/metadata/deletionTimestamp").asText(""));
        add(line, "finalizers", text(object.at("/metadata/finalizers")));
        add(line, "node", node(object));
        add(line, "replicas", object.at("/spec/replicas").asText(""));
        add(line, "phase", phase(object));
        JsonNode status = object.path("status");
        for (String field : new String[] {
            "replicas",
            "readyReplicas",
            "updatedReplicas",
            "active",
            "succeeded",
            "failed",
            "currentHealthy",
            "desiredHealthy",
            "disruptionsAllowed",
            "disruptedPods",
            "uncountedTerminatedPods"
        }) {
            add(line, "status." + field, text(status.path(field)));
        }
        for (JsonNode condition : status.path("conditions")) {
            add(
                    line,
                    condition.path("type").asText(),
                    condition.path("status").asText() + "/"
                            + condition.path("reason").asText(""));
        }
        return line.toString().strip();
    }

    private static String text(JsonNode value) {
        return value.isContainerNode() ? value.toString() : value.asText("");
    }

    private static void add(StringBuilder line, String name, String value) {
        if (!value.isEmpty()) {
            line.append(' ').append(name).append('=').append(value);
        }
    }
}
