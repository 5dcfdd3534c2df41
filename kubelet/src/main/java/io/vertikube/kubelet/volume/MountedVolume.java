package io.vertikube.kubelet.volume;

import java.nio.file.Path;

/**
 * A volume that is there. Immutable.
 *
 * @param device whether it is a block device, for {@code volumeDevices}, instead of files, for {@code volumeMounts}
 */
public record MountedVolume(Path path, boolean readOnly, boolean device) {

    public MountedVolume(Path path, boolean readOnly) {
        this(path, readOnly, false);
    }
}
