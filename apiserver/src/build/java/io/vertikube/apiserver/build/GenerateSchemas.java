package io.vertikube.apiserver.build;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import io.vertikube.object.Gvk;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Build step: writes the schemas of every built-in kind into {@code schema/} of the given folder.
 *
 * <ul>
 *   <li>{@code structure.jsonl}: schemas without descriptions, a line a type. What the server works with.
 *   <li>{@code structure.index}: name, offset and length of each line.
 *   <li>{@code documents.jsonl}, {@code documents.index}: the same with descriptions. What clients are shown.
 *   <li>{@code kinds.tsv}: apiVersion, kind, name of the definition.
 *   <li>{@code stamp}: a hash of the documents.
 *   <li>{@code descriptors.pb}: the protobuf descriptors of all types.
 * </ul>
 */
public final class GenerateSchemas {

    private static final ObjectMapper JSON = new ObjectMapper();

    private static final List<String> EVERYWHERE = List.of("DeleteOptions", "Status", "WatchEvent");
    private static final List<String> META_KINDS =
            List.of("APIGroup", "APIGroupList", "APIResourceList", "APIVersions");

    private static final List<String> PARTIAL_KINDS = List.of("PartialObjectMetadata", "PartialObjectMetadataList");

    private final TypeNames names;
    private final ModelTypes types;
    private final Facts facts;
    private final Map<Gvk, String> kinds = new TreeMap<>(java.util.Comparator.comparing(Gvk::toString));

    private GenerateSchemas(TypeNames names, ModelTypes types, Facts facts) {
        this.names = names;
        this.types = types;
        this.facts = facts;
    }

    /** Arguments: the folder of facts and sources, the folder to write to, a file that remembers what it was made of. */
    public static void main(String[] arguments) throws Exception {
        Path sources = Path.of(arguments[0]);
        Path out = Path.of(arguments[1]).resolve("schema");
        Path madeOf = Path.of(arguments[2]);
        String inputs = inputs(sources);
        if (Files.exists(out.resolve("stamp"))
                && Files.exists(madeOf)
                && Files.readString(madeOf).equals(inputs)) {
            return;
        }
        Files.createDirectories(out);
        var descriptors = ProtoDescriptors.read();
        var names = new TypeNames(descriptors.messages());
        var facts = Facts.read(sources.resolve("facts"));
        new GenerateSchemas(names, ModelTypes.read(names), facts).write(out);
        if (!facts.unused().isEmpty()) {
            throw new IllegalStateException("facts about fields that do not exist: " + facts.unused());
        }
        Files.write(out.resolve("descriptors.pb"), descriptors.bytes(sources.resolve("descriptors")));
        Files.writeString(madeOf, inputs);
    }

