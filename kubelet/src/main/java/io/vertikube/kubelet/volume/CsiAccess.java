package io.vertikube.kubelet.volume;

import io.vertikube.kubelet.csi.CsiMounts;

/** What volumes of CSI drivers need besides what all volumes need. Immutable; its parts are safe for any thread. */
public record CsiAccess(String node, CsiSource source, CsiMounts mounts, VolumeEvents events) {}
