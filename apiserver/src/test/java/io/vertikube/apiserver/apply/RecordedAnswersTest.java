package io.vertikube.apiserver.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.patch.MergePatch;
import io.vertikube.apiserver.patch.StrategicMergePatch;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What a Kubernetes API server answered, as far as patches, managers and conflicts decide it: each step begins at the
 * recorded answer before it. What defaulting and admission add is not expected of a merge.
 */
class RecordedAnswersTest {

    private static final Path CASES = Path.of("..", "..", "shared", "oracle", "cases.json");

    /** What admission and the kinds' own rules write, after managers are known. */
    private static final Set<String> ADDED_LATER = Set.of(
            "tolerations",
            "serviceAccount",
            "serviceAccountName",
            "priority",
            "preemptionPolicy",
            "volumes",
            "volumeMounts");

    /** What defaults put into an object that was changed. */
    private static final Set<String> DEFAULTS = Set.of(
            "imagePullPolicy",
            "terminationMessagePath",
            "terminationMessagePolicy",
            "resources",
            "protocol",
            "type",
            "rollingUpdate",
            "generation",
            "managedFields",
            "resourceVersion",
            "uid",
            "creationTimestamp");

    @TestFactory
    Stream<DynamicTest> answersAgree() throws IOException {
        Assumptions.assumeTrue(Files.exists(CASES), "skipped: no recorded answers at " + CASES);
        String text = Files.readString(CASES, StandardCharsets.UTF_8).replace("<time>", "2026-01-02T12:00:00Z");
        JsonNode cases = Json.tree(text.getBytes(StandardCharsets.UTF_8));
        return StreamSupport.stream(cases.spliterator(), false).flatMap(RecordedAnswersTest::steps);
    }

    private static Stream<DynamicTest> steps(JsonNode recorded) {
        String name = recorded.path("case").asText();
        Stream.Builder<DynamicTest> tests = Stream.builder();
        ObjectNode live = null;
        int number = 0;
        for (JsonNode step : recorded.path("steps")) {
            ObjectNode before = live;
            number++;
            Optional<Runnable> check = check(name, step, before);
            check.ifPresent(runnable -> tests.add(dynamicTest(name + " #" + step.path("code"), runnable::run)));
            if (step.path("code").asInt() < 300 && step.path("body") instanceof ObjectNode answer) {
                live = answer;
            }
        }
        assertThat(number).isPositive();
        return tests.build();
    }

    private static Optional<Runnable> check(String name, JsonNode step, @Nullable ObjectNode live) {
        JsonNode request = step.path("request");
        String type = request.path("contentType").asText();
        boolean ours = name.startsWith("strategic") || name.startsWith("apply") || name.contains("update rules");
        int code = step.path("code").asInt();
        if (request.path("method").asText().equals("POST") && code == 201 && managed(step)) {
            return Optional.of(() -> creates(step));
        }
        if (!ours || !request.path("method").asText().equals("PATCH")) {
            return Optional.empty();
        }
        boolean emptyManager = request.path("path").asText().endsWith("fieldManager=");
        boolean rulesRefuse = code == 422 || emptyManager;
        if (rulesRefuse || request.path("path").asText().contains("/scale")) {
            return Optional.empty();
        }
        if (type.equals("application/apply-patch+yaml")) {
            return Optional.of(() -> applies(step, live));
        }
        return live == null ? Optional.empty() : Optional.of(() -> patches(name, step, type, live));
    }

    private static boolean managed(JsonNode step) {
        return step.at("/body/metadata/managedFields").size() == 1
                && step.at("/body/metadata/managedFields/0/operation").asText().equals("Update")
                && !step.at("/body/kind").asText().equals("Service");
    }

    private static void creates(JsonNode step) {
        ObjectNode object = step.path("body").deepCopy();
        Gvk kind = kind(object);
        object.withObject("metadata").remove("managedFields");
        if (kind.kind().equals("Pod")) {
            object.withObject("spec").remove(ADDED_LATER);
            object.at("/spec/containers").forEach(container -> ((ObjectNode) container).remove(ADDED_LATER));
        }
        if (kind.kind().equals("Job")) {
            object.withObject("spec").remove("selector");
            object.withObject("spec").withObject("template").remove("metadata");
            object.withObject("metadata").remove(Set.of("labels", "annotations"));
        }
        if (kind.kind().equals("Namespace")) {
            object.withObject("spec").remove("finalizers");
        }
        object.withObject("metadata").remove(finalizersOf(kind));
        ManagedFields.update(null, object, Kinds.schema(kind), Kinds.writer("Python-urllib", kind));
        assertThat(Kinds.managers(object)).isEqualTo(Kinds.managers((ObjectNode) step.path("body")));
    }

