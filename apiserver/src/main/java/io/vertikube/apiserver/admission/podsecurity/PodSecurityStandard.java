package io.vertikube.apiserver.admission.podsecurity;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Stream;

/** Asks a pod's metadata and spec what of them a level forbids. Pure. */
public final class PodSecurityStandard {

    private PodSecurityStandard() {}

    /** In the order in which Kubernetes names them; none if the pod is within the level. */
    public static List<Violation> violations(PodSecurityLevel level, JsonNode metadata, JsonNode spec) {
        return switch (level) {
            case PRIVILEGED -> List.of();
            case BASELINE -> BaselineChecks.all(metadata, spec, false).toList();
            case RESTRICTED ->
                Stream.concat(BaselineChecks.all(metadata, spec, true), RestrictedChecks.all(spec))
                        .toList();
        };
    }
}
