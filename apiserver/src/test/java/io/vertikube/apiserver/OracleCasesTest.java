package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.object.Json;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * Requests whose answers were observed at a real API server, where that collection lies beside the project. Objects must
 * be the same; refusals must agree in code, reason, fields and causes, their sentences are compared and counted apart.
 */
class OracleCasesTest {

    private static final Path CASES = Path.of("../../shared/oracle/cases.json");

    /** Where the project differs on purpose or not yet, and why. A case that agrees must not stand here. */
    private static final Map<String, String> KNOWN = new TreeMap<>(Map.of());

    private static final Pattern NODE_PORT = Pattern.compile("3[0-2]\\d{3}");
    private static final Pattern SERVICE_ADDRESS = Pattern.compile("10\\.96\\.\\d+\\.\\d+");

    @Test
    void answersAgree() throws IOException {
        Assumptions.assumeTrue(Files.exists(CASES), "no observed answers beside the project: " + CASES);
        JsonNode cases = Json.tree(Files.readAllBytes(CASES));
        var differing = new TreeMap<String, List<String>>();
        var sentences = new ArrayList<String>();
        try (TestApi api = TestApi.start()) {
            api.namespace("oracle");
            for (JsonNode one : cases) {
                String name = one.path("case").asText();
                var differences = new ArrayList<String>();
                for (JsonNode step : one.path("steps")) {
                    run(api, step, differences, sentences);
                }
                if (!differences.isEmpty()) {
                    differing.put(name, differences);
                }
            }
        }
        System.out.printf(
                "observed answers: %d of %d cases agree; %d sentences differ%n",
                cases.size() - differing.size(), cases.size(), sentences.size());
        var report = new StringBuilder();
        differing.forEach((name, list) -> report.append("## ")
                .append(name)
                .append('\n')
                .append(String.join("\n", list))
                .append("\n\n"));
        report.append("# sentences\n").append(String.join("\n", sentences));
        Files.writeString(Path.of("target/oracle-differences.txt"), report);
        assertThat(differing.keySet()).as("see target/oracle-differences.txt").isEqualTo(KNOWN.keySet());
    }

    private static void run(TestApi api, JsonNode step, List<String> differences, List<String> sentences) {
        JsonNode request = step.path("request");
        JsonNode body = request.path("body");
        var headers = new ArrayList<>(List.of("User-Agent", "Python-urllib/3.11"));
        if (request.path("contentType").isTextual()) {
            headers.addAll(List.of("Content-Type", request.path("contentType").asText()));
        }
        if (request.path("accept").isTextual()) {
            headers.addAll(List.of("Accept", request.path("accept").asText()));
        }
        String method = request.path("method").asText();
        String path = request.path("path").asText().replace(" ", URLEncoder.encode(" ", StandardCharsets.UTF_8));
        TestApi.Reply reply = api.send(
                api.admin(),
                method,
                path,
                body.isNull() || body.isMissingNode() ? null : body.isTextual() ? body.asText() : body.toString(),
                headers.toArray(new String[0]));
        String where = method + " " + path;
        if (reply.code() != step.path("code").asInt()) {
            differences.add(where + ": code " + step.path("code") + " but was " + reply.code() + " "
                    + reply.text().strip());
            return;
        }
        JsonNode expected = step.path("body");
        JsonNode actual = reply.json();
        if (expected.path("kind").asText().equals("Status")
                && expected.path("code").asInt(200) >= 400) {
            refusal(where, expected, actual, differences, sentences);
        } else {
            compare(where, "", expected, actual, differences);
        }
        if (step.has("warning")) {
            List<String> warnings = reply.headers().allValues("Warning");
            String all = String.join(", ", warnings);
            for (String wanted : texts(step.path("warning"))) {
                if (!all.contains(wanted)) {
                    differences.add(where + ": warning " + wanted + " but was " + all);
                }
            }
        }
    }

    private static List<String> texts(JsonNode node) {
        var list = new ArrayList<String>();
        if (node.isTextual()) {
            list.add(node.asText());
        }
        node.forEach(item -> list.add(item.asText()));
        return list;
    }

    private static void refusal(
            String where, JsonNode expected, JsonNode actual, List<String> differences, List<String> sentences) {
        compare(where, "reason", expected.path("reason"), actual.path("reason"), differences);
        JsonNode wanted = expected.path("details");
        JsonNode found = actual.path("details");
        for (String field : List.of("name", "group", "kind", "uid")) {
            compare(where, "details." + field, wanted.path(field), found.path(field), differences);
        }
        compare(where, "causes", fields(wanted), fields(found), differences);
        if (!expected.path("message").equals(actual.path("message"))) {
            sentences.add(where + "\n  wanted " + expected.path("message") + "\n  found  " + actual.path("message"));
        }
    }

