package io.vertikube.apiserver.apply;

import io.fabric8.kubernetes.api.model.StatusCause;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Says who stands in the way of an apply, and where. Safe for any thread. */
final class Conflicts {

    private Conflicts() {}

    /** 409 with a cause for each field; at least one manager with at least one field. */
    static ApiException refusal(Map<Managers.Id, FieldSet> conflicts) {
        List<StatusCause> causes = new ArrayList<>();
        List<String> lines = new ArrayList<>();
        conflicts.forEach((manager, fields) -> {
            lines.add("conflicts with " + manager.printed() + ":");
            for (String path : fields.paths()) {
                causes.add(new StatusCause(path, "conflict with " + manager.printed(), "FieldManagerConflict"));
                lines.add("- " + path);
            }
        });
        String message = causes.size() == 1
                ? "Apply failed with 1 conflict: " + causes.getFirst().getMessage() + ": "
                        + causes.getFirst().getField()
                : "Apply failed with " + causes.size() + " conflicts: " + String.join("\n", lines);
        var details = new StatusDetails();
        details.setCauses(causes);
        return ApiErrors.of(409, "Conflict", message, details);
    }
}
