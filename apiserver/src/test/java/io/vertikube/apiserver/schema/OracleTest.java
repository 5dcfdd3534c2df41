package io.vertikube.apiserver.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Agreement with what a Kubernetes API server was observed to answer, where those observations are at hand. */
final class OracleTest {

    private static final Path CASES = Path.of("../../shared/oracle/cases.json");

    /** Decoding refuses these with code 400, and more than decoding refuses the others. */
    private static final Set<String> DECODING = Set.of(
            "refuse pod quantity",
            "refuse pod string for integer",
            "refuse pod array for object",
            "refuse strict unknown fields",
            "refuse strict duplicate key",
            "refuse bad json");

    private final BuiltInSchemas schemas = BuiltInSchemas.load();
    private final Decoder decoder = new Decoder(schemas);

    @TestFactory
    Stream<DynamicTest> agreesWithKubernetes() throws IOException {
        Assumptions.assumeTrue(Files.exists(CASES), () -> "no observations at " + CASES.toAbsolutePath());
        var tests = new ArrayList<DynamicTest>();
        for (JsonNode observed : Json.tree(Files.readAllBytes(CASES))) {
            String name = observed.path("case").asText();
            JsonNode first = observed.path("steps").path(0);
            if (name.startsWith("default ")) {
                tests.add(dynamicTest(name, () -> defaultsAgree(first)));
            } else if (DECODING.contains(name)) {
                tests.add(dynamicTest(name, () -> refusalAgrees(first)));
            }
        }
        return tests.stream();
    }

    /** Rules of kinds add more; what the schema fills in must be part of what Kubernetes filled in. */
    private void defaultsAgree(JsonNode step) {
        ObjectNode object = step.path("request").path("body").deepCopy();
        Gvk type =
                Gvk.of(object.path("apiVersion").asText(), object.path("kind").asText());
        Decoded decoded = decoder.convert(object, type);
        assertThat(decoded.strictErrors()).isEmpty();
        Defaulter.applyDefaults(schemas.of(type).orElseThrow(), decoded.object());
        List<String> wrong = new ArrayList<>();
        compare(decoded.object(), step.path("body"), "", wrong);
        assertThat(wrong).isEmpty();
    }

    private static void compare(JsonNode ours, JsonNode theirs, String path, List<String> wrong) {
        if (path.equals("/stringData")) {
            return;
        }
        if (ours.isObject() && theirs.isObject()) {
            ours.properties()
                    .forEach(field ->
                            compare(field.getValue(), theirs.path(field.getKey()), path + "/" + field.getKey(), wrong));
        } else if (ours.isArray() && theirs.isArray()) {
            for (int i = 0; i < ours.size(); i++) {
                compare(ours.get(i), theirs.path(i), path + "/" + i, wrong);
            }
        } else if (!ours.equals(theirs)) {
            wrong.add(path + ": " + ours + ", but Kubernetes has " + theirs);
        }
    }

    private void refusalAgrees(JsonNode step) {
        JsonNode body = step.path("request").path("body");
        byte[] bytes = body.isTextual() ? body.textValue().getBytes(StandardCharsets.UTF_8) : Json.bytes(body);
        Gvk pod = new Gvk("", "v1", "Pod");
        ApiException refusal = null;
        try {
            decoder.decode(bytes, "application/json", pod).refuseStrict(pod);
        } catch (ApiException e) {
            refusal = e;
        }
        assertThat(refusal).isNotNull();
        assertThat(refusal.code()).isEqualTo(step.path("code").asInt());
        assertThat(refusal.reason()).isEqualTo(step.path("body").path("reason").asText());
        String theirs = step.path("body").path("message").asText();
        if (theirs.contains("Go struct")) {
            theirs = theirs.substring(0, theirs.indexOf(" into Go struct"));
        }
        assertThat(refusal.getMessage()).startsWith(theirs);
    }
}
