package io.vertikube.apiserver.resource.core.pod;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Trees;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What surprises in a kind that makes pods: said when it is made, and when its template changes. Pure. */
public final class TemplateWarnings {

    private TemplateWarnings() {}

    /**
     * @param path the fields that lead to the template
     */
    public static List<String> of(ObjectNode object, @Nullable ObjectNode old, List<String> path) {
        Place root = Place.root(object);
        Place template = root;
        for (String field : path) {
            template = template.get(field);
        }
        var warnings = new ArrayList<String>();
        if (old == null) {
            warnings.addAll(PodWarnings.ofName(root, "Pod names and hostnames"));
        } else {
            JsonNode before = Trees.at(old, path.toArray(new String[0]));
            if (Trees.equal(template.node(), before)) {
                return List.of();
            }
        }
        warnings.addAll(PodWarnings.of(template));
        return warnings;
    }
}
