package io.vertikube.value;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Names by which kubelets, controllers and attachers find a volume of a CSI driver. Pure functions. */
public final class CsiNames {

    private CsiNames() {}

    /** The VolumeAttachment of a volume on a node. */
    public static String attachment(String driver, String handle, String node) {
        return "csi-" + digest(handle + driver + node);
    }

    /** The handle of a volume that a pod brings along. */
    public static String inlineHandle(String podUid, String volume) {
        return "csi-" + digest(podUid + volume);
    }

    /** The volume in a Node's {@code status.volumesInUse} and {@code volumesAttached}. */
    public static String unique(String driver, String handle) {
        return "kubernetes.io/csi/" + driver + "^" + handle;
    }

    /** SHA-256 in lower-case hexadecimal digits. */
    public static String digest(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JVM has no SHA-256", e);
        }
    }
}
