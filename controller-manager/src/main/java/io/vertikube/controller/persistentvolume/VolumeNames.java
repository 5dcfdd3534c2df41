package io.vertikube.controller.persistentvolume;

/** The annotations by which binder, scheduler, provisioners and people tell each other about claims and volumes. */
public final class VolumeNames {

    /** On a claim: binding has been done, all of it. */
    public static final String BIND_COMPLETED = "pv.kubernetes.io/bind-completed";

    /** On a claim or volume: the other side was chosen here, not by a person. */
    public static final String BOUND_BY_CONTROLLER = "pv.kubernetes.io/bound-by-controller";

    /** On a claim: the node of the pod that will use it first. */
    public static final String SELECTED_NODE = "volume.kubernetes.io/selected-node";

    /** On a claim: who is to make a volume for it. */
    public static final String PROVISIONER = "volume.kubernetes.io/storage-provisioner";

    /** The same under its older name, which older provisioners look for. */
    public static final String PROVISIONER_BETA = "volume.beta.kubernetes.io/storage-provisioner";

    /** On a volume: who made it, and will destroy it. */
    public static final String PROVISIONED_BY = "pv.kubernetes.io/provisioned-by";

    private VolumeNames() {}
}
