package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.List;

/** Defaults of a pod's spec that depend on other fields. Change the tree they are given. */
public final class PodDefaults {

    private static final List<String> VOLUME_SOURCES_WITH_MODE =
            List.of("secret", "configMap", "downwardAPI", "projected");

    private PodDefaults() {}

    /** What holds in pods and in templates. */
    public static void applyToSpec(ObjectNode spec) {
        Trees.setIfAbsent(spec, "restartPolicy", "Always");
        Trees.setIfAbsent(spec, "dnsPolicy", "ClusterFirst");
        Trees.setIfAbsent(spec, "schedulerName", "default-scheduler");
        Trees.setIfAbsent(spec, "terminationGracePeriodSeconds", 30);
        if (Trees.absent(spec, "securityContext")) {
            spec.putObject("securityContext");
        }
        String account = spec.path("serviceAccountName").asText("");
        String oldName = spec.path("serviceAccount").asText("");
        if (account.isEmpty() && !oldName.isEmpty()) {
            spec.put("serviceAccountName", oldName);
        } else if (!account.isEmpty()) {
            spec.put("serviceAccount", account);
        }
        boolean hostNetwork = spec.path("hostNetwork").asBoolean();
        for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
            for (ObjectNode container : Trees.objects(spec, list)) {
                container(container, hostNetwork);
            }
        }
        for (ObjectNode volume : Trees.objects(spec, "volumes")) {
            volume(volume);
        }
    }

    /** What holds in pods only. */
    static void applyToPod(ObjectNode spec) {
        applyToSpec(spec);
        Trees.setIfAbsent(spec, "enableServiceLinks", true);
        for (String list : List.of("initContainers", "containers")) {
            for (ObjectNode container : Trees.objects(spec, list)) {
                requestsFromLimits(container);
            }
        }
    }

    private static void container(ObjectNode container, boolean hostNetwork) {
        Trees.setIfAbsent(
                container, "imagePullPolicy", pullPolicy(container.path("image").asText("")));
        Trees.setIfAbsent(container, "terminationMessagePath", "/dev/termination-log");
        Trees.setIfAbsent(container, "terminationMessagePolicy", "File");
        if (Trees.absent(container, "resources")) {
            container.putObject("resources");
        }
        for (ObjectNode port : Trees.objects(container, "ports")) {
            Trees.setIfAbsent(port, "protocol", "TCP");
            if (hostNetwork && port.path("hostPort").asInt(0) == 0 && port.has("containerPort")) {
                port.set("hostPort", port.path("containerPort"));
            }
        }
        for (ObjectNode env : Trees.objects(container, "env")) {
            Trees.find(env, "valueFrom", "fieldRef").ifPresent(ref -> Trees.setIfAbsent(ref, "apiVersion", "v1"));
        }
        for (String name : List.of("livenessProbe", "readinessProbe", "startupProbe")) {
            Trees.find(container, name).ifPresent(PodDefaults::probe);
        }
        for (String hook : List.of("postStart", "preStop")) {
            Trees.find(container, "lifecycle", hook, "httpGet").ifPresent(PodDefaults::httpGet);
        }
    }

    private static void probe(ObjectNode probe) {
        Trees.setIfAbsent(probe, "timeoutSeconds", 1);
        Trees.setIfAbsent(probe, "periodSeconds", 10);
        Trees.setIfAbsent(probe, "successThreshold", 1);
        Trees.setIfAbsent(probe, "failureThreshold", 3);
        Trees.find(probe, "httpGet").ifPresent(PodDefaults::httpGet);
        Trees.find(probe, "grpc").ifPresent(grpc -> Trees.setIfAbsent(grpc, "service", ""));
    }

    private static void httpGet(ObjectNode get) {
        if (get.path("path").asText("").isEmpty()) {
            get.put("path", "/");
        }
        if (get.path("scheme").asText("").isEmpty()) {
            get.put("scheme", "HTTP");
        }
    }

    private static void volume(ObjectNode volume) {
        boolean hasSource = volume.size() > (volume.has("name") ? 1 : 0);
        if (!hasSource) {
            volume.putObject("emptyDir");
        }
        for (String source : VOLUME_SOURCES_WITH_MODE) {
            Trees.find(volume, source).ifPresent(s -> Trees.setIfAbsent(s, "defaultMode", 420));
        }
        Trees.find(volume, "hostPath").ifPresent(h -> Trees.setIfAbsent(h, "type", ""));
        Trees.find(volume, "iscsi").ifPresent(i -> Trees.setIfAbsent(i, "iscsiInterface", "default"));
        for (JsonNode item : Trees.at(volume, "downwardAPI", "items")) {
            fieldRef(item);
        }
        for (ObjectNode source : Trees.objects(volume.path("projected"), "sources")) {
            Trees.find(source, "serviceAccountToken")
                    .ifPresent(token -> Trees.setIfAbsent(token, "expirationSeconds", 3600));
            for (JsonNode item : Trees.at(source, "downwardAPI", "items")) {
                fieldRef(item);
            }
        }
        Trees.find(volume, "ephemeral", "volumeClaimTemplate", "spec")
                .ifPresent(spec -> Trees.setIfAbsent(spec, "volumeMode", "Filesystem"));
    }

    private static void fieldRef(JsonNode item) {
        Trees.find(item, "fieldRef").ifPresent(ref -> Trees.setIfAbsent(ref, "apiVersion", "v1"));
    }

    private static void requestsFromLimits(ObjectNode container) {
        JsonNode limits = Trees.at(container, "resources", "limits");
        if (limits.isEmpty()) {
            return;
        }
        ObjectNode requests = Trees.object(Trees.object(container, "resources"), "requests");
        limits.properties().forEach(e -> {
            if (!requests.has(e.getKey())) {
                requests.set(e.getKey(), e.getValue().deepCopy());
            }
        });
    }

    /** {@code Always} for the tag {@code latest}, said or meant; {@code IfNotPresent} for any other tag or a digest. */
    private static String pullPolicy(String image) {
        if (image.contains("@")) {
            return "IfNotPresent";
        }
        int colon = image.lastIndexOf(':');
        boolean tagged = colon > image.lastIndexOf('/');
        String tag = tagged ? image.substring(colon + 1) : "latest";
        return tag.equals("latest") ? "Always" : "IfNotPresent";
    }
}
