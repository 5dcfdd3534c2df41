package io.vertikube.apiserver.resource.meta;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** The rules of {@code metadata}, the same for every kind ("ObjectMeta" in the API reference). Pure. */
public final class ObjectMetaRules {

    private static final List<String> NEVER_CHANGED =
            List.of("name", "namespace", "uid", "creationTimestamp", "deletionTimestamp", "deletionGracePeriodSeconds");

    private static final int MAX_ANNOTATION_BYTES = 256 * 1024;
    private static final Set<String> STANDARD_FINALIZERS = Set.of("foregroundDeletion", "orphan", "kubernetes");

    private ObjectMetaRules() {}

    public static List<FieldError> validate(ResourceType type, ObjectNode object) {
        var problems = new Problems();
        Place meta = Place.root(object).get("metadata");
        name(type, meta, problems);
        if (type.namespaced()) {
            if (problems.require(meta.get("namespace"), "")) {
                problems.check(meta.get("namespace"), Problems::dnsLabel);
            }
        } else if (!meta.get("namespace").empty()) {
            problems.forbidden(meta.get("namespace"), "not allowed on this type");
        }
        problems.notNegative(meta.get("generation"));
        labels(meta.get("labels"), problems);
        annotations(meta.get("annotations"), problems);
        owners(meta.get("ownerReferences"), problems);
        finalizers(meta.get("finalizers"), problems);
        return problems.list();
    }

    public static List<FieldError> validateUpdate(ResourceType type, ObjectNode object, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(type, object));
        Place meta = Place.root(object).get("metadata");
        Place before = Place.root(old).get("metadata");
        for (String field : NEVER_CHANGED) {
            problems.immutable(meta.get(field), before.get(field));
        }
        if (before.has("deletionTimestamp")) {
            var added = new ArrayList<>(meta.get("finalizers").texts());
            added.removeAll(before.get("finalizers").texts());
            if (!added.isEmpty()) {
                problems.forbidden(
                        meta.get("finalizers"),
                        "no new finalizers can be added if the object is being deleted, found new finalizers " + added);
            }
        }
        return problems.list();
    }

    /** Labels anywhere: keys and values. */
    public static void labels(Place labels, Problems problems) {
        for (Map.Entry<String, Place> label : labels.entries().entrySet()) {
            for (String sentence : Names.labelKey(label.getKey())) {
                problems.add(FieldError.invalid(labels.path(), label.getKey(), sentence));
            }
            for (String sentence : Names.labelValue(label.getValue().text())) {
                problems.add(FieldError.invalid(labels.path(), label.getValue().text(), sentence));
            }
        }
    }

    /** Annotations anywhere: keys, and the size of all together. */
    public static void annotations(Place annotations, Problems problems) {
        long bytes = 0;
        for (Map.Entry<String, Place> annotation : annotations.entries().entrySet()) {
            for (String sentence : Names.qualifiedName(annotation.getKey().toLowerCase(Locale.ROOT))) {
                problems.add(FieldError.invalid(annotations.path(), annotation.getKey(), sentence));
            }
            bytes +=
                    annotation.getKey().length() + annotation.getValue().text().getBytes(StandardCharsets.UTF_8).length;
        }
        if (bytes > MAX_ANNOTATION_BYTES) {
            problems.add(FieldError.tooLong(annotations.path(), MAX_ANNOTATION_BYTES));
        }
    }

    private static void name(ResourceType type, Place meta, Problems problems) {
        Place name = meta.get("name");
        Place prefix = meta.get("generateName");
        if (!prefix.empty() && name.empty()) {
            problems.invalid(prefix, KindNames.prefix(type, prefix.text()));
        } else if (problems.require(name, "name or generateName is required")) {
            problems.check(name, KindNames.rule(type));
        }
    }

    private static void owners(Place owners, Problems problems) {
        var controllers = new ArrayList<String>();
        for (Place owner : owners.items()) {
            // Kubernetes does not say which of them it is.
            for (String field : List.of("apiVersion", "kind", "name", "uid")) {
                if (owner.text(field).isEmpty()) {
                    String word = field.equals("apiVersion") ? "version" : field;
                    problems.add(FieldError.invalid(owners.path() + "." + field, "", word + " must not be empty"));
                }
            }
            if (owner.text("kind").equals("Event")) {
                problems.invalid(owners, owner.text("apiVersion") + ", Kind=Event is disallowed from being an owner");
            }
            if (owner.is("controller")) {
                controllers.add(owner.text("kind") + "/" + owner.text("name"));
            }
        }
        if (controllers.size() > 1) {
            problems.invalid(
                    owners,
                    "Only one reference can have Controller set to true. Found \"true\" in references for "
                            + String.join(" and ", controllers));
        }
    }

    private static void finalizers(Place finalizers, Problems problems) {
        for (Place finalizer : finalizers.items()) {
            Place shownAsList = finalizer.at(finalizers.path());
            List<String> wrong = Names.qualifiedName(finalizer.text());
            problems.invalid(shownAsList, wrong);
            if (wrong.isEmpty() && !finalizer.text().contains("/") && !STANDARD_FINALIZERS.contains(finalizer.text())) {
                problems.invalid(shownAsList, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
        List<String> names = finalizers.texts();
        if (names.contains("orphan") && names.contains("foregroundDeletion")) {
            problems.invalid(finalizers, "finalizer orphan and foregroundDeletion cannot be both set");
        }
    }
}
