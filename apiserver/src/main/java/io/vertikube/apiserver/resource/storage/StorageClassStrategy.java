package io.vertikube.apiserver.resource.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** The rules of storage classes: only labels and allowed expansion ever change. Pure. */
public final class StorageClassStrategy implements Strategy {

    @Override
    public void applyDefaults(ObjectNode storageClass) {
        Trees.setIfAbsent(storageClass, "reclaimPolicy", "Delete");
        Trees.setIfAbsent(storageClass, "volumeBindingMode", "Immediate");
    }

    @Override
    public List<FieldError> validate(ObjectNode storageClass) {
        var problems = new Problems();
        Place root = Place.root(storageClass);
        if (problems.require(root.get("provisioner"), "")) {
            problems.check(root.get("provisioner"), v -> Names.qualifiedName(v.toLowerCase(Locale.ROOT)));
        }
        VolumeAttributesClassStrategy.parameters(root.get("parameters"), true, problems);
        problems.supported(root.get("reclaimPolicy"), List.of("Delete", "Retain"));
        problems.supported(root.get("volumeBindingMode"), List.of("Immediate", "WaitForFirstConsumer"));
        topologies(root.get("allowedTopologies"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode storageClass, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(storageClass));
        for (String field : List.of("parameters", "provisioner", "reclaimPolicy")) {
            boolean bothEmpty =
                    storageClass.path(field).isEmpty() && old.path(field).isEmpty();
            boolean differs = !Trees.same(storageClass, old, field);
            if (differs && !(bothEmpty && field.equals("parameters"))) {
                problems.forbidden(Place.root(storageClass).get(field), "updates to " + field + " are forbidden.");
            }
        }
        problems.immutable(
                Place.root(storageClass).get("volumeBindingMode"),
                Place.root(old).get("volumeBindingMode"));
        return problems.list();
    }

    private static void topologies(Place topologies, Problems problems) {
        Set<String> seen = new HashSet<>();
        for (Place term : topologies.items()) {
            Set<String> keys = new HashSet<>();
            for (Place expression : term.items("matchLabelExpressions")) {
                if (expression.get("values").empty()) {
                    problems.required(expression.get("values"));
                }
                problems.unique(expression.items("values"));
                problems.check(expression.get("key"), Names::labelKey);
                if (!keys.add(expression.text("key"))) {
                    problems.duplicate(expression.get("key"));
                }
            }
            if (!seen.add(term.node().toString())) {
                problems.duplicate(term.at(term.path() + ".matchLabelExpressions"), "");
            }
        }
    }
}
