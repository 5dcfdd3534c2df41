package io.vertikube.apiserver.resource.storage;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Strategy;
import io.vertikube.apiserver.resource.meta.CommonRules;
import io.vertikube.apiserver.resource.meta.Place;
import io.vertikube.apiserver.resource.meta.Problems;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.object.FieldError;
import io.vertikube.value.Names;
import java.util.List;
import java.util.Map;

/** The rules of volume attachments: what is attached where never changes. Pure. */
public final class VolumeAttachmentStrategy implements Strategy {

    private static final String ONE_SOURCE = "must specify exactly one of inlineVolumeSpec and persistentVolumeName";
    private static final int MAX_METADATA = 256 * 1024;
    private static final int MAX_ERROR = 1024;

    @Override
    public void prepareForCreate(ObjectNode attachment) {
        attachment.putObject("status").put("attached", false);
    }

    @Override
    public List<FieldError> validate(ObjectNode attachment) {
        var problems = new Problems();
        Place spec = Place.root(attachment).get("spec");
        CommonRules.driverName(spec.get("attacher"), problems);
        Place source = spec.get("source");
        Place volume = source.get("persistentVolumeName");
        boolean inline = source.has("inlineVolumeSpec");
        if (!inline && !volume.present()) {
            problems.required(source, ONE_SOURCE);
        } else if (inline && volume.present()) {
            problems.forbidden(source, ONE_SOURCE);
        } else if (!inline && volume.empty()) {
            problems.required(volume, "must specify non empty persistentVolumeName");
        }
        problems.check(spec.get("nodeName"), Names::dnsSubdomain);
        return problems.list();
    }

    @Override
    public List<FieldError> validateUpdate(ObjectNode attachment, ObjectNode old) {
        var problems = new Problems();
        problems.addAll(validate(attachment));
        if (!Trees.same(attachment, old, "spec")) {
            problems.invalid(Place.root(attachment).get("spec"), "field is immutable");
        }
        return problems.list();
    }

    @Override
    public List<FieldError> validateStatusUpdate(ObjectNode attachment, ObjectNode old) {
        var problems = new Problems();
        Place status = Place.root(attachment).get("status");
        long bytes = 0;
        for (Map.Entry<String, Place> entry :
                status.get("attachmentMetadata").entries().entrySet()) {
            bytes += entry.getKey().length() + entry.getValue().text().length();
        }
        if (bytes > MAX_METADATA) {
            problems.add(FieldError.tooLong("status.attachmentMetadata", MAX_METADATA));
        }
        for (String field : List.of("attachError", "detachError")) {
            CommonRules.maxBytes(status.get(field, "message"), MAX_ERROR, problems);
        }
        return problems.list();
    }
}
