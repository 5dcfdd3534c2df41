package io.vertikube.kubelet.csi;

import io.vertikube.kubelet.csi.v1.NodeServiceCapability.RPC;
import io.vertikube.kubelet.csi.v1.VolumeCapability;
import io.vertikube.kubelet.csi.v1.VolumeCapability.AccessMode.Mode;
import java.util.List;

/** How a volume is to be used, in the driver's words. Pure functions. */
final class CsiCapability {

    private CsiCapability() {}

    static VolumeCapability of(CsiVolume volume, CsiDriver driver) {
        return of(volume, driver.can(RPC.Type.SINGLE_NODE_MULTI_WRITER), driver.can(RPC.Type.VOLUME_MOUNT_GROUP));
    }

    static VolumeCapability of(CsiVolume volume, boolean knowsSingleNodeModes, boolean mountsWithGroup) {
        var result = VolumeCapability.newBuilder()
                .setAccessMode(VolumeCapability.AccessMode.newBuilder()
                        .setMode(mode(volume.accessModes(), knowsSingleNodeModes)));
        if (volume.block()) {
            return result.setBlock(VolumeCapability.BlockVolume.getDefaultInstance())
                    .build();
        }
        var mount = VolumeCapability.MountVolume.newBuilder()
                .setFsType(volume.fsType())
                .addAllMountFlags(volume.mountOptions());
        if (mountsWithGroup && volume.group().isPresent()) {
            mount.setVolumeMountGroup(Long.toString(volume.group().getAsLong()));
        }
        return result.setMount(mount).build();
    }

    /** The widest of the volume's modes; drivers that know the newer modes are told whether one pod or one node writes. */
    static Mode mode(List<String> modes, boolean knowsSingleNodeModes) {
        if (modes.contains("ReadWriteMany")) {
            return Mode.MULTI_NODE_MULTI_WRITER;
        }
        boolean once = modes.contains("ReadWriteOnce");
        if (modes.contains("ReadOnlyMany")) {
            return once && knowsSingleNodeModes
                    ? Mode.SINGLE_NODE_MULTI_WRITER
                    : once ? Mode.SINGLE_NODE_WRITER : Mode.MULTI_NODE_READER_ONLY;
        }
        if (modes.contains("ReadWriteOncePod")) {
            return knowsSingleNodeModes ? Mode.SINGLE_NODE_SINGLE_WRITER : Mode.SINGLE_NODE_WRITER;
        }
        return knowsSingleNodeModes && once ? Mode.SINGLE_NODE_MULTI_WRITER : Mode.SINGLE_NODE_WRITER;
    }
}
