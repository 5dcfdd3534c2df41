package io.vertikube.e2e.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.yaml.snakeyaml.Yaml;

/**
 * One pod and what must come of it, as a file of {@code src/test/resources/conformance} tells it. Immutable.
 *
 * <p>{@code run} is a script of the container {@code main}, {@code container} and {@code pod} are more of their specs,
 * {@code objects} what there is besides. {@code each} makes a case of each row, with its words put in for {@code {word}};
 * {@code {case}} is the case's own name and {@code "#{word}"} no string. The outcome is a phase, exact {@code logs} or a {@code find} expression in them,
 * expressions for fields of the {@code status} by pointer, and reasons of {@code events} with expressions for their
 * messages. {@code then} is a kubectl command for when {@code when} is found in the logs. {@code where} is one of {@link NodeTraits}
 * that it takes, or with {@code no} before it one that must not be there.
 */
record ConformanceCase(
        String file,
        String name,
        String shows,
        ObjectNode pod,
        List<JsonNode> objects,
        String phase,
        JsonNode expected) {

    private static final ObjectMapper JSON = new ObjectMapper();
    /** {@code "#{word}"} is for words that are numbers, true or false. */
    private static final Pattern UNQUOTED = Pattern.compile("\"#(\\d+|true|false)\"");

    private static final String IMAGE = "vertikube.local/busybox:1";
    static final String NAMESPACE = "conformance";

    /** All cases of all files. */
    static List<ConformanceCase> all(Path folder) throws IOException {
        List<ConformanceCase> cases = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                JsonNode entries = JSON.valueToTree(new Yaml().load(Files.readString(file)));
                for (JsonNode entry : entries) {
                    for (Map<String, String> row : rows(entry)) {
                        cases.add(of(file.getFileName().toString(), entry, row));
                    }
                }
            }
        }
        return cases;
    }

    /** How the table names it. */
    String reference() {
        return file + "#" + name;
    }

    /** A trait that a node has to have, or with {@code no} before it must not have; empty where any node will do. */
    String where() {
        return expected.path("where").asText();
    }

    /** Whether it is for a node of these {@link NodeTraits}. */
    boolean fits(Set<String> traits) {
        String trait = where().replaceFirst("^no ", "");
        return trait.isEmpty() || traits.contains(trait) == where().equals(trait);
    }

    private static List<Map<String, String>> rows(JsonNode entry) {
        if (!entry.has("each")) {
            return List.of(Map.of());
        }
        List<Map<String, String>> rows = new ArrayList<>();
        for (JsonNode row : entry.get("each")) {
            Map<String, String> words = new LinkedHashMap<>();
            row.properties()
                    .forEach(word -> words.put(word.getKey(), word.getValue().asText()));
            rows.add(words);
        }
        return rows;
    }

    private static ConformanceCase of(String file, JsonNode raw, Map<String, String> row) throws IOException {
        String name = put(raw.required("case").asText(), row).toLowerCase(Locale.ROOT);
        Map<String, String> words = new LinkedHashMap<>(row);
        words.put("case", name);
        ObjectNode template = ((ObjectNode) raw).deepCopy();
        template.remove("each");
        Map<String, String> escaped = new LinkedHashMap<>();
        for (Map.Entry<String, String> word : words.entrySet()) {
            String text = JSON.writeValueAsString(word.getValue());
            escaped.put(word.getKey(), text.substring(1, text.length() - 1));
        }
        String filled = put(JSON.writeValueAsString(template), escaped);
        JsonNode entry = JSON.readTree(UNQUOTED.matcher(filled).replaceAll("$1"));
        List<JsonNode> objects = new ArrayList<>();
        entry.path("objects").forEach(objects::add);
        return new ConformanceCase(
                file,
                name,
                entry.required("shows").asText(),
                pod(name, entry),
                List.copyOf(objects),
                entry.path("phase").asText("Succeeded"),
                entry);
    }

    private static String put(String text, Map<String, String> words) {
        String result = text;
        for (Map.Entry<String, String> word : words.entrySet()) {
            result = result.replace("{" + word.getKey() + "}", word.getValue());
        }
        return result;
    }

    private static ObjectNode pod(String name, JsonNode entry) {
        ObjectNode pod = JSON.createObjectNode();
        pod.put("apiVersion", "v1");
        pod.put("kind", "Pod");
        ObjectNode metadata = pod.putObject("metadata");
        entry.path("metadata").properties().forEach(field -> metadata.set(field.getKey(), field.getValue()));
        metadata.put("name", name).put("namespace", NAMESPACE);
        ObjectNode spec = pod.putObject("spec");
        spec.put("restartPolicy", "Never").put("terminationGracePeriodSeconds", 0);
        entry.path("pod").properties().forEach(field -> spec.set(field.getKey(), field.getValue()));
        if (!spec.has("containers")) {
            spec.putArray("containers").addObject();
        }
        ObjectNode main = (ObjectNode) spec.get("containers").get(0);
        entry.path("container").properties().forEach(field -> main.set(field.getKey(), field.getValue()));
        if (entry.has("run")) {
            main.putArray("command").add("sh").add("-c").add(entry.get("run").asText());
        }
        complete(spec.withArray("containers"));
        if (spec.has("initContainers")) {
            complete(spec.withArray("initContainers"));
        }
        return pod;
    }

    private static void complete(ArrayNode containers) {
        for (JsonNode each : containers) {
            ObjectNode container = (ObjectNode) each;
            if (!container.has("name")) {
                container.put("name", "main");
            }
            if (!container.has("image")) {
                container.put("image", IMAGE);
            }
        }
    }
}