    private static JsonNode fields(JsonNode details) {
        var list = Json.array();
        for (JsonNode cause : details.path("causes")) {
            list.add(cause.path("reason").asText() + " " + cause.path("field").asText());
        }
        return list;
    }

    /**
     * The observed server is version 1.27 and leaves traces of its language: times that are not set are written as null.
     * Newer servers do not; they count generations of pods and say which pods a job replaces.
     */
    private static boolean isOfItsTime(String at, JsonNode expected, JsonNode actual) {
        boolean wanted = !expected.isMissingNode();
        boolean found = !actual.isMissingNode();
        return (at.endsWith("/creationTimestamp") && expected.isNull() && !found)
                || (at.endsWith("/f:creationTimestamp") && wanted && !found)
                || (at.endsWith("/metadata") && expected.toString().equals("{\"creationTimestamp\":null}") && !found)
                || (at.equals("/metadata/generation") && !wanted)
                || (at.endsWith("odReplacementPolicy") && !wanted)
                || (expected.toString().equals("{\"batch.kubernetes.io/job-tracking\":\"\"}") && !found);
    }

    private static void compare(String where, String at, JsonNode expected, JsonNode actual, List<String> differences) {
        if (isOfItsTime(at, expected, actual)) {
            return;
        }
        if (at.equals("/metadata/managedFields") && expected.size() == actual.size()) {
            JsonNode[] wanted = byWriter(expected);
            JsonNode[] found = byWriter(actual);
            for (int i = 0; i < wanted.length; i++) {
                if (!wanted[i].has("time")) {
                    ((com.fasterxml.jackson.databind.node.ObjectNode) found[i]).remove("time");
                }
                compare(where, at + "/" + i, wanted[i], found[i], differences);
            }
            return;
        }
        if (expected.isObject() && actual.isObject()) {
            var names = new java.util.TreeSet<String>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                compare(where, at + "/" + name, expected.path(name), actual.path(name), differences);
            }
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compare(where, at + "/" + i, expected.get(i), actual.get(i), differences);
            }
        } else if (!same(expected, actual)) {
            differences.add(where + ": " + at + " wanted " + shown(expected) + " but was " + shown(actual));
        }
    }

    /** Entries of one second have no order that means anything. */
    private static JsonNode[] byWriter(JsonNode entries) {
        var list = new ArrayList<JsonNode>();
        entries.forEach(list::add);
        list.sort(java.util.Comparator.comparing(e -> e.path("operation").asText()
                + e.path("manager").asText()
                + e.path("subresource").asText()));
        return list.toArray(new JsonNode[0]);
    }

    private static boolean same(JsonNode expected, JsonNode actual) {
        if (expected.isTextual()) {
            return placeholder(expected.asText())
                    .map(p -> p.matcher(actual.asText("\0")).matches())
                    .orElseGet(() -> expected.asText().equals(actual.asText("\0"))
                            || (SERVICE_ADDRESS.matcher(expected.asText()).matches()
                                    && SERVICE_ADDRESS.matcher(actual.asText()).matches()));
        }
        if (expected.isNumber() && actual.isNumber()) {
            return expected.decimalValue().compareTo(actual.decimalValue()) == 0
                    || (NODE_PORT.matcher(expected.asText()).matches()
                            && NODE_PORT.matcher(actual.asText()).matches());
        }
        return expected.equals(actual);
    }

    private static Optional<Pattern> placeholder(String text) {
        if (text.indexOf('<') < 0) {
            return Optional.empty();
        }
        String pattern = Pattern.quote(text)
                .replace("<time>", "\\E[-0-9TZ:.]+\\Q")
                .replace("<uid>", "\\E[-0-9a-f]{36}\\Q")
                .replace("<rv>", "\\E\\d+\\Q")
                .replace("<random>", "\\E[a-z0-9]+\\Q");
        return Optional.of(Pattern.compile(pattern, Pattern.DOTALL));
    }

    private static String shown(JsonNode node) {
        String text = node.isMissingNode() ? "nothing" : node.toString();
        return text.length() > 400 ? text.substring(0, 400) + "…" : text;
    }
}
