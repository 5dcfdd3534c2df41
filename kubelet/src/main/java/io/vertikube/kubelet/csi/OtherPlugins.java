package io.vertikube.kubelet.csi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Who takes plugins of {@code plugins_registry} that are no storage drivers. Called from one thread. */
public interface OtherPlugins {

    /** Takes one; answers why not, if so. */
    Optional<String> add(String name, Path endpoint, List<String> versions);

    void remove(String name);
}
