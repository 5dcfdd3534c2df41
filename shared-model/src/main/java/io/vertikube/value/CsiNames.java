package io.vertikube.value;

/** Names by which kubelets, controllers and attachers find a volume of a CSI driver. Pure functions. */
public final class CsiNames {

    private CsiNames() {}

    /** The VolumeAttachment of a volume on a node. */
    public static String attachment(String driver, String handle, String node) {
        return "csi-" + Sha256.hex(handle + driver + node);
    }

    /** The handle of a volume that a pod brings along. */
    public static String inlineHandle(String podUid, String volume) {
        return "csi-" + Sha256.hex(podUid + volume);
    }

    /** The volume in a Node's {@code status.volumesInUse} and {@code volumesAttached}. */
    public static String unique(String driver, String handle) {
        return "kubernetes.io/csi/" + driver + "^" + handle;
    }
}
