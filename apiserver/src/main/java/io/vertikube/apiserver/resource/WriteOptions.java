package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.Operation;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.Query;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client says about its write beside the object ("CreateOptions", "UpdateOptions", "PatchOptions"). Immutable.
 *
 * @param manager the field manager: the one named, else the first word of the user agent
 * @param force apply only: take fields that others manage
 * @param stated what the client said, as fields of the options
 */
record WriteOptions(boolean dryRun, String manager, FieldValidation validation, boolean force, ObjectNode stated) {

    /** What becomes of unknown and duplicate fields. */
    enum FieldValidation {
        STRICT,
        WARN,
        IGNORE
    }

    private static final int LONGEST_MANAGER = 128;

    /**
     * Reads and checks the parameters.
     *
     * @param kind of the options, such as {@code CreateOptions}
     * @throws io.vertikube.object.ApiException 422 naming the parameter
     */
    static WriteOptions of(Call call, String kind, boolean apply) {
        Query query = call.query();
        List<FieldError> errors = new ArrayList<>();
        String validation = query.text("fieldValidation");
        String named = query.text("fieldManager");
        dryRun(query.all("dryRun"), errors);
        if (!List.of("", "Strict", "Warn", "Ignore").contains(validation)) {
            errors.add(FieldError.notSupported("fieldValidation", validation, List.of("", "Ignore", "Strict", "Warn")));
        }
        if (named.length() > LONGEST_MANAGER) {
            errors.add(FieldError.tooLong("fieldManager", LONGEST_MANAGER));
        } else if (!named.chars().allMatch(c -> c >= ' ' && Character.isDefined(c) && !Character.isISOControl(c))) {
            errors.add(FieldError.invalid("fieldManager", named, "should only contain printable characters"));
        }
        if (apply && named.isEmpty()) {
            errors.add(FieldError.required("fieldManager", "is required for apply patch"));
        }
        if (!apply && query.has("force") && kind.equals("PatchOptions")) {
            errors.add(FieldError.forbidden("force", "may not be specified for non-apply patch"));
        }
        if (!errors.isEmpty()) {
            throw ApiErrors.invalid(new Gvk("meta.k8s.io", "v1", kind), "", errors);
        }
        return new WriteOptions(
                query.dryRun(),
                named.isEmpty() ? agent(call.header("User-Agent")) : named,
                switch (validation) {
                    case "Strict" -> FieldValidation.STRICT;
                    case "Ignore" -> FieldValidation.IGNORE;
                    default -> FieldValidation.WARN;
                },
                query.flag("force"),
                stated(query));
    }

    private static ObjectNode stated(Query query) {
        ObjectNode stated = JsonNodeFactory.instance.objectNode();
        if (query.dryRun()) {
            stated.putArray("dryRun").add("All");
        }
        for (String field : List.of("fieldManager", "fieldValidation")) {
            if (!query.text(field).isEmpty()) {
                stated.put(field, query.text(field));
            }
        }
        return stated;
    }

    /** The options as admission sees them: of what is done, which a patch may learn only when it finds an object or none. */
    @Nullable
    ObjectNode shown(Operation operation) {
        String kind =
                switch (operation) {
                    case CREATE -> "CreateOptions";
                    case UPDATE -> "UpdateOptions";
                    case DELETE -> "DeleteOptions";
                    case CONNECT -> "";
                };
        if (kind.isEmpty()) {
            return null;
        }
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        shown.put("kind", kind).put("apiVersion", "meta.k8s.io/v1");
        return shown.setAll(stated);
    }

    /** Adds what is wrong with the values of {@code dryRun}. */
    static void dryRun(List<String> values, List<FieldError> errors) {
        for (String value : values) {
            if (!value.equals("All")) {
                errors.add(FieldError.notSupported("dryRun", value, List.of("All")));
            }
        }
    }

    private static String agent(String userAgent) {
        String word = userAgent.split("/", 2)[0];
        return word.length() > LONGEST_MANAGER ? word.substring(0, LONGEST_MANAGER) : word;
    }
}
