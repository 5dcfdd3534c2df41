package io.vertikube.apiserver.resource.batch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.PodTemplateRules;
import io.vertikube.apiserver.resource.core.pod.TemplateWarnings;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of jobs. Pure. */
public final class JobStrategy implements Strategy {

    private static final int MAX_INDEXED_PARALLELISM = 100_000;
    private static final int MAX_MANAGED_BY = 63;

    /** What Kueue and its like may change while a job is suspended and has not begun (KEP-2926). */
    private static final List<String> PLACEMENT = List.of("nodeSelector", "affinity", "tolerations", "schedulingGates");

    @Override
    public void applyDefaults(ObjectNode job) {
        Trees.find(job, "spec").ifPresent(spec -> {
            if (Trees.absent(spec, "completions") && Trees.absent(spec, "parallelism")) {
                spec.put("completions", 1);
            }
            Trees.setIfAbsent(spec, "parallelism", 1);
            boolean perIndex = spec.hasNonNull("backoffLimitPerIndex");
            Trees.setIfAbsent(spec, "backoffLimit", perIndex ? Integer.MAX_VALUE : 6);
            Trees.setIfAbsent(spec, "completionMode", "NonIndexed");
            Trees.setIfAbsent(spec, "suspend", false);
            Trees.setIfAbsent(spec, "manualSelector", false);
            if (!spec.path("manualSelector").asBoolean()) {
                spec.remove("manualSelector");
            }
            Trees.setIfAbsent(
                    spec,
                    "podReplacementPolicy",
                    spec.hasNonNull("podFailurePolicy") ? "Failed" : "TerminatingOrFailed");
            FailurePolicyRules.applyDefaults(spec);
            PodTemplateRules.applyDefaults(spec, "template");
        });
    }

    @Override
    public void prepareForCreate(ObjectNode job) {
        job.putObject("status");
        ObjectNode spec = Trees.object(job, "spec");
        String uid = Trees.text(job, "metadata", "uid");
        if (spec.path("manualSelector").asBoolean() || uid.isEmpty()) {
            return;
        }
        ObjectNode metadata = Trees.object(Trees.object(spec, "template"), "metadata");
        String name = Trees.text(job, "metadata", "name");
        for (ObjectNode labels :
                List.of(Trees.object(metadata, "labels"), Trees.object(Trees.object(job, "metadata"), "labels"))) {
            Trees.setIfAbsent(labels, "batch.kubernetes.io/controller-uid", uid);
            Trees.setIfAbsent(labels, "batch.kubernetes.io/job-name", name);
            Trees.setIfAbsent(labels, "controller-uid", uid);
            Trees.setIfAbsent(labels, "job-name", name);
        }
        if (Trees.absent(spec, "selector")) {
            spec.putObject("selector").putObject("matchLabels").put("batch.kubernetes.io/controller-uid", uid);
        }
    }

    @Override
    public List<FieldError> validate(ObjectNode job) {
        var problems = new Problems();
        problems.addAll(validateAnyTime(job));
        Place spec = Place.root(job).get("spec");
        long completions = spec.number("completions", 0);
        if (spec.text("completionMode").equals("Indexed") && completions > 0) {
            Place name = Place.root(job).get("metadata", "name");
            String last = name.text() + "-" + (completions - 1);
            if (!Names.dnsLabel(last).isEmpty()) {
                problems.invalid(name, "will not able to create pod with invalid DNS label: " + last);
            }
        }
        return problems.list();
    }

    private static List<FieldError> validateAnyTime(ObjectNode job) {
        var problems = new Problems();
        Place spec = Place.root(job).get("spec");
        validateSpec(spec, problems);
        if (!spec.has("selector")) {
            problems.required(spec.get("selector"));
        } else {
            LabelSelectorRules.matchesTemplate(
                    spec.get("selector"), spec.get("template", "metadata", "labels"), problems);
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode job, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validateAnyTime(job));
        Place spec = Place.root(job).get("spec");
        Place before = Place.root(old).get("spec");
        for (String field : List.of(
                "selector",
                "completionMode",
                "podFailurePolicy",
                "backoffLimitPerIndex",
                "managedBy",
                "successPolicy")) {
            problems.immutable(spec.get(field), before.get(field));
        }
        boolean elasticIndexed = before.text("completionMode").equals("Indexed")
                && spec.number("completions", -1) == spec.number("parallelism", -2);
        if (!elasticIndexed) {
            problems.immutable(spec.get("completions"), before.get("completions"));
        }
        problems.immutable(
                Place.of(unplaced(old, spec.get("template").node()), "spec.template"),
                Place.of(unplaced(old, before.get("template").node()), "spec.template"));
        return problems.list();
    }

