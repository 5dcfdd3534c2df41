package io.vertikube.controller.attachdetach;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.kubernetes.api.model.AttachedVolume;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.storage.VolumeAttachment;
import io.vertikube.cache.Informer;
import io.vertikube.client.PatchType;
import io.vertikube.client.TypedClient;
import io.vertikube.control.Outcome;
import io.vertikube.control.Reconciler;
import io.vertikube.controller.frame.ControllerContext;
import io.vertikube.controller.workload.Fields;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertikube.object.ObjectKey;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/** Keeps {@code status.volumesAttached} of one Node in step with its attachments. Keys are nodes. */
final class VolumesAttachedReconciler implements Reconciler {
    private final Informer<Node> nodes;
    private final TypedClient<Node> client;
    private final Function<String, List<VolumeAttachment>> attachments;
    private final Function<ObjectKey, Optional<PersistentVolume>> volumes;

    VolumesAttachedReconciler(
            ControllerContext context,
            Function<String, List<VolumeAttachment>> attachments,
            Function<ObjectKey, Optional<PersistentVolume>> volumes) {
        this.nodes = context.informer(Node.class);
        this.client = context.client().of(Node.class);
        this.attachments = attachments;
        this.volumes = volumes;
    }

    @Override
    public Outcome reconcile(ObjectKey key) {
        Optional<Node> node = nodes.get(key);
        if (node.isEmpty()) {
            return Outcome.done();
        }
        var wanted = new TreeSet<String>();
        for (VolumeAttachment attachment : attachments.apply(key.name())) {
            String volume = attachment.getSpec().getSource().getPersistentVolumeName();
            if (volume != null
                    && attachment.getStatus() != null
                    && Boolean.TRUE.equals(attachment.getStatus().getAttached())) {
                volumes.apply(ObjectKey.cluster(volume))
                        .filter(found -> found.getSpec().getCsi() != null)
                        .ifPresent(found -> wanted.add(
                                AttachmentNames.unique(found.getSpec().getCsi())));
            }
        }
        var status = node.get().getStatus();
        var told = new TreeSet<String>();
        Fields.list(status == null ? null : status.getVolumesAttached()).stream()
                .map(AttachedVolume::getName)
                .forEach(told::add);
        if (!told.equals(wanted)) {
            write(key.name(), wanted);
        }
        return Outcome.done();
    }

    private void write(String node, Set<String> names) {
        ObjectNode patch = Json.object();
        ArrayNode list = patch.putObject("status").putArray("volumesAttached");
        names.forEach(name -> list.addObject().put("name", name).put("devicePath", ""));
        try {
            client.patch("", node, PatchType.MERGE, Json.bytes(patch), "status");
        } catch (ApiException gone) {
            if (!gone.isNotFound()) {
                throw gone;
            }
        }
    }
}
