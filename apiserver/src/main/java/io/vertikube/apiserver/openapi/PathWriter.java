package io.vertikube.apiserver.openapi;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import io.vertikube.object.Gvk;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The paths of a resource with their operations: what kubectl asks of them is the kind behind each, the content types of
 * a patch and the query parameters. Confined to one document.
 */
final class PathWriter {

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final List<String> PATCH_TYPES = List.of(
            "application/apply-patch+yaml",
            "application/json-patch+json",
            "application/merge-patch+json",
            "application/strategic-merge-patch+json");
    private static final List<String> MERGE_TYPES =
            List.of("application/apply-patch+yaml", "application/json-patch+json", "application/merge-patch+json");

    private final Function<Gvk, Optional<String>> nameOf;

    PathWriter(Function<Gvk, Optional<String>> nameOf) {
        this.nameOf = nameOf;
    }

    void write(ResourceType type, ObjectNode paths) {
        String collection = type.collectionPath("{namespace}");
        Gvk list = new Gvk(type.group(), type.version(), type.kind() + "List");
        Target whole = new Target(type, type.gvk(), "");
        if (type.namespaced() && type.hasVerb("list")) {
            ObjectNode everywhere = path(paths, type.collectionPath(""), Set.of());
            operation(everywhere, "get", "list", whole, list);
        }
        Set<String> inNamespace = type.namespaced() ? Set.of("namespace") : Set.of();
        ObjectNode all = path(paths, collection, inNamespace);
        if (type.hasVerb("list")) {
            operation(all, "get", "list", whole, list);
        }
        if (type.hasVerb("create")) {
            operation(all, "post", "post", whole, type.gvk());
        }
        if (type.hasVerb("deletecollection")) {
            operation(all, "delete", "deletecollection", whole, new Gvk("", "v1", "Status"));
        }
        Set<String> named = type.namespaced() ? Set.of("namespace", "name") : Set.of("name");
        if (type.hasVerb("get")) {
            ObjectNode one = path(paths, collection + "/{name}", named);
            operation(one, "get", "get", whole, type.gvk());
            if (type.hasVerb("update")) {
                operation(one, "put", "put", whole, type.gvk());
            }
            if (type.hasVerb("patch")) {
                operation(one, "patch", "patch", whole, type.gvk());
            }
            if (type.hasVerb("delete")) {
                operation(one, "delete", "delete", whole, new Gvk("", "v1", "Status"));
            }
        }
        for (Subresource sub : type.subresources()) {
            Target part = new Target(type, sub.kind(), sub.name());
            ObjectNode path = path(paths, collection + "/{name}/" + sub.name(), named);
            if (sub.verbs().contains("get")) {
                operation(path, "get", "get", part, sub.kind());
            }
            if (sub.verbs().contains("create")) {
                operation(path, "post", "post", part, sub.kind());
            }
            if (sub.verbs().contains("update")) {
                operation(path, "put", "put", part, sub.kind());
            }
            if (sub.verbs().contains("patch")) {
                operation(path, "patch", "patch", part, sub.kind());
            }
        }
    }

    /** What an operation works on: a resource, or with a name one of its subresources. */
    private record Target(ResourceType type, Gvk kind, String subresource) {}

    private static ObjectNode path(ObjectNode paths, String path, Set<String> variables) {
        ObjectNode item = paths.putObject(path);
        ArrayNode parameters = item.putArray("parameters");
        for (String variable : List.of("name", "namespace")) {
            if (variables.contains(variable)) {
                parameter(parameters, variable, "path", "string").put("required", true);
            }
        }
        return item;
    }

