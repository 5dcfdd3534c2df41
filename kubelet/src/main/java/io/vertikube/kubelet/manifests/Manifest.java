package io.vertikube.kubelet.manifests;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TolerationBuilder;
import io.vertikube.kubelet.pod.PodOrigin;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import io.vertikube.value.Names;
import io.vertikube.value.PodContainers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * A static pod out of the text of its manifest, YAML or JSON: defaulted, named after the node too, and with a uid that
 * changes when what it says changes. Pure functions.
 */
final class Manifest {

    private static final int UID_BYTES = 16;
    private static final Set<String> FOREIGN_VOLUMES =
            Set.of("secret", "configMap", "persistentVolumeClaim", "csi", "ephemeral");

    private Manifest() {}

    /**
     * The pod of a manifest.
     *
     * @param where the file's path, part of the uid: the same pod in another file is another pod
     * @throws ManifestProblem with what is wrong
     */
    static Pod read(byte[] text, String where, String nodeName, Instant seen) {
        return of(tree(text), where, "file", nodeName, seen);
    }

    /**
     * The pods of an answer from the network: one Pod, or a PodList.
     *
     * @param where its address, part of the uids
     * @throws ManifestProblem with what is wrong; then none of them counts
     */
    static List<Pod> readAll(byte[] text, String where, String nodeName, Instant seen) {
        ObjectNode tree = tree(text);
        if (!tree.path("kind").asText().equals("PodList")) {
            return List.of(of(tree, where, "http", nodeName, seen));
        }
        expect(tree, "apiVersion", "v1");
        List<Pod> result = new ArrayList<>();
        Set<ObjectKey> names = new HashSet<>();
        for (JsonNode item : tree.path("items")) {
            String place = "items[" + result.size() + "]";
            try {
                Pod pod = of(item(item), where, "http", nodeName, seen);
                if (!names.add(ObjectKey.of(pod))) {
                    throw new ManifestProblem("metadata.name: the pod is there twice");
                }
                result.add(pod);
            } catch (ManifestProblem e) {
                throw new ManifestProblem(place + "." + e.getMessage());
            }
        }
        return result;
    }

    /** Items of a list need not say what they are. */
    private static ObjectNode item(JsonNode item) {
        ObjectNode pod =
                JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        if (item instanceof ObjectNode fields) {
            pod.setAll(fields);
        }
        return pod;
    }