    /** Whatever the result depends on: the sources' text and the class path with its files' times. */
    private static String inputs(Path sources) throws Exception {
        var hash = MessageDigest.getInstance("SHA-256");
        try (var files = Files.walk(sources)) {
            for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
                hash.update(Files.readAllBytes(file));
            }
        }
        for (String element : System.getProperty("java.class.path").split(java.io.File.pathSeparator)) {
            Path file = Path.of(element);
            Object time = Files.isRegularFile(file) ? Files.getLastModifiedTime(file) : "";
            hash.update((element + time).getBytes(StandardCharsets.UTF_8));
        }
        return HexFormat.of().formatHex(hash.digest());
    }

    private void write(Path out) throws Exception {
        findKinds();
        Map<String, ObjectNode> definitions = new TreeMap<>(WellKnown.definitions());
        var writer = new SchemaWriter(types, facts);
        Deque<String> open = new ArrayDeque<>(new LinkedHashSet<>(kinds.values()));
        while (!open.isEmpty()) {
            String name = open.pop();
            if (!definitions.containsKey(name)) {
                ObjectNode definition = writer.definition(name);
                definitions.put(name, definition);
                references(definition).forEach(open::push);
            }
        }
        kinds.forEach((kind, name) -> name(definitions.get(name), kind));
        var structure = new Edition();
        var documents = new Edition();
        definitions.forEach((name, definition) -> {
            structure.add(name, bare(name, definition));
            definition.path("properties").forEach(field -> ((ObjectNode) field).remove(SchemaWriter.EXPLICIT));
            documents.add(name, definition);
        });
        structure.write(out, "structure");
        documents.write(out, "documents");
        Files.writeString(out.resolve("kinds.tsv"), kindTable());
        Files.writeString(out.resolve("stamp"), documents.hash());
    }

    private String kindTable() {
        var table = new StringBuilder();
        kinds.forEach((kind, name) -> line(table, kind.apiVersion(), kind.kind(), name));
        for (String kind : EVERYWHERE) {
            line(table, "*/*", kind, TypeNames.META + kind);
        }
        return table.toString();
    }

    private static void line(StringBuilder table, String apiVersion, String kind, String name) {
        table.append(apiVersion)
                .append('\t')
                .append(kind)
                .append('\t')
                .append(name)
                .append('\n');
    }

    private void findKinds() {
        for (ResourceType type : Catalog.builtIn().all()) {
            kind(type.gvk());
            Gvk list = new Gvk(type.group(), type.version(), type.kind() + "List");
            if (type.hasVerb("list")) {
                kind(list);
            }
            for (Subresource sub : type.subresources()) {
                // Options of connections are query parameters and never a body.
                if (!sub.kind().kind().endsWith("Options")) {
                    kind(sub.kind());
                }
            }
        }
        for (String kind : EVERYWHERE) {
            kinds.put(new Gvk("", "v1", kind), TypeNames.META + kind);
        }
        for (String kind : META_KINDS) {
            kinds.put(new Gvk("", "v1", kind), TypeNames.META + kind);
        }
        for (String version : List.of("v1", "v1beta1")) {
            for (String kind : PARTIAL_KINDS) {
                kinds.put(new Gvk("meta.k8s.io", version, kind), TypeNames.META + kind);
            }
        }
    }

    private void kind(Gvk kind) {
        String group = kind.group().isEmpty() ? "core" : kind.group().replaceFirst("\\..*", "");
        String suffix = "." + group + "." + kind.version() + "." + kind.kind();
        List<String> found = new ArrayList<>();
        for (String name : types.definitions()) {
            if (name.endsWith(suffix)) {
                found.add(name);
            }
        }
        if (found.size() != 1) {
            throw new IllegalStateException("no single model for " + kind + ": " + found);
        }
        kinds.put(kind, found.getFirst());
    }

    private static Set<String> references(JsonNode schema) {
        var found = new LinkedHashSet<String>();
        for (JsonNode reference : schema.findValues("$ref")) {
            if (reference.isTextual()) {
                found.add(reference.textValue().substring("#/components/schemas/".length()));
            }
        }
        return found;
    }

    private static void name(ObjectNode definition, Gvk kind) {
        ArrayNode list = definition.withArray("x-kubernetes-group-version-kind");
        list.addObject().put("group", kind.group()).put("kind", kind.kind()).put("version", kind.version());
    }

    /** The schema as the server needs it. */
    private static JsonNode bare(String name, ObjectNode definition) {
        ObjectNode special = WellKnown.structure().get(name);
        return special != null ? special : strip(definition.deepCopy());
    }

    private static JsonNode strip(JsonNode schema) {
        if (schema instanceof ObjectNode object) {
            object.remove(List.of("description", "x-kubernetes-group-version-kind", "x-kubernetes-unions"));
            for (String inside : List.of("items", "additionalProperties")) {
                if (object.has(inside)) {
                    strip(object.get(inside));
                }
            }
            if (object.get("properties") instanceof ObjectNode properties) {
                properties.forEach(GenerateSchemas::strip);
            }
        }
        return schema;
    }
}
