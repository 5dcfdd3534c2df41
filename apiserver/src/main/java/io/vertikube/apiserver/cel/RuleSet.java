package io.vertikube.apiserver.cel;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.format.Equality;
import io.vertikube.apiserver.format.Path;
import io.vertikube.object.FieldError;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rules of a schema and of everything in it ("x-kubernetes-validations"). A rule that compares with what was before is
 * asked where it is known what was; the others also of what did not change, where a failure is then tolerated. Compiled
 * once; immutable, safe for any thread.
 */
public final class RuleSet {

    private final Node root;
    private final CelLimits limits;

    /** A schema with rules in it. */
    private record Node(
            JsonNode schema,
            CelSchema type,
            List<Rule> rules,
            Map<String, Node> properties,
            @Nullable Node element) {}

    private RuleSet(Node root, CelLimits limits) {
        this.root = root;
        this.limits = limits;
    }

    /** Whether a schema has any rule, which is told without looking at one. */
    public static boolean isIn(JsonNode schema) {
        if (!schema.path("x-kubernetes-validations").isEmpty()) {
            return true;
        }
        for (JsonNode property : schema.path("properties")) {
            if (isIn(property)) {
                return true;
            }
        }
        return (schema.path("items").isObject() && isIn(schema.path("items")))
                || (schema.path("additionalProperties").isObject() && isIn(schema.path("additionalProperties")));
    }

    /** Empty if there is none. */
    public static Optional<RuleSet> of(JsonNode schema, CelEngine engine) {
        return CelSchema.ofRoot(schema)
                .flatMap(type -> Optional.ofNullable(node(schema, type, engine)))
                .map(root -> new RuleSet(root, engine.limits()));
    }

    private static @Nullable Node node(JsonNode schema, CelSchema type, CelEngine engine) {
        List<Rule> rules = new ArrayList<>();
        if (!schema.path("x-kubernetes-validations").isEmpty()) {
            var scope = new RuleScope(type, engine);
            schema.path("x-kubernetes-validations").forEach(rule -> rules.add(Rule.of(rule, scope)));
        }
        Map<String, Node> properties = new HashMap<>();
        type.fields.forEach((name, field) -> {
            @Nullable Node child = node(schema.path("properties").path(name), field.schema(), engine);
            if (child != null) {
                properties.put(name, child);
            }
        });
        @Nullable Node element = null;
        if (type.element != null) {
            String part = type.kind == CelSchema.Kind.LIST ? "items" : "additionalProperties";
            element = node(schema.path(part), type.element, engine);
        }
        return rules.isEmpty() && properties.isEmpty() && element == null
                ? null
                : new Node(schema, type, List.copyOf(rules), Map.copyOf(properties), element);
    }

    /** What is wrong with an object of the right shape. */
    public List<FieldError> errors(ObjectNode object, @Nullable ObjectNode old) {
        var walk = new Walk(limits);
        walk.visit(root, object, old, Path.ROOT);
        return walk.errors;
    }

    /** One object's evaluation. */
    private static final class Walk {

        private static final int MAX_ERRORS = 1_000;

        private final CelLimits limits;
        private final List<FieldError> errors = new ArrayList<>();
        private long left;

        Walk(CelLimits limits) {
            this.limits = limits;
            this.left = limits.perObject();
        }

        void visit(Node node, JsonNode value, @Nullable JsonNode old, Path path) {
            if (value.isNull() || left <= 0 || errors.size() >= MAX_ERRORS) {
                return;
            }
            @Nullable JsonNode was = old == null || old.isNull() ? null : old;
            int before = errors.size();
            List<FieldError> transitions = new ArrayList<>();
            for (Rule rule : node.rules) {
                ask(rule, node, value, was, path).ifPresent(rule.isTransition() ? transitions::add : errors::add);
                if (left <= 0) {
                    return;
                }
            }
            if (errors.size() > before && was != null && Equality.equal(value, was)) {
                errors.subList(before, errors.size()).clear();
            }
            errors.addAll(transitions);
            if (value.isObject()) {
                fields(node, value, was, path);
            } else if (value.isArray() && node.element != null) {
                items(node, node.element, value, was, path);
            }
        }

        private void fields(Node node, JsonNode value, @Nullable JsonNode old, Path path) {
            for (Map.Entry<String, JsonNode> field : value.properties()) {
                String name = field.getKey();
                @Nullable JsonNode was = old == null ? null : old.get(name);
                @Nullable Node property = node.properties.get(name);
                if (property != null) {
                    visit(property, field.getValue(), was, path.field(name));
                } else if (node.element != null) {
                    visit(node.element, field.getValue(), was, path.key(name));
                }
            }
        }

        /** Items are followed from before to now by their keys; without keys nobody knows which is which. */
        private void items(Node node, Node element, JsonNode list, @Nullable JsonNode old, Path path) {
            Map<Object, JsonNode> before = new HashMap<>();
            boolean keyed = node.type.listType.equals("map");
            if (keyed && old != null && old.isArray()) {
                old.forEach(item -> before.putIfAbsent(Equality.keys(item, node.type.listKeys), item));
            }
            for (int i = 0; i < list.size(); i++) {
                JsonNode item = list.get(i);
                visit(
                        element,
                        item,
                        before.isEmpty() ? null : before.get(Equality.keys(item, node.type.listKeys)),
                        path.index(i));
            }
        }

        private Optional<FieldError> ask(Rule rule, Node node, JsonNode value, @Nullable JsonNode old, Path path) {
            CelSchema schema = node.type;
            if (rule.condition == null || !rule.broken.isEmpty()) {
                return Optional.of(
                        FieldError.invalid(path.name(), Rule.typeName(schema), "rule compile error: " + rule.broken));
            }
            Map<String, Object> variables = new HashMap<>();
            variables.put("self", Values.of(value, schema));
            if (rule.isTransition()) {
                if (old == null && !rule.optionalOldSelf) {
                    return Optional.empty();
                }
                Optional<Object> was = Optional.ofNullable(old).map(node1 -> Values.of(node1, schema));
                variables.put("oldSelf", rule.optionalOldSelf ? was : was.orElseThrow());
            }
            var budget = new Budget(Math.min(limits.perCall(), left));
            try {
                boolean holds = Boolean.TRUE.equals(rule.condition.evaluate(variables, budget));
                return holds
                        ? Optional.empty()
                        : Optional.of(rule.error(path, value, schema, node.schema, variables, budget));
            } catch (Expression.Failed e) {
                return Optional.of(failed(rule, schema, path, e));
            } finally {
                left -= budget.spent();
            }
        }

        private FieldError failed(Rule rule, CelSchema schema, Path path, Expression.Failed e) {
            if (e.tooCostly()) {
                left = 0;
                return FieldError.invalid(
                        path.name(),
                        Rule.typeName(schema),
                        "validation failed due to running out of cost budget, no further validation rules will be run");
            }
            String sentence = e.getMessage() != null && e.getMessage().startsWith("no such overload")
                    ? "'" + e.getMessage()
                            + "': call arguments did not match a supported operator, function or macro signature for"
                            + " rule: " + rule.name()
                    : e.getMessage() + " evaluating rule: " + rule.name();
            return FieldError.invalid(path.name(), Rule.typeName(schema), sentence);
        }
    }
}
