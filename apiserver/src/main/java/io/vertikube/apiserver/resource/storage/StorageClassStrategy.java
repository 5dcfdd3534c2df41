package io.vertikube.apiserver.resource.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import java.util.Locale;

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
        for (String key : root.get("parameters").entries().keySet()) {
            if (key.isEmpty()) {
                problems.invalid(root.get("parameters"), "field can not be empty.");
            }
        }
        problems.supported(root.get("reclaimPolicy"), List.of("Delete", "Retain"));
        problems.supported(root.get("volumeBindingMode"), List.of("Immediate", "WaitForFirstConsumer"));
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
}
