package io.vertikube.apiserver.resource.node;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.core.pod.ResourceRules;
import io.vertikube.apiserver.resource.core.pod.SchedulingRules;
import io.vertikube.apiserver.resource.meta.ObjectMetaRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of runtime classes, whose handler never changes. Pure. */
public final class RuntimeClassStrategy implements Strategy {

    @Override
    public List<FieldError> validate(ObjectNode runtimeClass) {
        var problems = new Problems();
        Place root = Place.root(runtimeClass);
        problems.check(root.get("handler"), Problems::dnsLabel);
        ResourceRules.amounts(root.get("overhead", "podFixed"), problems);
        Place selector = root.get("scheduling", "nodeSelector");
        ObjectMetaRules.labels(selector, problems);
        SchedulingRules.tolerations(root.get("scheduling", "tolerations"), problems);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode runtimeClass, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(runtimeClass));
        problems.immutable(
                Place.root(runtimeClass).get("handler"), Place.root(old).get("handler"));
        return problems.list();
    }
}
