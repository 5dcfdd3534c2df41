package io.vertikube.apiserver.resource.events;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.util.List;

/** The rules of events in both groups. Pure. */
public final class EventStrategy implements Strategy {

    private static final List<String> CORE = List.of(
            "involvedObject.kind",
            "involvedObject.namespace",
            "involvedObject.name",
            "involvedObject.uid",
            "involvedObject.apiVersion",
            "involvedObject.resourceVersion",
            "involvedObject.fieldPath",
            "reason",
            "reportingComponent",
            "source",
            "type");

    private static final List<String> NEWER = List.of(
            "regarding.kind",
            "regarding.namespace",
            "regarding.name",
            "regarding.uid",
            "regarding.apiVersion",
            "regarding.resourceVersion",
            "regarding.fieldPath",
            "reason",
            "reportingController",
            "type");

    private final boolean core;

    /** @param core of the core group, else of {@code events.k8s.io} */
    public EventStrategy(boolean core) {
        this.core = core;
    }

    @Override
    public List<FieldError> validate(ObjectNode event) {
        var problems = new Problems();
        Place root = Place.root(event);
        Place about = root.get(root.has("regarding") ? "regarding" : "involvedObject");
        String namespace = root.get("metadata").text("namespace");
        String involved = about.text("namespace");
        boolean fits = involved.isEmpty()
                ? namespace.equals("default") || namespace.equals("kube-system")
                : involved.equals(namespace);
        if (!fits) {
            problems.invalid(about.get("namespace"), "does not match event.namespace");
        }
        return problems.list();
    }

    @Override
    public boolean allowCreateOnUpdate() {
        return true;
    }

    @Override
    public List<String> selectableFields() {
        return core ? CORE : NEWER;
    }
}
