package io.vertikube.apiserver.discovery;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * What {@code /version} says. The numbers are those of the Kubernetes release whose clients find nothing missing; its
 * neighbours of one minor version do not warn either. Pure.
 */
final class ServerVersion {

    private ServerVersion() {}

    static ObjectNode tree() {
        ObjectNode version = JsonNodeFactory.instance.objectNode();
        version.put("major", "1");
        version.put("minor", "32");
        version.put("gitVersion", "v1.32.0+vertikube");
        version.put("gitCommit", "");
        version.put("gitTreeState", "clean");
        version.put("buildDate", "2026-01-01T00:00:00Z");
        version.put("goVersion", "java" + Runtime.version().feature());
        version.put("compiler", "javac");
        version.put("platform", "linux/" + architecture());
        return version;
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch", "")) {
            case "aarch64" -> "arm64";
            case "amd64", "x86_64" -> "amd64";
            case String other -> other;
        };
    }
}
