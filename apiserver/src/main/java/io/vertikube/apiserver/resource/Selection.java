package io.vertikube.apiserver.resource;

import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import io.vertikube.value.FieldRequirements;
import io.vertikube.value.Selector;
import io.vertikube.value.Selectors;
import java.util.List;
import java.util.Set;

/**
 * Which objects of a type a list or watch is about. Immutable.
 *
 * @param prefix where their keys begin
 * @param key the only key that can match, when the selector names one object; else empty
 */
record Selection(String prefix, String key, Selector labels, FieldRequirements fields) {

    private static final Set<String> EVERYWHERE = Set.of("metadata.name", "metadata.namespace");

    /** Reads {@code labelSelector} and {@code fieldSelector}; 400 for a selector or a field that is not supported. */
    static Selection of(ResourceType type, Strategy strategy, String namespace, Query query) {
        List<String> selectable = strategy.selectableFields();
        Selector labels;
        FieldRequirements fields;
        try {
            labels = Selectors.labels(query.text("labelSelector"));
            fields = Selectors.fields(query.text("fieldSelector"));
        } catch (IllegalArgumentException e) {
            throw ApiErrors.badRequest(String.valueOf(e.getMessage()));
        }
        String name = "";
        for (FieldRequirements.Requirement requirement : fields.requirements()) {
            String field = requirement.field();
            if (!EVERYWHERE.contains(field) && selectable.stream().noneMatch(s -> names(s, field))) {
                throw ApiErrors.badRequest(strategy.unknownField(field));
            }
            if (requirement.equal() && field.equals("metadata.name")) {
                name = requirement.value();
            }
        }
        String prefix = type.storagePrefix();
        boolean inNamespace = type.namespaced() && !namespace.isEmpty();
        if (inNamespace) {
            prefix += namespace + "/";
        }
        boolean oneKey = !name.isEmpty() && (inNamespace || !type.namespaced()) && name.indexOf('/') < 0;
        return new Selection(prefix, oneKey ? prefix + name : "", labels, fields);
    }

    /**
     * The same for a path that names one object, as the old paths of watches do; 400 if the selector speaks of another.
     *
     * @param name empty for any
     */
    Selection ofName(String name) {
        List<FieldRequirements.Requirement> terms = fields.requirements();
        if (name.isEmpty()
                || terms.stream().anyMatch(t -> isName(t) && t.value().equals(name))) {
            return this;
        }
        if (!terms.isEmpty()) {
            throw ApiErrors.badRequest("fieldSelector metadata.name doesn't match requested name");
        }
        return new Selection(prefix, key, labels, Selectors.fields("metadata.name=" + name));
    }

    private static boolean isName(FieldRequirements.Requirement term) {
        return term.equal() && term.field().equals("metadata.name");
    }

    /** A selectable field may carry the value that stands for its absence, {@code spec.unschedulable=false}. */
    private static boolean names(String selectable, String field) {
        return selectable.equals(field) || (selectable.startsWith(field) && selectable.charAt(field.length()) == '=');
    }

    boolean matches(StoredObject object) {
        return (key.isEmpty() || key.equals(object.key()))
                && labels.matches(object.labels())
                && fields.matches(object.fields());
    }

    /** Whether every object under the prefix is meant. */
    boolean isWhole() {
        return labels.matchesEverything() && fields.matchesEverything();
    }
}
