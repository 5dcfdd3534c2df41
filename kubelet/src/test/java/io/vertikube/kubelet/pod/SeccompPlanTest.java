package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.PodSecurityContext;
import io.fabric8.kubernetes.api.model.PodSecurityContextBuilder;
import io.fabric8.kubernetes.api.model.SecurityContext;
import io.fabric8.kubernetes.api.model.SecurityContextBuilder;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose seccomp profile counts, and the node's default where nobody has chosen one. */
class SeccompPlanTest {

    @ParameterizedTest
    @CsvSource({
        ",               ,               false, UNCONFINED",
        ",               ,               true,  RUNTIME_DEFAULT",
        "Unconfined,     ,               true,  UNCONFINED",
        ",               Unconfined,     true,  UNCONFINED",
        "RuntimeDefault, ,               false, RUNTIME_DEFAULT",
        "RuntimeDefault, Unconfined,     true,  UNCONFINED",
        "Unconfined,     RuntimeDefault, false, RUNTIME_DEFAULT",
    })
    void theContainersOwnThenItsPodsThenTheNodes(
            @Nullable String pod, @Nullable String own, boolean byDefault, String expected) {
        PodSecurityContext ofPod = pod == null
                ? new PodSecurityContext()
                : new PodSecurityContextBuilder()
                        .withNewSeccompProfile()
                        .withType(pod)
                        .endSeccompProfile()
                        .build();
        SecurityContext ofContainer = own == null
                ? new SecurityContext()
                : new SecurityContextBuilder()
                        .withNewSeccompProfile()
                        .withType(own)
                        .endSeccompProfile()
                        .build();
        assertThat(SecurityPlan.seccomp(ofPod, ofContainer, byDefault).type().name())
                .isEqualTo(expected);
    }
}
