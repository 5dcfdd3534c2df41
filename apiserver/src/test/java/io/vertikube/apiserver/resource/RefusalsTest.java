package io.vertikube.apiserver.resource;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Bad objects are refused with the fields, reasons and sentences of {@code rules/*refusals.json}, and no others. */
final class RefusalsTest {

    private static final Pattern SHOWN =
            Pattern.compile("^(Invalid value|Duplicate value): (\\{.*\\}|[0-9]+|\"[^\"]*\")(: |$)");

    @TestFactory
    Stream<DynamicTest> badObjectsAreRefusedInTheKnownWords() {
        return Stream.of("/rules/refusals.json", "/rules/more-refusals.json", "/rules/kinds-refusals.json")
                .flatMap(file -> Cases.read(file).stream())
                .map(c -> DynamicTest.dynamicTest(c.path("case").asText(), () -> check(c)));
    }

    @TestFactory
    Stream<DynamicTest> goodObjectsAreTaken() {
        return Cases.read("/rules/good.json").stream()
                .map(c -> DynamicTest.dynamicTest(c.path("case").asText(), () -> {
                    ObjectNode object = Cases.decoded(c.path("object"));
                    Strategy rules = Strategies.of(Cases.type(object));
                    rules.prepareForCreate(object);
                    assertEquals(List.of(), rules.validate(object));
                    ObjectNode again = object.deepCopy();
                    rules.prepareForUpdate(again, object);
                    assertEquals(List.of(), rules.validateUpdate(again, object));
                    assertEquals(object, again);
                }));
    }

    private static void check(JsonNode c) {
        ObjectNode object = Cases.decoded(c.path("object"));
        Strategy rules = Strategies.of(Cases.type(object));
        rules.prepareForCreate(object);
        var expected = new ArrayList<String>();
        var actual = new ArrayList<String>();
        List<FieldError> errors = rules.validate(object);
        for (int i = 0; i < c.path("causes").size(); i++) {
            JsonNode cause = c.path("causes").get(i);
            expected.add(line(
                    cause.path("field").asText(),
                    cause.path("reason").asText(),
                    cause.path("message").asText()));
        }
        for (int i = 0; i < errors.size(); i++) {
            FieldError e = errors.get(i);
            if (!c.path("causes").path(i).has("message")) {
                actual.add(line(e.field(), e.kind().reason(), ""));
                continue;
            }
            boolean hidden = i < expected.size() && expected.get(i).contains("<object>");
            String body = hidden ? SHOWN.matcher(e.body()).replaceFirst("$1: <object>$3") : e.body();
            actual.add(line(e.field(), e.kind().reason(), body));
        }
        assertEquals(String.join("\n", expected), String.join("\n", actual));
    }

    private static String line(String field, String reason, String message) {
        return field + " | " + reason + " | " + message;
    }
}