    private void operation(ObjectNode path, String method, String action, Target target, Gvk answer) {
        ObjectNode operation = path.putObject(method);
        ResourceType type = target.type();
        operation.putArray("tags").add((type.group().isEmpty() ? "core" : type.group()) + "_" + type.version());
        operation.put(
                "description",
                action + " " + type.plural() + (target.subresource().isEmpty() ? "" : "/" + target.subresource()));
        operation.put("operationId", operationId(path, action, target));
        ArrayNode parameters = operation.putArray("parameters");
        parameters(parameters, action);
        body(operation, action, target);
        ObjectNode content = operation
                .putObject("responses")
                .putObject("200")
                .put("description", "OK")
                .putObject("content");
        nameOf.apply(answer)
                .ifPresentOrElse(
                        name -> reference(content.putObject("application/json").putObject("schema"), name),
                        () -> content.putObject("*/*").putObject("schema").put("type", "string"));
        operation.put("x-kubernetes-action", action);
        operation
                .putObject("x-kubernetes-group-version-kind")
                .put("group", target.kind().group())
                .put("kind", target.kind().kind())
                .put("version", target.kind().version());
    }

    private static String operationId(ObjectNode path, String action, Target target) {
        boolean everywhere =
                target.type().namespaced() && path.path("parameters").isEmpty();
        String sub = target.subresource();
        return action
                + target.type().version()
                + target.type().kind()
                + (sub.isEmpty() ? "" : Character.toUpperCase(sub.charAt(0)) + sub.substring(1))
                + (everywhere ? "ForAllNamespaces" : "");
    }

    private void body(ObjectNode operation, String action, Target target) {
        switch (action) {
            case "post", "put" ->
                nameOf.apply(target.kind()).ifPresent(name -> {
                    ObjectNode body = operation.putObject("requestBody");
                    reference(body.putObject("content").putObject("*/*").putObject("schema"), name);
                    body.put("required", true);
                });
            case "delete", "deletecollection" ->
                reference(
                        operation
                                .putObject("requestBody")
                                .putObject("content")
                                .putObject("*/*")
                                .putObject("schema"),
                        META + "DeleteOptions");
            case "patch" -> {
                ObjectNode body = operation.putObject("requestBody");
                ObjectNode content = body.putObject("content");
                boolean strategic = nameOf.apply(target.kind())
                        .filter(name -> name.startsWith("io.k8s."))
                        .isPresent();
                for (String patch : strategic ? PATCH_TYPES : MERGE_TYPES) {
                    reference(content.putObject(patch).putObject("schema"), META + "Patch");
                }
                body.put("required", true);
            }
            default -> {}
        }
    }

    private static void parameters(ArrayNode parameters, String action) {
        if (action.equals("list") || action.equals("deletecollection")) {
            parameter(parameters, "labelSelector", "query", "string");
            parameter(parameters, "fieldSelector", "query", "string");
            parameter(parameters, "limit", "query", "integer");
            parameter(parameters, "continue", "query", "string");
            parameter(parameters, "resourceVersion", "query", "string");
            parameter(parameters, "resourceVersionMatch", "query", "string");
        }
        if (action.equals("list")) {
            parameter(parameters, "watch", "query", "boolean");
            parameter(parameters, "allowWatchBookmarks", "query", "boolean");
            parameter(parameters, "sendInitialEvents", "query", "boolean");
            parameter(parameters, "timeoutSeconds", "query", "integer");
        }
        if (!action.equals("list") && !action.equals("get")) {
            parameter(parameters, "dryRun", "query", "string");
        }
        if (action.equals("delete") || action.equals("deletecollection")) {
            parameter(parameters, "gracePeriodSeconds", "query", "integer");
            parameter(parameters, "propagationPolicy", "query", "string");
        }
        if (action.equals("post") || action.equals("put") || action.equals("patch")) {
            parameter(parameters, "fieldManager", "query", "string");
            parameter(parameters, "fieldValidation", "query", "string");
        }
        if (action.equals("patch")) {
            parameter(parameters, "force", "query", "boolean");
        }
    }

    private static ObjectNode parameter(ArrayNode parameters, String name, String in, String type) {
        ObjectNode parameter = parameters.addObject().put("name", name).put("in", in);
        parameter.putObject("schema").put("type", type).put("uniqueItems", true);
        return parameter;
    }

    private static void reference(ObjectNode schema, String name) {
        schema.put("$ref", "#/components/schemas/" + name);
    }
}
