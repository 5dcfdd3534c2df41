package io.vertikube.controller;

import static io.vertikube.controller.TestCluster.eventually;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptions;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceQuota;
import io.fabric8.kubernetes.api.model.ResourceQuotaBuilder;
import io.vertikube.object.ApiException;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** Quotas against a real API server: what is deleted is given back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class QuotaClusterTest {
    private TestCluster cluster;

    @BeforeAll
    void start() {
        cluster = new TestCluster();
    }

    @AfterAll
    void stop() {
        cluster.close();
    }

    @Test
    void whatIsDeletedCanBeMadeAgain() {
        String ns = cluster.namespace();
        eventually().until(() -> cluster.exists(ConfigMap.class, ns, "kube-root-ca.crt"));
        cluster.create(
                ResourceQuota.class,
                new ResourceQuotaBuilder()
                        .withNewMetadata()
                        .withName("small")
                        .withNamespace(ns)
                        .endMetadata()
                        .withNewSpec()
                        .withHard(Map.of(
                                "pods", new Quantity("1"),
                                "requests.cpu", new Quantity("1"),
                                "configmaps", new Quantity("2")))
                        .endSpec()
                        .build());
        eventually().until(() -> used(ns, "configmaps").equals("1"));
        cluster.create(Pod.class, pod(ns, "a"));
        cluster.create(ConfigMap.class, map(ns, "x"));
        assertThatThrownBy(() -> cluster.create(Pod.class, pod(ns, "b")))
                .isInstanceOf(ApiException.class)
                .hasMessageContaining("exceeded quota: small, requested: pods=1,requests.cpu=700m, used: pods=1");
        assertThatThrownBy(() -> cluster.create(ConfigMap.class, map(ns, "y")))
                .hasMessageContaining("exceeded quota: small, requested: configmaps=1, used: configmaps=2");
        var now = new DeleteOptions();
        now.setGracePeriodSeconds(0L);
        cluster.client.of(Pod.class).delete(ns, "a", now);
        cluster.client.of(ConfigMap.class).delete(ns, "x");
        eventually()
                .until(() ->
                        used(ns, "pods").equals("0") && used(ns, "requests.cpu").equals("0"));
        cluster.create(Pod.class, pod(ns, "b"));
        eventually().until(() -> used(ns, "configmaps").equals("1"));
        cluster.create(ConfigMap.class, map(ns, "y"));
    }

    private String used(String ns, String name) {
        var status = cluster.get(ResourceQuota.class, ns, "small").getStatus();
        return status == null || status.getUsed() == null || !status.getUsed().containsKey(name)
                ? ""
                : status.getUsed().get(name).toString();
    }

    private static ConfigMap map(String ns, String name) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(ns)
                .endMetadata()
                .build();
    }

    private static Pod pod(String ns, String name) {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .withNamespace(ns)
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName("c")
                .withImage("i")
                .withNewResources()
                .addToRequests("cpu", new Quantity("700m"))
                .endResources()
                .endContainer()
                .endSpec()
                .build();
    }
}
