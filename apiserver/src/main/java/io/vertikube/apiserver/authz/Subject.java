package io.vertikube.apiserver.authz;

import com.fasterxml.jackson.databind.JsonNode;

/** Whom a binding gives its role ("Subject" in the API reference). Immutable. */
record Subject(String kind, String namespace, String name) {

    static Subject of(JsonNode subject, String bindingNamespace) {
        String namespace = subject.path("namespace").asText("");
        return new Subject(
                subject.path("kind").asText(""),
                namespace.isEmpty() ? bindingNamespace : namespace,
                subject.path("name").asText(""));
    }

    /** The user name that a ServiceAccount acts under, or the user's or group's own name. */
    String principal() {
        return kind.equals("ServiceAccount") ? "system:serviceaccount:" + namespace + ":" + name : name;
    }

    String shown() {
        return kind.equals("ServiceAccount")
                ? "ServiceAccount \"" + name + "/" + namespace + "\""
                : kind + " \"" + name + "\"";
    }
}
