package io.vertikube.kubelet.runtime;

import io.vertikube.kubelet.runtime.cri.CriRuntime;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The contract against a runtime that runs already: {@code -Dvertikube.runtime.endpoint=unix:///run/crio/crio.sock}, with an
 * image that it has or can pull and that has a shell, {@code -Dvertikube.runtime.image=docker.io/library/busybox:1}.
 */
@EnabledIfSystemProperty(
        named = "vertikube.runtime.endpoint",
        matches = ".+",
        disabledReason = "no runtime is named by -Dvertikube.runtime.endpoint")
class CriRuntimeAtEndpointTest extends ContainerRuntimeContract {

    @Override
    protected ContainerRuntime open() {
        return CriRuntime.open(System.getProperty("vertikube.runtime.endpoint", ""));
    }

    @Override
    protected String image() {
        return System.getProperty("vertikube.runtime.image", "docker.io/library/busybox:1");
    }
}
