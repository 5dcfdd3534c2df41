package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import io.vertikube.kubelet.runtime.SelinuxOptions;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whose SELinux label a container gets. */
class SelinuxLabelTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                        | {}                                     | none",
                "{seLinuxOptions: {level: 's0:c1,c2'}}     | {}                                     | :::s0:c1,c2",
                "{seLinuxOptions: {user: u, level: s0}}    | {seLinuxOptions: {role: r, type: t}}   | :r:t:",
            })
    void theContainersOwnTakesThePlaceOfItsPods(String podContext, String ownContext, String expected) {
        Pod pod = TestPods.parse("{metadata: {name: p, uid: u}, spec: {securityContext: " + podContext
                + ", containers: [{name: c, image: i, securityContext: " + ownContext + "}]}}");
        var container = pod.getSpec().getContainers().getFirst();
        Optional<SelinuxOptions> label =
                SecurityPlan.selinux(pod.getSpec().getSecurityContext(), container.getSecurityContext());
        assertThat(label.map(each -> each.user() + ":" + each.role() + ":" + each.type() + ":" + each.level())
                        .orElse("none"))
                .isEqualTo(expected);
    }
}
