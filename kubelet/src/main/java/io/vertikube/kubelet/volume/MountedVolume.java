package io.vertikube.kubelet.volume;

import java.nio.file.Path;

/** A volume that is there. Immutable. */
public record MountedVolume(Path path, boolean readOnly) {}