    /** A template without what may still change, where anything may. */
    private static JsonNode unplaced(ObjectNode old, JsonNode template) {
        boolean waiting = old.path("spec").path("suspend").asBoolean()
                && !old.path("status").hasNonNull("startTime");
        if (!waiting || !(template instanceof ObjectNode tree)) {
            return template;
        }
        ObjectNode rest = tree.deepCopy();
        Trees.find(rest, "spec").ifPresent(spec -> spec.remove(PLACEMENT));
        Trees.find(rest, "metadata").ifPresent(metadata -> metadata.remove(List.of("annotations", "labels")));
        return rest;
    }

    /** What holds for a job's spec, also in a cron job's template. */
    static void validateSpec(Place spec, Problems problems) {
        for (String field : List.of(
                "parallelism",
                "completions",
                "activeDeadlineSeconds",
                "backoffLimit",
                "backoffLimitPerIndex",
                "maxFailedIndexes",
                "ttlSecondsAfterFinished")) {
            problems.notNegative(spec.get(field));
        }
        Place mode = spec.get("completionMode");
        problems.supportedIfAny(mode, List.of("Indexed", "NonIndexed"));
        if (mode.text().equals("Indexed")) {
            if (!spec.has("completions")) {
                problems.required(spec.get("completions"), "when completion mode is Indexed");
            }
            if (spec.number("parallelism", 0) > MAX_INDEXED_PARALLELISM) {
                problems.invalid(
                        spec.get("parallelism"),
                        "must be less than or equal to " + MAX_INDEXED_PARALLELISM
                                + " when completion mode is Indexed");
            }
        } else {
            for (String field : List.of("backoffLimitPerIndex", "maxFailedIndexes")) {
                if (spec.has(field)) {
                    problems.invalid(spec.get(field), "requires indexed completion mode");
                }
            }
        }
        perIndex(spec, problems);
        FailurePolicyRules.failure(spec, problems);
        FailurePolicyRules.success(spec, problems);
        if (spec.has("managedBy")) {
            CommonRules.domainPath(spec.get("managedBy"), problems);
            CommonRules.maxBytes(spec.get("managedBy"), MAX_MANAGED_BY, problems);
        }
        Place replacement = spec.get("podReplacementPolicy");
        if (spec.has("podFailurePolicy")) {
            problems.supportedIfAny(replacement, List.of("Failed"));
        } else {
            problems.supportedIfAny(replacement, List.of("Failed", "TerminatingOrFailed"));
        }
        Place template = spec.get("template");
        PodTemplateRules.validate(template, problems);
        Place restart = template.get("spec", "restartPolicy");
        switch (restart.text()) {
            case "OnFailure" -> {
                if (spec.has("podFailurePolicy")) {
                    problems.invalid(restart, "only \"Never\" is supported when podFailurePolicy is specified");
                }
            }
            case "Never" -> {
                // each failure is a new pod
            }
            case "", "Always" -> problems.required(restart, "valid values: \"OnFailure\", \"Never\"");
            default -> problems.supported(restart, List.of("OnFailure", "Never"));
        }
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode job, ObjectNode old) {
        var problems = new Problems();
        Place status = Place.root(job).get("status");
        for (String field : List.of("active", "succeeded", "failed", "ready", "terminating")) {
            problems.notNegative(status.get(field));
        }
        return problems.list();
    }

    /** Limits on failed indexes (KEP-3850). */
    private static void perIndex(Place spec, Problems problems) {
        Place failed = spec.get("maxFailedIndexes");
        if (!failed.present()) {
            return;
        }
        if (!spec.has("backoffLimitPerIndex")) {
            problems.required(spec.get("backoffLimitPerIndex"), "when maxFailedIndexes is specified");
        }
        if (spec.has("completions") && failed.number(0) > spec.number("completions", 0)) {
            problems.invalid(failed, "must be less than or equal to completions");
        }
        if (failed.number(0) > MAX_INDEXED_PARALLELISM) {
            problems.invalid(failed, "must be less than or equal to " + MAX_INDEXED_PARALLELISM);
        }
    }

    @Override
    public List<String> selectableFields() {
        return List.of("status.successful=0");
    }

    @Override
    public String unknownField(String field) {
        return "field label \"" + field + "\" not supported for Job";
    }

    @Override
    public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
        return TemplateWarnings.of(object, old, List.of("spec", "template"));
    }
}
