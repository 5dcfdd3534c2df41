package io.vertikube.controller.attachdetach;

import io.fabric8.kubernetes.api.model.CSIPersistentVolumeSource;
import io.vertikube.value.CsiNames;

/** {@link CsiNames} of a PersistentVolume's source. Pure functions. */
final class AttachmentNames {

    private AttachmentNames() {}

    /** The VolumeAttachment of a volume on a node. */
    static String of(CSIPersistentVolumeSource csi, String node) {
        return CsiNames.attachment(csi.getDriver(), csi.getVolumeHandle(), node);
    }

    /** The volume in a Node's {@code status.volumesInUse} and {@code volumesAttached}. */
    static String unique(CSIPersistentVolumeSource csi) {
        return CsiNames.unique(csi.getDriver(), csi.getVolumeHandle());
    }
}
