package io.vertikube.controller.history;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.ControllerRevision;
import io.fabric8.kubernetes.api.model.apps.ControllerRevisionBuilder;
import io.vertikube.client.ApiClient;
import io.vertikube.client.TypedClient;
import io.vertikube.controller.workload.Fields;
import io.vertikube.controller.workload.Removal;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the ControllerRevisions of an owner. Blocks; safe for any thread but event loops. */
public final class History {
    private final TypedClient<ControllerRevision> client;

    /** The revision of a template, or a hash that another template already has. */
    public sealed interface Found {
        /** The template's revision, the newest of all. */
        record Revision(ControllerRevision revision) implements Found {}

        /** Another template has the name: count one collision more and come again. */
        record Collision() implements Found {}
    }

    public History(ApiClient client) {
        this.client = client.of(ControllerRevision.class);
    }

    /** Finds the revision of a template, makes it the newest if it is an older one, or creates it. */
    public Found ensure(
            HasMetadata owner,
            Gvk kind,
            PodTemplateSpec template,
            List<ControllerRevision> revisions,
            @Nullable Integer collisions) {
        long newest = revisions.stream()
                .mapToLong(revision -> Fields.number(revision.getRevision()))
                .max()
                .orElse(0);
        Optional<ControllerRevision> same = TemplateRevision.holding(template, revisions);
        if (same.isPresent()) {
            ControllerRevision revision = same.get();
            if (Fields.number(revision.getRevision()) == newest) {
                return new Found.Revision(revision);
            }
            return new Found.Revision(client.update(new ControllerRevisionBuilder(revision)
                    .withRevision(newest + 1)
                    .build()));
        }
        ControllerRevision wanted = TemplateRevision.of(owner, kind, template, newest + 1, collisions);
        try {
            return new Found.Revision(client.create(wanted));
        } catch (ApiException refused) {
            if (!refused.isAlreadyExists()) {
                throw refused;
            }
            ControllerRevision holder = client.get(
                    wanted.getMetadata().getNamespace(), wanted.getMetadata().getName());
            boolean ours =
                    TemplateRevision.template(holder).filter(template::equals).isPresent();
            return ours ? new Found.Revision(holder) : new Found.Collision();
        }
    }

    /** Deletes the oldest revisions that nothing uses, down to {@code limit} unused ones. */
    public void trim(List<ControllerRevision> revisions, Set<String> usedNames, int limit) {
        List<ControllerRevision> unused = revisions.stream()
                .filter(revision -> !usedNames.contains(revision.getMetadata().getName()))
                .sorted(TemplateRevision.OLDEST_FIRST)
                .toList();
        for (ControllerRevision revision : unused.subList(0, Math.max(0, unused.size() - limit))) {
            Removal.of(client, revision);
        }
    }
}
