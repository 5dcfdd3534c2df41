package io.vertikube.controller;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.client.ApiClient;
import io.vertikube.client.ListOptions;
import io.vertikube.client.TypedClient;
import io.vertikube.control.LeaderElector;
import io.vertikube.control.Leadership;
import io.vertikube.controller.node.NodeLifecycleReconciler;
import io.vertikube.object.ApiException;
import io.vertikube.object.ObjectKey;
import io.vertikube.service.Certificates;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** An API server, a controller-manager under its own identity, and kubelets that only pretend, in this JVM. */
final class TestCluster implements AutoCloseable {
    static final String CA = "-----BEGIN CERTIFICATE-----\nfor tests\n-----END CERTIFICATE-----\n";

    private final TestServer server = TestServer.start();
    private final ControllerManagerService controllers;
    private final PretendedKubelets kubelets;
    private final AtomicInteger namespaces = new AtomicInteger();

    /** What a user does. */
    final ApiClient client;

    TestCluster() {
        client = server.client();
        kubelets = new PretendedKubelets(client);
        var identity = server.as("system:kube-controller-manager").config();
        var authority = Certificates.create("tests", InstantSource.system()).authority();
        var timings = new LeaderElector.Timings(Duration.ofSeconds(15), Duration.ofSeconds(10), Duration.ofMillis(500));
        var options = ControllerManagerOptions.defaults(identity, "test")
                .withRootCa(CA)
                .withOwnAccounts(true)
                .withSigning(new ControllerManagerOptions.Signing(
                        authority.certificate(), authority.key(), Duration.ofDays(30)))
                .withNodeRanges(new ControllerManagerOptions.NodeRanges(true, List.of("10.42.0.0/16"), 24, 64))
                .withNodeMonitor(new NodeLifecycleReconciler.Timings(
                        Duration.ofMillis(200), Duration.ofSeconds(3), Duration.ofSeconds(3)))
                .withLeadership(new Leadership(true, "kube-system", "kube-controller-manager", "test", timings));
        controllers = ControllerManagerService.start(server.vertx(), options, new SimpleMeterRegistry());
        eventually().until(controllers::working);
    }

    static ConditionFactory eventually() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(25))
                .ignoreExceptionsInstanceOf(ApiException.class);
    }

    /** A namespace of its own for one test. */
    String namespace() {
        String name = "test-" + namespaces.incrementAndGet();
        client.of(io.fabric8.kubernetes.api.model.Namespace.class)
                .create(new NamespaceBuilder()
                        .withMetadata(new ObjectMetaBuilder().withName(name).build())
                        .build());
        return name;
    }

    <T extends HasMetadata> T create(Class<T> type, T object) {
        return client.of(type).create(object);
    }

    <T extends HasMetadata> T get(Class<T> type, String namespace, String name) {
        return client.of(type).get(namespace, name);
    }

    <T extends HasMetadata> List<T> list(Class<T> type, String namespace) {
        return client.of(type).list(namespace, ListOptions.all()).items();
    }

    List<Pod> pods(String namespace) {
        return list(Pod.class, namespace);
    }

    <T extends HasMetadata> boolean exists(Class<T> type, String namespace, String name) {
        return client.of(type).find(namespace, name).isPresent();
    }

    /** Changes an object as it is now, again if somebody else did meanwhile. */
    <T extends HasMetadata> void edit(Class<T> type, ObjectKey key, java.util.function.UnaryOperator<T> change) {
        TypedClient<T> objects = client.of(type);
        eventually().until(() -> {
            objects.update(change.apply(objects.get(key.namespace(), key.name())));
            return true;
        });
    }

    @Override
    public void close() {
        controllers.close();
        kubelets.close();
        server.close();
    }
}