    private static Pod of(ObjectNode tree, String where, String source, String nodeName, Instant seen) {
        expect(tree, "apiVersion", "v1");
        expect(tree, "kind", "Pod");
        String name = tree.path("metadata").path("name").asText("");
        check("metadata.name", name);
        String namespace = tree.path("metadata").path("namespace").asText("default");
        if (!Names.dnsLabel(namespace).isEmpty()) {
            throw new ManifestProblem("metadata.namespace: \"" + namespace + "\": "
                    + Names.dnsLabel(namespace).getFirst());
        }
        refuseReferences(tree.path("spec"));
        String uid = uid(tree, where, nodeName);
        Pod pod = typed(tree.deepCopy());
        checkContainers(pod);
        pod.getMetadata().setName(name + "-" + nodeName);
        check("metadata.name with the node's name", pod.getMetadata().getName());
        pod.getMetadata().setNamespace(namespace);
        pod.getMetadata().setUid(uid);
        pod.getMetadata().setResourceVersion(null);
        pod.getMetadata().setGenerateName(null);
        pod.getMetadata().setDeletionTimestamp(null);
        pod.getMetadata().setOwnerReferences(List.of());
        pod.getMetadata().setFinalizers(List.of());
        Map<String, String> annotations =
                new HashMap<>(Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of()));
        annotations.remove(PodOrigin.MIRROR);
        annotations.put(PodOrigin.SOURCE, source);
        annotations.put(PodOrigin.HASH, uid);
        annotations.put(PodOrigin.SEEN, seen.toString());
        pod.getMetadata().setAnnotations(annotations);
        pod.setStatus(null);
        pod.getSpec().setNodeName(nodeName);
        ManifestDefaults.apply(pod);
        tolerate(pod);
        return pod;
    }

    private static ObjectNode tree(byte[] text) {
        List<JsonNode> documents = new ArrayList<>();
        try (MappingIterator<JsonNode> all =
                new YAMLMapper().readerFor(JsonNode.class).readValues(text)) {
            while (all.hasNext()) {
                JsonNode document = all.next();
                if (document != null && !document.isNull() && !document.isMissingNode()) {
                    documents.add(document);
                }
            }
        } catch (IOException | RuntimeException e) {
            throw new ManifestProblem("neither YAML nor JSON: " + firstLine(e));
        }
        if (documents.size() != 1 || !(documents.getFirst() instanceof ObjectNode only)) {
            throw new ManifestProblem("a manifest holds one Pod, this one " + documents.size()
                    + " documents: give each pod its own file");
        }
        return only;
    }

    private static Pod typed(ObjectNode tree) {
        try {
            Pod pod = Json.fromTree(tree, Pod.class);
            if (pod.getSpec() == null || pod.getSpec().getContainers().isEmpty()) {
                throw new ManifestProblem("spec.containers: Required value");
            }
            return pod;
        } catch (UncheckedIOException e) {
            throw new ManifestProblem("no Pod: " + firstLine(Objects.requireNonNullElse(e.getCause(), e)));
        }
    }

    private static void expect(ObjectNode tree, String field, String value) {
        String found = tree.path(field).asText("");
        if (!found.equals(value)) {
            throw new ManifestProblem(field + ": \"" + found + "\" is not \"" + value + "\"");
        }
    }

    private static void check(String field, String name) {
        List<String> wrong = name.isEmpty() ? List.of("Required value") : Names.dnsSubdomain(name);
        if (!wrong.isEmpty()) {
            throw new ManifestProblem(field + ": \"" + name + "\": " + wrong.getFirst());
        }
    }

    /** A static pod must run while the API is away, so it may not need anything of it. */
    private static void refuseReferences(JsonNode spec) {
        if (!spec.path("serviceAccountName").asText("").isEmpty()) {
            throw new ManifestProblem(
                    "spec.serviceAccountName: static pods may not refer to other API objects: take it out");
        }
        for (JsonNode volume : spec.path("volumes")) {
            String place = "spec.volumes[" + volume.path("name").asText() + "]";
            FOREIGN_VOLUMES.stream().sorted().filter(volume::has).findFirst().ifPresent(kind -> {
                throw foreign(place + "." + kind);
            });
            for (JsonNode source : volume.path("projected").path("sources")) {
                for (String kind : List.of("secret", "configMap", "serviceAccountToken", "clusterTrustBundle")) {
                    if (source.has(kind)) {
                        throw foreign(place + ".projected." + kind);
                    }
                }
            }
        }
        for (String list : List.of("initContainers", "containers")) {
            for (JsonNode container : spec.path(list)) {
                refuseInEnvironment(
                        container, "spec." + list + "[" + container.path("name").asText() + "]");
            }
        }
    }

    private static void refuseInEnvironment(JsonNode container, String place) {
        if (!container.path("envFrom").isEmpty()) {
            throw foreign(place + ".envFrom");
        }
        for (JsonNode variable : container.path("env")) {
            JsonNode from = variable.path("valueFrom");
            if (from.has("secretKeyRef") || from.has("configMapKeyRef")) {
                throw foreign(place + ".env[" + variable.path("name").asText() + "]");
            }
        }
    }

    private static ManifestProblem foreign(String field) {
        return new ManifestProblem(
                field + ": static pods may not refer to other API objects: use a hostPath volume or a plain value");
    }

    private static void checkContainers(Pod pod) {
        Set<String> names = new HashSet<>();
        for (Container container : PodContainers.all(pod.getSpec())) {
            String name = Objects.requireNonNullElse(container.getName(), "");
            List<String> wrong = name.isEmpty() ? List.of("Required value") : Names.dnsLabel(name);
            if (!wrong.isEmpty()) {
                throw new ManifestProblem("a container's name \"" + name + "\": " + wrong.getFirst());
            }
            if (!names.add(name)) {
                throw new ManifestProblem("two containers are called \"" + name + "\"");
            }
            if (container.getImage() == null || container.getImage().isBlank()) {
                throw new ManifestProblem("container \"" + name + "\": image: Required value");
            }
        }
    }

    /** Taints do not end a static pod. */
    private static void tolerate(Pod pod) {
        List<Toleration> tolerations =
                new ArrayList<>(Objects.requireNonNullElse(pod.getSpec().getTolerations(), List.of()));
        boolean everything = tolerations.stream()
                .anyMatch(one -> "Exists".equals(one.getOperator())
                        && one.getKey() == null
                        && (one.getEffect() == null || one.getEffect().equals("NoExecute")));
        if (!everything) {
            tolerations.add(new TolerationBuilder()
                    .withOperator("Exists")
                    .withEffect("NoExecute")
                    .build());
        }
        pod.getSpec().setTolerations(tolerations);
    }

    private static String uid(ObjectNode tree, String where, String nodeName) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((nodeName + "\0" + where + "\0").getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest.digest(Json.bytes(tree)), 0, UID_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String firstLine(Throwable problem) {
        return Objects.requireNonNullElse(
                        problem.getMessage(), problem.getClass().getSimpleName())
                .lines()
                .findFirst()
                .orElse("");
    }
}
