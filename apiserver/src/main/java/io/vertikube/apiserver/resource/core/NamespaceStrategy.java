package io.vertikube.apiserver.resource.core;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import java.util.Set;

/** The rules of namespaces, which end only when their finalizers in {@code spec} are gone. Pure. */
public final class NamespaceStrategy implements Strategy {

    private static final Set<String> FINALIZERS = Set.of("kubernetes", "orphan", "foregroundDeletion");
    private static final String NAME_LABEL = "kubernetes.io/metadata.name";

    @Override
    public void applyDefaults(ObjectNode namespace) {
        String name = Trees.text(namespace, "metadata", "name");
        if (!name.isEmpty()) {
            Trees.object(Trees.object(namespace, "metadata"), "labels").put(NAME_LABEL, name);
        }
    }

    @Override
    public void prepareForCreate(ObjectNode namespace) {
        applyDefaults(namespace);
        namespace.putObject("status").put("phase", "Active");
        ArrayNode finalizers = Trees.array(Trees.object(namespace, "spec"), "finalizers");
        if (!Trees.contains(finalizers, "kubernetes")) {
            finalizers.add("kubernetes");
        }
    }

    @Override
    public void prepareForUpdate(ObjectNode namespace, ObjectNode old) {
        Trees.keep(Trees.object(namespace, "spec"), Trees.object(old, "spec"), "finalizers");
    }

    @Override
    public List<FieldError> validate(ObjectNode namespace) {
        var problems = new Problems();
        for (Place finalizer : Place.root(namespace).get("spec").items("finalizers")) {
            Place shown = finalizer.at("spec.finalizers");
            List<String> wrong = Names.qualifiedName(finalizer.text());
            problems.invalid(shown, wrong);
            if (wrong.isEmpty() && !finalizer.text().contains("/") && !FINALIZERS.contains(finalizer.text())) {
                problems.invalid(shown, "name is neither a standard finalizer name nor is it fully qualified");
            }
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validatePartUpdate(String subresource, ObjectNode namespace, ObjectNode old) {
        return validate(namespace);
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode namespace, ObjectNode old) {
        var problems = new Problems();
        Place phase = Place.root(namespace).get("status", "phase");
        boolean leaving = namespace.path("metadata").hasNonNull("deletionTimestamp");
        if (!leaving && !phase.text().equals("Active")) {
            problems.invalid(phase, "may only be 'Active' if `deletionTimestamp` is empty");
        }
        if (leaving && !phase.text().equals("Terminating")) {
            problems.invalid(phase, "may only be 'Terminating' if `deletionTimestamp` is not empty");
        }
        return problems.list();
    }

    @Override
    public List<String> selectableFields() {
        return List.of("status.phase");
    }
}
