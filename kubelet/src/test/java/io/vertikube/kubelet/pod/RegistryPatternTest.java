package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.kubelet.images.ImageName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which images an entry of a docker configuration is for. */
class RegistryPatternTest {

    @ParameterizedTest
    @CsvSource({
        "https://index.docker.io/v1/, busybox:1, true",
        "docker.io, team/web, true",
        "docker.io, docker.io/team/web, true",
        "docker.io, registry.example/web, false",
        "registry.example, registry.example/web@sha256:00, true",
        "https://registry.example/v2/, registry.example/web, true",
        "registry.example, registry.example:5000/web, false",
        "registry.example:5000, registry.example:5000/web:1, true",
        "localhost:5000, localhost:5000/web, true",
        "registry.example/team, registry.example/team/web:1, true",
        "registry.example/team, registry.example/web:1, false",
        "registry.example/team/web, registry.example/team/web:1, true",
        "registry.example/team/web:1, registry.example/team/web:1, false",
        "*.example, registry.example/web, true",
        "*.example, eu.registry.example/web, false",
        "*.registry.example/team, eu.registry.example/team/web, true",
        "eu-*.example, eu-1.example/web, true",
        "'*.*', registry.example/web, true",
        "registry+example, registry.example/web, false",
    })
    void entries(String key, String image, boolean matches) {
        assertThat(RegistryPattern.of(key).matches(ImageName.repository(image))).isEqualTo(matches);
    }
}
