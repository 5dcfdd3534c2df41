package io.vertikube.controller.namespace;

import io.fabric8.kubernetes.api.model.NamespaceCondition;
import io.fabric8.kubernetes.api.model.NamespaceStatus;
import io.fabric8.kubernetes.api.model.NamespaceStatusBuilder;
import io.vertikube.controller.workload.Fields;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The status of a namespace that is being deleted: what its deletion waits for. Pure. */
final class NamespaceStatusPlan {
    private NamespaceStatusPlan() {}

    static NamespaceStatus of(@Nullable NamespaceStatus old, Remains remains, Instant now) {
        var conditions = new ArrayList<>(Fields.list(old == null ? null : old.getConditions()));
        set(
                conditions,
                now,
                "NamespaceDeletionDiscoveryFailure",
                remains.discoveryFailures().isEmpty()
                        ? null
                        : "Discovery failed for some groups, "
                                + remains.discoveryFailures().size()
                                + " failing: unable to retrieve the complete list of server APIs: "
                                + join(remains.discoveryFailures()),
                "DiscoveryFailed",
                "ResourcesDiscovered",
                "All resources successfully discovered");
        set(
                conditions,
                now,
                "NamespaceDeletionGroupVersionParsingFailure",
                null,
                "GroupVersionParsingFailed",
                "ParsedGroupVersions",
                "All legacy kube types successfully parsed");
        set(
                conditions,
                now,
                "NamespaceDeletionContentFailure",
                remains.deletionFailures().isEmpty()
                        ? null
                        : "Failed to delete all resource types, "
                                + remains.deletionFailures().size() + " remaining: "
                                + join(remains.deletionFailures()),
                "ContentDeletionFailed",
                "ContentDeleted",
                "All content successfully deleted, may be waiting on finalization");
        set(
                conditions,
                now,
                "NamespaceContentRemaining",
                remains.resources().isEmpty()
                        ? null
                        : "Some resources are remaining: "
                                + Remains.join(remains.resources(), " has ", " resource instances"),
                "SomeResourcesRemain",
                "ContentRemoved",
                "All content successfully removed");
        set(
                conditions,
                now,
                "NamespaceFinalizersRemaining",
                remains.finalizers().isEmpty()
                        ? null
                        : "Some content in the namespace has finalizers remaining: "
                                + Remains.join(remains.finalizers(), " in ", " resource instances"),
                "SomeFinalizersRemain",
                "ContentHasNoFinalizers",
                "All content-preserving finalizers finished");
        return new NamespaceStatusBuilder(old == null ? new NamespaceStatus() : old)
                .withPhase("Terminating")
                .withConditions(conditions)
                .build();
    }

    /** @param trouble what is wrong, null for nothing */
    private static void set(
            List<NamespaceCondition> conditions,
            Instant now,
            String type,
            @Nullable String trouble,
            String troubleReason,
            String fineReason,
            String fineMessage) {
        String status = trouble == null ? "False" : "True";
        var next = new NamespaceCondition(
                Fields.time(now),
                trouble == null ? fineMessage : trouble,
                trouble == null ? fineReason : troubleReason,
                status,
                type);
        for (int i = 0; i < conditions.size(); i++) {
            NamespaceCondition before = conditions.get(i);
            if (!type.equals(before.getType())) {
                continue;
            }
            if (status.equals(before.getStatus())) {
                next.setLastTransitionTime(before.getLastTransitionTime());
            }
            conditions.set(i, next);
            return;
        }
        conditions.add(next);
    }

    private static String join(Map<String, String> failures) {
        var parts = new StringBuilder();
        new TreeMap<>(failures)
                .forEach((name, why) -> parts.append(parts.isEmpty() ? "" : ", ")
                        .append(name)
                        .append(": ")
                        .append(why));
        return parts.toString();
    }
}
