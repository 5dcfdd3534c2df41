package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.runtime.RuntimeVersion;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which runtimes mount images, and which mount parts of them. */
final class ImageVolumeSupportTest {

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({
        "containerd, 1.6.20~ds1,  false, false",
        "containerd, 1.7.28,      false, false",
        "containerd, v2.0.5,      false, false",
        "containerd, 2.1.0-rc.0,  true,  false",
        "containerd, v2.2.1,      true,  true",
        "containerd, 10.0.0,      true,  true",
        "cri-o,      1.30.4,      false, false",
        "cri-o,      1.32.0,      true,  false",
        "cri-o,      1.33.0,      true,  true",
        "another,    0.1,         true,  true",
        "containerd, development, true,  true"
    })
    void olderOnesAreRefused(String name, String version, boolean whole, boolean part) {
        var runtime = new RuntimeVersion(name, version);
        assertThat(ImageVolumeSupport.problem(runtime, false).isEmpty()).isEqualTo(whole);
        assertThat(ImageVolumeSupport.problem(runtime, true).isEmpty()).isEqualTo(part);
    }
}
