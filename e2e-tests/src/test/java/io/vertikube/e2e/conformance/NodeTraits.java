package io.vertikube.e2e.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertikube.e2e.machine.Kubectl;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What not every node has, by the names that cases use: what the Node's status says, {@code imageVolumes} and {@code appArmor}. */
final class NodeTraits {

    private static final Path APP_ARMOR = Path.of("/sys/kernel/security/apparmor/profiles");
    private static final Pattern MOUNTS_IMAGES = Pattern.compile("containerd://(2\\.[1-9]|[3-9]|[1-9]\\d).*");

    private NodeTraits() {}

    static Set<String> of(Kubectl kubectl) throws IOException {
        JsonNode status = new ObjectMapper()
                .readTree(kubectl.run("get", "node", "conformance", "-o", "json"))
                .required("status");
        Set<String> result = new TreeSet<>();
        collect(status.path("features"), result);
        for (JsonNode handler : status.path("runtimeHandlers")) {
            if (handler.path("name").asText().isEmpty()) {
                collect(handler.path("features"), result);
            }
        }
        if (MOUNTS_IMAGES
                .matcher(status.at("/nodeInfo/containerRuntimeVersion").asText())
                .matches()) {
            result.add("imageVolumes");
        }
        if (Files.exists(APP_ARMOR)) {
            result.add("appArmor");
        }
        return result;
    }

    private static void collect(JsonNode features, Set<String> result) {
        features.properties().stream()
                .filter(feature -> feature.getValue().asBoolean())
                .forEach(feature -> result.add(feature.getKey()));
    }
}
