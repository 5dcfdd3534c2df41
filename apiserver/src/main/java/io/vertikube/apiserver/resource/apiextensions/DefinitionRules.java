package io.vertikube.apiserver.resource.apiextensions;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.object.FieldError;
import java.net.URI;
import java.util.List;

/** Facts about definitions that both their rules and their conditions need. Pure. */
public final class DefinitionRules {

    /** What a definition in a protected group says about its approval. */
    public enum Approval {
        APPROVED,
        BYPASSED,
        MISSING,
        INVALID
    }

    private DefinitionRules() {}

    /** Groups that belong to the Kubernetes community. */
    public static boolean isProtected(String group) {
        return group.equals("k8s.io")
                || group.endsWith(".k8s.io")
                || group.equals("kubernetes.io")
                || group.endsWith(".kubernetes.io");
    }

    /** Reads the annotation {@code api-approved.kubernetes.io}. */
    public static Approval approval(String annotation) {
        if (annotation.isEmpty()) {
            return Approval.MISSING;
        }
        if (annotation.startsWith("unapproved")) {
            return Approval.BYPASSED;
        }
        try {
            URI uri = URI.create(annotation);
            return uri.getScheme() != null && uri.getHost() != null ? Approval.APPROVED : Approval.INVALID;
        } catch (IllegalArgumentException e) {
            return Approval.INVALID;
        }
    }

    /** What keeps the definition's schemas from being structural. */
    public static List<FieldError> structuralProblems(ObjectNode definition) {
        var problems = new Problems();
        VersionRules.eachSchema(Place.root(definition).get("spec"), schema -> StructuralRules.check(schema, problems));
        return problems.list();
    }
}
