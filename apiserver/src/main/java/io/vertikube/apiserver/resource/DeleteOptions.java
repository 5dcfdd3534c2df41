package io.vertikube.apiserver.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.front.Query;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.FieldError;
import io.vertikube.object.Gvk;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * How an object shall go ("DeleteOptions" in the API reference), from the body or from the URL. Immutable.
 *
 * @param propagation {@code Background}, {@code Foreground}, {@code Orphan}, or empty for what the object says
 * @param uid the object it must be; empty for any
 * @param resourceVersion the revision it must stand at; empty for any
 */
record DeleteOptions(
        OptionalLong gracePeriodSeconds, String propagation, String uid, String resourceVersion, boolean dryRun) {

    /** What a delete without a word means. */
    static final DeleteOptions NONE = new DeleteOptions(OptionalLong.empty(), "", "", "", false);

    private static final Gvk OPTIONS = new Gvk("meta.k8s.io", "v1", "DeleteOptions");
    private static final List<String> POLICIES = List.of("Foreground", "Background", "Orphan");

    static DeleteOptions of(Query query) {
        return checked(
                query.number("gracePeriodSeconds"),
                query.text("propagationPolicy"),
                query.has("orphanDependents") ? (query.flag("orphanDependents") ? "Orphan" : "Background") : "",
                "",
                "",
                query.all("dryRun"));
    }

    /** @param body the options' tree; parameters of the URL count where it is silent about dry runs */
    static DeleteOptions of(JsonNode body, Query query) {
        var dryRun = new ArrayList<String>();
        body.path("dryRun").forEach(value -> dryRun.add(value.asText()));
        dryRun.addAll(query.all("dryRun"));
        JsonNode orphan = body.path("orphanDependents");
        JsonNode grace = body.path("gracePeriodSeconds");
        return checked(
                grace.isNumber() ? OptionalLong.of(grace.asLong()) : query.number("gracePeriodSeconds"),
                body.path("propagationPolicy").asText(query.text("propagationPolicy")),
                orphan.isBoolean() ? (orphan.asBoolean() ? "Orphan" : "Background") : "",
                body.path("preconditions").path("uid").asText(""),
                body.path("preconditions").path("resourceVersion").asText(""),
                dryRun);
    }

    /** What was said, as fields of the options. */
    ObjectNode shown() {
        ObjectNode shown = JsonNodeFactory.instance.objectNode();
        gracePeriodSeconds.ifPresent(seconds -> shown.put("gracePeriodSeconds", seconds));
        if (!uid.isEmpty()) {
            shown.putObject("preconditions").put("uid", uid);
        }
        if (!resourceVersion.isEmpty()) {
            shown.withObject("/preconditions").put("resourceVersion", resourceVersion);
        }
        if (!propagation.isEmpty()) {
            shown.put("propagationPolicy", propagation);
        }
        if (dryRun) {
            shown.putArray("dryRun").add("All");
        }
        return shown;
    }

    private static DeleteOptions checked(
            OptionalLong grace, String policy, String orphan, String uid, String revision, List<String> dryRun) {
        List<FieldError> errors = new ArrayList<>();
        WriteOptions.dryRun(dryRun, errors);
        if (!policy.isEmpty() && !orphan.isEmpty()) {
            errors.add(FieldError.invalid(
                    "propagationPolicy", policy, "orphanDependents and deletionPropagation cannot be both set"));
        }
        if (!policy.isEmpty() && !POLICIES.contains(policy)) {
            errors.add(FieldError.notSupported("propagationPolicy", policy, POLICIES));
        }
        if (!errors.isEmpty()) {
            throw ApiErrors.invalid(OPTIONS, "", errors);
        }
        return new DeleteOptions(grace, policy.isEmpty() ? orphan : policy, uid, revision, !dryRun.isEmpty());
    }
}
