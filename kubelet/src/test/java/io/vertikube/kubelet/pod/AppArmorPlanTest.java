package io.vertikube.kubelet.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.kubelet.TestPods;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppArmorPlanTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{}                                                 | {}                                                  | {}                | none",
                "{appArmorProfile: {type: RuntimeDefault}}          | {}                                                  | {}                | RUNTIME_DEFAULT",
                "{appArmorProfile: {type: RuntimeDefault}}          | {appArmorProfile: {type: Unconfined}}               | {}                | UNCONFINED",
                "{}                                                 | {appArmorProfile: {type: Localhost, localhostProfile: k}} | {}          | LOCALHOST k",
                "{}                                                 | {}                                                  | localhost/old     | LOCALHOST old",
                "{appArmorProfile: {type: Unconfined}}              | {}                                                  | runtime/default   | RUNTIME_DEFAULT",
                "{}                                                 | {appArmorProfile: {type: RuntimeDefault}}           | unconfined        | RUNTIME_DEFAULT"
            })
    void whoseProfileCounts(String podContext, String ownContext, String annotation, String expected) {
        Pod pod = pod(podContext, ownContext, annotation);
        String found = AppArmorPlan.of(pod, pod.getSpec().getContainers().getFirst())
                .map(profile -> (profile.type() + " " + profile.path()).strip())
                .orElse("none");
        assertThat(found).isEqualTo(expected);
    }

    @Test
    void aMachineWithoutAppArmorRefusesWhatAsksForIt() {
        Pod asks = pod("{appArmorProfile: {type: RuntimeDefault}}", "{}", "{}");
        assertThat(AppArmorPlan.refuse(asks, true)).isEmpty();
        assertThat(AppArmorPlan.refuse(asks, false).orElseThrow().reason()).isEqualTo("AppArmor");
        assertThat(AppArmorPlan.refuse(asks, false).orElseThrow().message())
                .isEqualTo("Pod was rejected: Cannot enforce AppArmor: AppArmor is not enabled on the host");
        assertThat(AppArmorPlan.refuse(pod("{appArmorProfile: {type: Unconfined}}", "{}", "{}"), false))
                .isEmpty();
        assertThat(AppArmorPlan.refuse(pod("{}", "{}", "{}"), false)).isEmpty();
    }

    private static Pod pod(String podContext, String ownContext, String annotation) {
        String annotations = annotation.startsWith("{")
                ? "{}"
                : "{container.apparmor.security.beta.kubernetes.io/c: " + annotation + "}";
        return TestPods.parse("{metadata: {name: p, uid: u, annotations: " + annotations + "}, spec: {securityContext: "
                + podContext + ", containers: [{name: c, image: i, securityContext: " + ownContext + "}]}}");
    }
}
