package io.vertikube.apiserver.cel;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What expressions about a write may speak of: {@code object}, {@code oldObject}, {@code request}, {@code authorizer}, and
 * in policies {@code namespaceObject}, {@code params} and the policy's own {@code variables}. Immutable; defining a
 * variable makes another.
 */
public final class RequestScope {

    /** What an expression has to come to. */
    public enum Result {
        BOOL("must evaluate to bool"),
        TEXT("must evaluate to string"),
        TEXT_OR_NULL("must evaluate to one of [string null_type]"),
        ANY(""),
        OBJECT("must evaluate to Object"),
        JSON_PATCH("must evaluate to list(JSONPatch)");

        private final String demand;

        Result(String demand) {
            this.demand = demand;
        }

        private boolean takes(CelType type) {
            return switch (this) {
                case BOOL -> type.equals(SimpleType.BOOL);
                case TEXT -> type.equals(SimpleType.STRING);
                case TEXT_OR_NULL -> type.equals(SimpleType.STRING) || type.equals(SimpleType.NULL_TYPE);
                case ANY -> true;
                case OBJECT -> type.name().equals(Constructed.ROOT);
                case JSON_PATCH ->
                    type instanceof ListType list
                            && (list.elemType().name().equals(Constructed.JSON_PATCH.name())
                                    || list.elemType().equals(SimpleType.DYN));
            };
        }

        private boolean constructs() {
            return this == OBJECT || this == JSON_PATCH;
        }
    }

    static final String VARIABLES = "variables";

    private static final Map<String, CelType> COMMON = common();
    private static final StructType NAMESPACE = namespace();

    private final CelEngine engine;
    private final Map<String, CelType> globals;
    private final Map<String, CelType> variables;
    private final CelEngine.TypesByName types;
    private final CelEngine.Environment environment;

    private RequestScope(
            CelEngine engine,
            Map<String, CelType> globals,
            Map<String, CelType> variables,
            CelEngine.TypesByName types) {
        this.engine = engine;
        this.globals = globals;
        this.variables = variables;
        this.types = types;
        Map<String, CelType> known = new LinkedHashMap<>(globals);
        Map<String, CelType> byName = new LinkedHashMap<>();
        known.values().forEach(type -> collect(type, byName));
        if (globals.containsKey("namespaceObject")) {
            StructType own = Types.struct("kubernetes.variables", variables);
            known.put(VARIABLES, own);
            collect(own, byName);
        }
        this.environment = engine.environment(
                known, name -> Optional.ofNullable(byName.get(name)).or(() -> types.find(name)));
    }

    /** Conditions of webhooks. */
    public static RequestScope ofWebhook(CelEngine engine) {
        return new RequestScope(engine, COMMON, Map.of(), name -> Optional.empty());
    }

    /**
     * Expressions of policies.
     *
     * @param params whether the policy has a kind of parameters
     */
    public static RequestScope ofPolicy(CelEngine engine, boolean params) {
        Map<String, CelType> globals = new LinkedHashMap<>(COMMON);
        globals.put("namespaceObject", NAMESPACE);
        if (params) {
            globals.put("params", SimpleType.DYN);
        }
        return new RequestScope(engine, globals, Map.of(), name -> Optional.empty());
    }

    /** The same where it is known what objects and parameters look like; empty keeps a type unknown. */
    public RequestScope about(Optional<CelType> object, Optional<CelType> params, CelEngine.TypesByName declared) {
        Map<String, CelType> known = new LinkedHashMap<>(globals);
        object.ifPresent(type -> {
            known.put("object", type);
            known.put("oldObject", type);
        });
        params.ifPresent(type -> known.replace("params", type));
        return new RequestScope(engine, known, variables, declared);
    }

    /** The same with one more variable. */
    public RequestScope with(String name, CelType type) {
        Map<String, CelType> more = new LinkedHashMap<>(variables);
        more.put(name, type);
        return new RequestScope(engine, globals, more, types);
    }

    /** @throws CelEngine.Invalid whose message is what Kubernetes says of the field */
    public Expression compile(String text, Result wanted) throws CelEngine.Invalid {
        Expression expression;
        try {
            expression = wanted.constructs() ? environment.compileConstructing(text) : environment.compile(text);
        } catch (CelEngine.Invalid e) {
            throw new CelEngine.Invalid("compilation failed: " + e.getMessage());
        }
        if (!wanted.takes(expression.type())) {
            throw new CelEngine.Invalid(wanted.demand);
        }
        return expression;
    }

    private void collect(CelType type, Map<String, CelType> byName) {
        if (type instanceof StructType struct
                && types.find(type.name()).isEmpty()
                && byName.putIfAbsent(type.name(), type) == null) {
            struct.fieldNames().forEach(name -> struct.findField(name).ifPresent(f -> collect(f.type(), byName)));
        }
    }

    private static Map<String, CelType> common() {
        Map<String, CelType> known = new LinkedHashMap<>();
        known.put("object", SimpleType.DYN);
        known.put("oldObject", SimpleType.DYN);
        known.put("request", request());
        known.put("authorizer", Types.AUTHORIZER);
        known.put("authorizer.requestResource", Types.RESOURCE_CHECK);
        return known;
    }

    private static CelType request() {
        CelType text = SimpleType.STRING;
        CelType kind =
                Types.struct("kubernetes.GroupVersionKind", Map.of("group", text, "version", text, "kind", text));
        CelType resource = Types.struct(
                "kubernetes.GroupVersionResource", Map.of("group", text, "version", text, "resource", text));
        CelType texts = ListType.create(text);
        CelType user = Types.struct(
                "kubernetes.UserInfo",
                Map.of("username", text, "uid", text, "groups", texts, "extra", MapType.create(text, texts)));
        Map<String, CelType> fields = new LinkedHashMap<>();
        fields.put("kind", kind);
        fields.put("resource", resource);
        fields.put("subResource", text);
        fields.put("requestKind", kind);
        fields.put("requestResource", resource);
        fields.put("requestSubResource", text);
        fields.put("name", text);
        fields.put("namespace", text);
        fields.put("operation", text);
        fields.put("userInfo", user);
        fields.put("dryRun", SimpleType.BOOL);
        fields.put("options", SimpleType.DYN);
        return Types.struct("kubernetes.AdmissionRequest", fields);
    }

    private static StructType namespace() {
        CelType text = SimpleType.STRING;
        Map<String, CelType> metadata = new LinkedHashMap<>();
        for (String field : List.of("name", "generateName", "namespace", "UID", "resourceVersion")) {
            metadata.put(field, text);
        }
        metadata.put("labels", MapType.create(text, text));
        metadata.put("annotations", MapType.create(text, text));
        metadata.put("creationTimestamp", SimpleType.TIMESTAMP);
        metadata.put("deletionTimestamp", SimpleType.TIMESTAMP);
        metadata.put("deletionGracePeriodSeconds", SimpleType.INT);
        metadata.put("generation", SimpleType.INT);
        metadata.put("finalizers", ListType.create(text));
        return Types.struct(
                "kubernetes.Namespace",
                Map.of(
                        "metadata", Types.struct("kubernetes.NamespaceMetadata", metadata),
                        "spec", Types.struct("kubernetes.NamespaceSpec", Map.of("finalizers", ListType.create(text))),
                        "status", Types.struct("kubernetes.NamespaceStatus", Map.of("phase", text))));
    }
}
