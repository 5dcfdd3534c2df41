package io.vertikube.controller.configrollout;

import static io.vertikube.controller.Fixtures.yaml;
import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class ConfigPlanTest {
    private static final String WORKLOAD = """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: web, namespace: ns, annotations: {vertikube.io/roll-on-config-change: "true"}}
            spec:
              template:
                spec:
                  initContainers:
                  - {name: i, env: [{name: A, valueFrom: {secretKeyRef: {name: init, key: k}}}]}
                  containers:
                  - name: c
                    envFrom: [{configMapRef: {name: env}}, {secretRef: {name: maybe, optional: true}}]
                  volumes:
                  - {name: a, configMap: {name: files}}
                  - {name: b, projected: {sources: [{secret: {name: projected}}, {serviceAccountToken: {path: t}}]}}
            """;
    private static final String ALL =
            "configmap/env=1,configmap/files=1,secret/init=1,secret/maybe=absent," + "secret/projected=1";

    private final Map<String, String> digests = new HashMap<>(
            Map.of("configmap/env", "1", "configmap/files", "1", "secret/init", "1", "secret/projected", "1"));

    @Test
    void theFirstLookIsOnlyNoted() {
        assertThat(plan(null)).contains(new ConfigPlan(ALL, java.util.List.of()));
    }

    @Test
    void whatStandsIsLeftAlone() {
        assertThat(plan(ALL)).isEmpty();
    }

    @Test
    void aChangeRollsAndIsNamed() {
        digests.put("configmap/files", "2");
        digests.put("secret/maybe", "1");
        ConfigPlan plan = plan(ALL).orElseThrow();
        assertThat(plan.changed()).containsExactly("configmap/files", "secret/maybe");
        assertThat(plan(plan.seen())).isEmpty();
    }

    @Test
    void aTemplateThatReadsOtherThingsRollsByItself() {
        ConfigPlan plan = plan("configmap/env=0").orElseThrow();
        assertThat(plan.changed()).isEmpty();
        assertThat(plan.seen()).isEqualTo(ALL);
    }

    @Test
    void nothingRollsIntoAConfigurationThatIsMissing() {
        digests.put("configmap/files", "2");
        digests.remove("secret/init");
        assertThat(plan(ALL)).isEmpty();
    }

    @Test
    void onlyContentCounts() {
        ConfigMap one = yaml(ConfigMap.class, "{metadata: {name: a}, data: {k: v, l: w}}");
        ConfigMap same = yaml(ConfigMap.class, "{metadata: {name: a, labels: {x: y}}, data: {l: w, k: v}}");
        ConfigMap other = yaml(ConfigMap.class, "{metadata: {name: a}, data: {k: vl, '': w}}");
        assertThat(ConfigDigest.of(one)).isEqualTo(ConfigDigest.of(same)).isNotEqualTo(ConfigDigest.of(other));
    }

    private Optional<ConfigPlan> plan(@org.jspecify.annotations.Nullable String seen) {
        Deployment workload = yaml(Deployment.class, WORKLOAD);
        if (seen != null) {
            workload = new DeploymentBuilder(workload)
                    .editMetadata()
                    .addToAnnotations(ConfigPlan.SEEN, seen)
                    .endMetadata()
                    .build();
        }
        return ConfigPlan.of(
                workload,
                workload.getSpec().getTemplate(),
                reference -> Optional.ofNullable(digests.get(reference.toString())));
    }
}
