package io.vertikube.apiserver.resource.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.meta.LabelSelectorRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;

/** The rules of how much a driver can still provision where: class and place never change. Pure. */
public final class StorageCapacityStrategy implements Strategy {

    @Override
    public List<FieldError> validate(ObjectNode capacity) {
        var problems = new Problems();
        Place root = Place.root(capacity);
        problems.check(root.get("storageClassName"), Names::dnsSubdomain);
        LabelSelectorRules.validate(root.get("nodeTopology"), problems);
        for (String field : List.of("capacity", "maximumVolumeSize")) {
            if (root.has(field)) {
                ResourceRules.notNegative(root.get(field), problems);
            }
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode capacity, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(capacity));
        for (String field : List.of("nodeTopology", "storageClassName")) {
            problems.immutable(Place.root(capacity).get(field), Place.root(old).get(field));
        }
        return problems.list();
    }
}