    /** Protection finalizers are admission's. */
    private static Set<String> finalizersOf(Gvk kind) {
        return kind.kind().startsWith("PersistentVolume") ? Set.of("finalizers") : Set.of("none");
    }

    private static void patches(String name, JsonNode step, String type, ObjectNode live) {
        Gvk kind = kind(live);
        Schema schema = Kinds.schema(kind);
        JsonNode patch = step.at("/request/body");
        JsonNode answer = step.path("body");
        ObjectNode patched;
        try {
            patched = type.startsWith("application/strategic")
                    ? StrategicMergePatch.apply(live, patch, schema)
                    : (ObjectNode) MergePatch.apply(live, patch);
        } catch (ApiException e) {
            assertThat(e.code()).isEqualTo(step.path("code").asInt());
            assertThat(withoutMap(e.getMessage()))
                    .isEqualTo(withoutMap(answer.path("message").asText()));
            return;
        }
        assertThat(step.path("code").asInt()).isEqualTo(200);
        if (!name.contains("update rules")) {
            agrees(patched, answer, "");
        }
        ObjectNode object = answer.deepCopy();
        object.withObject("metadata").set("managedFields", live.at("/metadata/managedFields"));
        if (!kind.kind().equals("Service")) {
            ManagedFields.update(live, object, schema, Kinds.writer("Python-urllib", kind));
            assertThat(Kinds.managers(object)).isEqualTo(Kinds.managers((ObjectNode) answer));
        }
    }

    /** A map in a message is written in Go's way there and as JSON here. */
    private static String withoutMap(String message) {
        return message.replaceAll("map\\[.*]|\\{.*}", "…");
    }

    private static void applies(JsonNode step, @Nullable ObjectNode live) {
        ObjectNode config = step.at("/request/body").deepCopy();
        String path = step.at("/request/path").asText();
        String manager = path.replaceAll(".*fieldManager=([^&]*).*", "$1");
        Gvk kind = kind(config);
        String subresource = path.contains("/status?") ? "status" : "";
        JsonNode answer = step.path("body");
        try {
            ObjectNode object = ServerSideApply.apply(
                    live,
                    config,
                    Kinds.schema(kind),
                    Kinds.writer(manager, subresource, kind, Kinds.NOON),
                    path.contains("force=true"));
            assertThat(step.path("code").asInt()).isLessThan(300);
            assertThat(Kinds.managers(object)).isEqualTo(Kinds.managers((ObjectNode) answer));
            if (live != null) {
                agrees(object, answer, "");
            }
        } catch (ApiException e) {
            assertThat(e.code()).isEqualTo(step.path("code").asInt());
            assertThat(e.getMessage()).isEqualTo(answer.path("message").asText());
            JsonNode status = Json.mapper().valueToTree(e.status());
            assertThat(status.path("reason")).isEqualTo(answer.path("reason"));
            assertThat(status.at("/details/causes")).isEqualTo(answer.at("/details/causes"));
        }
    }

    /** Equal, but for what defaults add and for empty values, which Kubernetes does not keep. */
    private static void agrees(JsonNode found, JsonNode expected, String path) {
        if (found.isObject() && expected.isObject()) {
            found.properties().forEach(field -> {
                boolean nothing = field.getValue().isContainerNode()
                        && field.getValue().isEmpty()
                        && !expected.has(field.getKey());
                if (!nothing && !DEFAULTS.contains(field.getKey())) {
                    agrees(field.getValue(), expected.path(field.getKey()), path + "." + field.getKey());
                }
            });
            expected.fieldNames()
                    .forEachRemaining(name -> assertThat(found.has(name) || DEFAULTS.contains(name))
                            .as("%s.%s of %s", path, name, expected)
                            .isTrue());
        } else if (found.isArray() && expected.isArray()) {
            assertThat(found.size()).as(path).isEqualTo(expected.size());
            for (int i = 0; i < found.size(); i++) {
                agrees(found.get(i), expected.get(i), path + "[" + i + "]");
            }
        } else {
            assertThat(found).as(path).isEqualTo(expected);
        }
    }

    private static Gvk kind(JsonNode object) {
        return Gvk.of(object.path("apiVersion").asText(), object.path("kind").asText());
    }
}
