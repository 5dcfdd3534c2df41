package io.vertikube.kubelet.volume;

import java.nio.file.Path;

/**
 * A volume that is there. Immutable.
 *
 * @param device whether it is a block device, for {@code volumeDevices}, instead of files, for {@code volumeMounts}
 * @param relabel whether its files may get the SELinux label of the container that mounts it: nobody else's are in it
 */
public record MountedVolume(Path path, boolean readOnly, boolean device, boolean relabel) {

    public MountedVolume(Path path, boolean readOnly) {
        this(path, readOnly, false, false);
    }

    /** A folder of this node's own. */
    static MountedVolume own(Path path, boolean readOnly) {
        return new MountedVolume(path, readOnly, false, true);
    }
}
