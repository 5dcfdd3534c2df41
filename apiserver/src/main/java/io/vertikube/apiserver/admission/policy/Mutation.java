package io.vertikube.apiserver.admission.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.match.Seen;
import io.vertikube.apiserver.apply.StatedMerge;
import io.vertikube.apiserver.cel.RequestScope.Result;
import io.vertikube.apiserver.cel.ResultTree;
import io.vertikube.apiserver.patch.JsonPatch;
import io.vertikube.apiserver.schema.Schema;
import io.vertikube.apiserver.schema.Schemas;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import java.util.Map;

/**
 * One change of a mutating policy: a configuration that is laid over the object, or a JSON patch. Immutable.
 *
 * @param apply whether it is a configuration
 */
record Mutation(boolean apply, Compiled expression) {

    static Mutation of(JsonNode mutation, Policy.Body body) {
        boolean apply = mutation.path("patchType").asText().equals("ApplyConfiguration");
        return new Mutation(
                apply,
                apply
                        ? body.compile(mutation.path("applyConfiguration").path("expression"), Result.OBJECT)
                        : body.compile(mutation.path("jsonPatch").path("expression"), Result.JSON_PATCH));
    }

    /** The object as it is to be, in the version in which it was seen; shares nothing with what was there. */
    ObjectNode changed(Seen seen, ObjectNode object, Map<String, Object> values, Purse purse, Schemas schemas)
            throws Purse.NoValue {
        Object value = purse.evaluate(expression, values);
        try {
            return apply ? applied(seen, object, ResultTree.ofObject(value), schemas) : patched(object, value);
        } catch (ResultTree.Misplaced | ApiException e) {
            throw new Purse.NoValue(String.valueOf(e.getMessage()));
        }
    }

    private static ObjectNode patched(ObjectNode object, Object value) throws ResultTree.Misplaced, Purse.NoValue {
        if (JsonPatch.apply(object, ResultTree.of(value)) instanceof ObjectNode changed) {
            return changed;
        }
        throw new Purse.NoValue("the JSON patch leaves no object");
    }

    private static ObjectNode applied(Seen seen, ObjectNode object, JsonNode stated, Schemas schemas)
            throws Purse.NoValue {
        Gvk kind = seen.kind();
        Schema schema = schemas.of(kind)
                .orElseThrow(() ->
                        new Purse.NoValue("no schema is known of " + kind.apiVersion() + ", Kind=" + kind.kind()));
        if (stated instanceof ObjectNode configuration) {
            return StatedMerge.of(object, configuration, schema);
        }
        throw new Purse.NoValue("the configuration is no object");
    }
}
