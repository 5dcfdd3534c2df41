package io.vertikube.controller.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Owners;
import io.vertikube.controller.workload.TemplateHash;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A pod template in a ControllerRevision, written as the strategic merge patch that {@code kubectl rollout undo} sends back. Pure.
 */
public final class TemplateRevision {
    /** The label that says of which revision a pod is. */
    public static final String HASH_LABEL = "controller-revision-hash";

    static final Comparator<ControllerRevision> OLDEST_FIRST = Comparator.comparingLong(
                    (ControllerRevision revision) -> Fields.number(revision.getRevision()))
            .thenComparing(revision -> Fields.text(revision.getMetadata().getCreationTimestamp()))
            .thenComparing(revision -> revision.getMetadata().getName());

    private TemplateRevision() {}

    static ControllerRevision of(
            HasMetadata owner, Gvk kind, PodTemplateSpec template, long number, @Nullable Integer collisions) {
        String hash = TemplateHash.of(template, collisions);
        Map<String, String> labels = new HashMap<>(
                template.getMetadata() == null
                        ? Map.of()
                        : Fields.map(template.getMetadata().getLabels()));
        labels.put(HASH_LABEL, hash);
        labels.put("controller.kubernetes.io/hash", hash);
        ObjectNode data = Json.object();
        ObjectNode patch = data.putObject("spec").putObject("template");
        patch.setAll((ObjectNode) Json.tree(Json.bytes(template)));
        patch.put("$patch", "replace");
        return new ControllerRevisionBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withName(owner.getMetadata().getName() + "-" + hash)
                        .withNamespace(owner.getMetadata().getNamespace())
                        .withLabels(labels)
                        .withAnnotations(Fields.map(owner.getMetadata().getAnnotations()).entrySet().stream()
                                .filter(a -> !a.getKey().startsWith("kubectl.kubernetes.io/last-applied"))
                                .collect(java.util.stream.Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)))
                        .withOwnerReferences(Owners.controllerReference(owner, kind))
                        .build())
                .withData(Json.mapper().convertValue(data, Map.class))
                .withRevision(number)
                .build();
    }

    /** The template that a revision holds; absent when it holds something else. */
    public static Optional<PodTemplateSpec> template(ControllerRevision revision) {
        if (revision.getData() == null) {
            return Optional.empty();
        }
        JsonNode template =
                Json.tree(Json.bytes(revision.getData())).path("spec").path("template");
        if (!(template instanceof ObjectNode fields)) {
            return Optional.empty();
        }
        fields.remove("$patch");
        return Optional.of(Json.fromTree(fields, PodTemplateSpec.class));
    }

    /** The newest revision that holds this template. */
    static Optional<ControllerRevision> holding(PodTemplateSpec template, List<ControllerRevision> revisions) {
        return revisions.stream()
                .filter(revision -> template(revision).filter(template::equals).isPresent())
                .max(OLDEST_FIRST);
    }

    /** The hash by which pods of a revision are labelled. */
    public static String hash(ControllerRevision revision) {
        return Fields.map(revision.getMetadata().getLabels())
                .getOrDefault(HASH_LABEL, revision.getMetadata().getName());
    }
}
