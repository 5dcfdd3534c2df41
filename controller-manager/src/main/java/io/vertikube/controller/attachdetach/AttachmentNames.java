package io.vertikube.controller.attachdetach;

import io.fabric8.kubernetes.api.model.CSIPersistentVolumeSource;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names that kubelets and attachers find a volume's attachment by. Pure functions. */
final class AttachmentNames {

    private AttachmentNames() {}

    /** The VolumeAttachment of a volume on a node. */
    static String of(CSIPersistentVolumeSource csi, String node) {
        return "csi-" + sha256(csi.getVolumeHandle() + csi.getDriver() + node);
    }

    /** The volume in a Node's {@code status.volumesInUse} and {@code volumesAttached}. */
    static String unique(CSIPersistentVolumeSource csi) {
        return "kubernetes.io/csi/" + csi.getDriver() + "^" + csi.getVolumeHandle();
    }

    private static String sha256(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
