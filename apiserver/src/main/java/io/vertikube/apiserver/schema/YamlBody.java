package io.vertikube.apiserver.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.schema.BodyReader.Body;
import io.vertikube.apiserver.schema.BodyReader.Unreadable;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;
import org.yaml.snakeyaml.reader.UnicodeReader;
import org.yaml.snakeyaml.representer.Representer;

/**
 * The first document of a YAML body as the tree that its JSON would give. Aliases are spelled out, within a budget that
 * an alias bomb uses up quickly. Confined to one read.
 */
final class YamlBody {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final DecodeLimits limits;
    private final FieldPath path = new FieldPath();
    private final List<String> duplicates = new ArrayList<>();
    private final Set<Node> open = Collections.newSetFromMap(new IdentityHashMap<>());
    private int nodes;

    private YamlBody(DecodeLimits limits) {
        this.limits = limits;
    }

    static Body read(byte[] yaml, DecodeLimits limits) throws Unreadable {
        var options = new LoaderOptions();
        options.setMaxAliasesForCollections(limits.yamlAliases());
        options.setNestingDepthLimit(limits.nestingDepth());
        options.setCodePointLimit(limits.bodyBytes());
        options.setAllowDuplicateKeys(true);
        try {
            var loader = new Yaml(
                    new SafeConstructor(options), new Representer(new DumperOptions()), new DumperOptions(), options);
            Node root = null;
            for (Node document : loader.composeAll(new UnicodeReader(new ByteArrayInputStream(yaml)))) {
                root = document;
                break;
            }
            var reading = new YamlBody(limits);
            JsonNode tree = root == null ? NODES.nullNode() : reading.value(root);
            return new Body(tree, reading.duplicates);
        } catch (MarkedYAMLException e) {
            String line = e.getProblemMark() == null
                    ? ""
                    : "line " + (e.getProblemMark().getLine() + 1) + ": ";
            throw new Unreadable("error converting YAML to JSON: yaml: " + line + e.getProblem());
        } catch (YAMLException | IllegalArgumentException e) {
            // The parser refuses a tag of encoded spaces as an argument of its own.
            throw new Unreadable("error converting YAML to JSON: yaml: " + e.getMessage());
        } catch (StackOverflowError e) {
            throw new Unreadable("error converting YAML to JSON: yaml: the body is nested too deep");
        }
    }

    private JsonNode value(Node node) throws Unreadable {
        if (++nodes > limits.yamlNodes()) {
            throw new Unreadable("error converting YAML to JSON: yaml: document contains excessive aliasing: it has "
                    + "more than " + limits.yamlNodes() + " values when its aliases are spelled out");
        }
        if (node instanceof ScalarNode scalar) {
            return YamlScalar.toJson(scalar);
        }
        if (!open.add(node)) {
            throw new Unreadable("error converting YAML to JSON: yaml: an anchor contains itself");
        }
        if (open.size() > limits.nestingDepth()) {
            throw new Unreadable("the body is nested deeper than " + limits.nestingDepth());
        }
        JsonNode value =
                switch (node) {
                    case MappingNode mapping -> object(mapping);
                    case SequenceNode sequence -> array(sequence);
                    default -> throw new Unreadable("error converting YAML to JSON: yaml: a node of an unknown kind");
                };
        open.remove(node);
        return value;
    }

    private ObjectNode object(MappingNode mapping) throws Unreadable {
        ObjectNode object = NODES.objectNode();
        List<Node> merged = new ArrayList<>();
        for (NodeTuple tuple : mapping.getValue()) {
            if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
                throw new Unreadable("error converting YAML to JSON: yaml: line "
                        + (tuple.getKeyNode().getStartMark().getLine() + 1) + ": a key must be a plain value");
            }
            if (key.getTag().equals(Tag.MERGE)) {
                merged.add(tuple.getValueNode());
                continue;
            }
            String name = key.getValue();
            path.field(name);
            if (object.has(name) && duplicates.size() < limits.strictErrors()) {
                duplicates.add("duplicate field \"" + path + "\"");
            }
            object.set(name, value(tuple.getValueNode()));
            path.up();
        }
        for (Node source : merged) {
            merge(object, source);
        }
        return object;
    }

    /** YAML's {@code <<}: fields of the named maps, where the map itself and earlier ones have none. */
    private void merge(ObjectNode object, Node source) throws Unreadable {
        if (source instanceof SequenceNode several) {
            for (Node one : several.getValue()) {
                merge(object, one);
            }
            return;
        }
        if (!(value(source) instanceof ObjectNode fields)) {
            throw new Unreadable("error converting YAML to JSON: yaml: map merge requires map or sequence of maps");
        }
        for (var field : fields.properties()) {
            if (!object.has(field.getKey())) {
                object.set(field.getKey(), field.getValue());
            }
        }
    }

    private ArrayNode array(SequenceNode sequence) throws Unreadable {
        ArrayNode array = NODES.arrayNode();
        for (Node item : sequence.getValue()) {
            path.index(array.size());
            array.add(value(item));
            path.up();
        }
        return array;
    }
}
