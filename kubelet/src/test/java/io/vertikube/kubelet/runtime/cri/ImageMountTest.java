package io.vertikube.kubelet.runtime.cri;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.runtime.Mount;
import io.vertikube.kubelet.runtime.PlainPod;
import io.vertikube.kubelet.runtime.PodIdentity;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a runtime is told of a mounted image, by the public protocol's numbers. */
final class ImageMountTest {

    @Test
    void anImageIsNamedInsteadOfAPath() throws Exception {
        var pod = new PlainPod(new PodIdentity("n", "p", "u"), Path.of("/logs"), false);
        var config = pod.container(
                "main",
                0,
                "sha256:1",
                List.of("sleep"),
                List.of(
                        Mount.of("/files", new Mount.Files("sha256:2", "example.org/files:7", "sites/blue")),
                        Mount.own("/own", "/o", true),
                        Mount.of("/data", "/machine", false)));
        var mounts = ToCri.container(config).getMountsList();

        assertThat(mounts.getFirst().getImage().getImage()).isEqualTo("sha256:2");
        assertThat(mounts.getFirst().getImage().getUserSpecifiedImage()).isEqualTo("example.org/files:7");
        assertThat(mounts.getFirst().getImageSubPath()).isEqualTo("sites/blue");
        assertThat(mounts.getFirst().getReadonly()).isTrue();
        assertThat(mounts.getFirst().getHostPath()).isEmpty();
        assertThat(mounts.getLast().hasImage()).isFalse();
        assertThat(mounts)
                .extracting(io.vertikube.kubelet.cri.v1.Mount::getSelinuxRelabel)
                .containsExactly(false, true, false);
        assertThat(io.vertikube.kubelet.cri.v1.Mount.IMAGE_FIELD_NUMBER).isEqualTo(9);
        assertThat(io.vertikube.kubelet.cri.v1.Mount.IMAGE_SUB_PATH_FIELD_NUMBER)
                .isEqualTo(10);
    }
}
