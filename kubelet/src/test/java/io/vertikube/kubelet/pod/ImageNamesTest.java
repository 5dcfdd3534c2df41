package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageNamesTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "busybox",
                "busybox:1.36",
                "library/busybox",
                "registry.example:5000/a/b_c/d-e.f:v1.2-rc",
                "localhost/x",
                "127.0.0.1:5000/x:1",
                "[::1]:5000/x",
                "x@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "Host.example/x:UPPER"
            })
    void namesThatCanBePulled(String image) {
        assertThat(ImageNames.problem(image)).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x:", "a//b", "/x", "x:-1", "x y", "x@sha256:12", "-x", "https://host/x"})
    void namesThatCannot(String image) {
        assertThat(ImageNames.problem(image))
                .hasValueSatisfying(why -> assertThat(why).endsWith("\"" + image + "\": invalid reference format"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Busybox", "host:5000/Some/image"})
    void capitalsAreNamedAsTheReason(String image) {
        assertThat(ImageNames.problem(image))
                .hasValueSatisfying(why -> assertThat(why).contains("must be lowercase"));
    }
}
