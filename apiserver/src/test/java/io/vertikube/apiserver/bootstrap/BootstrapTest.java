package io.vertikube.apiserver.bootstrap;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.admission.InMemory;
import io.vertikube.apiserver.admission.ServiceAddresses;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.authz.Attributes;
import io.vertikube.apiserver.authz.RbacAuthorizer;
import io.vertikube.apiserver.resource.Strategies;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.apiserver.storage.StoredObject;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.client.Pace;
import io.vertikube.object.Gvk;
import io.vertikube.value.Cidr;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every cluster has is there, stays there, and belongs to all servers. */
final class BootstrapTest {

    private static final BootstrapOptions FIRST = options("a", "10.0.0.1");

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private InMemory memory;

    @BeforeEach
    void start() {
        memory = new InMemory();
    }

    @AfterEach
    void stop() {
        memory.close();
    }

    private static BootstrapOptions options(String name, String address) {
        return new BootstrapOptions(name, address, 6443, Cidr.parse("10.96.0.0/16"), Map.of("client-ca-file", "PEM"));
    }

    private StoredObject get(String key) {
        return memory.storage.snapshot(Read.latest()).get(key).orElseThrow(() -> new AssertionError(key));
    }

    @Test
    void namespacesComeBeforeWhatLiesInThem() {
        new Bootstrap(memory.storage, now::get, FIRST).run();
        var all = memory.storage.snapshot(Read.latest()).under("/registry/").values();
        long lastNamespace = all.stream()
                .filter(stored -> stored.key().startsWith(Wanted.NAMESPACES))
                .mapToLong(StoredObject::revision)
                .max()
                .orElseThrow();
        assertTrue(all.stream()
                .filter(stored -> !stored.namespace().isEmpty())
                .allMatch(stored -> stored.revision() > lastNamespace));
    }

    @Test
    void everythingIsThereAndValid() {
        new Bootstrap(memory.storage, now::get, FIRST).run();
        get("/registry/core/namespaces/kube-node-lease");
        get("/registry/core/configmaps/kube-system/extension-apiserver-authentication");
        get("/registry/networking.k8s.io/servicecidrs/kubernetes");
        assertEquals(
                2_000_001_000,
                get("/registry/scheduling.k8s.io/priorityclasses/system-node-critical")
                        .tree()
                        .path("value")
                        .asInt());
        for (StoredObject stored :
                memory.storage.snapshot(Read.latest()).under("/registry/").values()) {
            ObjectNode tree = stored.tree();
            ResourceType type = Catalog.builtIn()
                    .require(Gvk.of(
                            tree.path("apiVersion").asText(), tree.path("kind").asText()));
            assertEquals(List.of(), Strategies.of(type).validate(tree), stored.key());
        }
    }

    @Test
    void doingItTwiceWritesNothing() {
        var bootstrap = new Bootstrap(memory.storage, now::get, FIRST);
        bootstrap.run();
        long before = memory.storage.snapshot(Read.latest()).revision();
        bootstrap.run();
        assertEquals(before, memory.storage.snapshot(Read.latest()).revision());
    }

    @Test
    void whatWasTakenAwayComesBackAndWhatWasAddedStays() {
        var bootstrap = new Bootstrap(memory.storage, now::get, FIRST);
        bootstrap.run();
        StoredObject role = get("/registry/rbac.authorization.k8s.io/clusterroles/system:basic-user");
        ObjectNode tree = role.tree();
        var rules = Trees.array(tree, "rules");
        rules.remove(0);
        rules.addObject().putArray("verbs").add("get");
        memory.storage.update(role.key(), role.revision(), tree);
        bootstrap.run();
        ObjectNode mended = get(role.key()).tree();
        assertEquals(3, mended.path("rules").size());
        Trees.object(Trees.object(mended, "metadata"), "annotations")
                .put("rbac.authorization.kubernetes.io/autoupdate", "false");
        Trees.array(mended, "rules").removeAll();
        memory.storage.update(role.key(), get(role.key()).revision(), mended);
        bootstrap.run();
        assertTrue(get(role.key()).tree().path("rules").isEmpty());
    }

    @Test
    void whatIsDeletedWhileAServerRunsComesBack() {
        var bootstrap = new Bootstrap(memory.storage, now::get, FIRST);
        bootstrap.run();
        List<String> keys = List.of(
                "/registry/flowcontrol.apiserver.k8s.io/flowschemas/catch-all",
                "/registry/core/namespaces/kube-node-lease",
                "/registry/rbac.authorization.k8s.io/clusterrolebindings/system:basic-user");
        var round = new Upkeep.Task("defaults", 1, bootstrap::run);
        try (var upkeep = new Upkeep(Pace.ofMachine(), Duration.ofMillis(5), List.of(round), (name, e) -> {})) {
            upkeep.start();
            for (String key : keys) {
                memory.storage.delete(key, get(key).revision());
            }
            await().untilAsserted(() -> keys.forEach(this::get));
        }
    }

    @Test
    void aTaskThatFailsIsToldAndTriedAgain() {
        var told = new ConcurrentLinkedQueue<String>();
        var others = new AtomicInteger();
        var failing = new Upkeep.Task("failing", 1, () -> {
            throw new IllegalStateException("no");
        });
        var counting = new Upkeep.Task("counting", 2, others::incrementAndGet);
        try (var upkeep = new Upkeep(
                Pace.ofMachine(),
                Duration.ofMillis(5),
                List.of(failing, counting),
                (name, e) -> told.add(name + ": " + e.getMessage()))) {
            upkeep.start();
            await().until(() -> told.size() >= 3 && others.get() >= 1);
        }
        assertEquals("failing: no", told.peek());
        assertTrue(others.get() <= told.size() / 2);
    }

    @Test
    void theServicesOfTheClusterMayDoTheirWork() {
        new Bootstrap(memory.storage, now::get, FIRST).run();
        memory.storage.snapshot(Read.latest()); // The authorizer reads what the cache has heard of.
        var rbac = new RbacAuthorizer(memory.storage);
        UserInfo controllers = UserInfo.of("system:kube-controller-manager", "system:authenticated");
        UserInfo scheduler = UserInfo.of("system:kube-scheduler", "system:authenticated");
        UserInfo proxy = UserInfo.of("system:kube-proxy", "system:authenticated");
        record Need(UserInfo user, String verb, String group, String resource, String sub) {}
        for (Need need : List.of(
                new Need(controllers, "create", "", "pods", ""),
                new Need(controllers, "create", "apps", "replicasets", ""),
                new Need(controllers, "update", "apps", "deployments", "status"),
                new Need(controllers, "create", "discovery.k8s.io", "endpointslices", ""),
                new Need(controllers, "create", "", "configmaps", ""),
                new Need(controllers, "create", "", "serviceaccounts", ""),
                new Need(controllers, "update", "", "namespaces", "finalize"),
                new Need(controllers, "patch", "", "nodes", "status"),
                new Need(controllers, "create", "coordination.k8s.io", "leases", ""),
                new Need(controllers, "watch", "", "pods", ""),
                new Need(scheduler, "create", "", "pods", "binding"),
                new Need(scheduler, "watch", "scheduling.k8s.io", "priorityclasses", ""),
                new Need(scheduler, "update", "coordination.k8s.io", "leases", ""),
                new Need(proxy, "watch", "", "pods", ""),
                new Need(proxy, "watch", "discovery.k8s.io", "endpointslices", ""))) {
            Attributes asked = Attributes.resource(
                            need.user, need.verb, need.group, "v1", need.resource, "kube-system", "x")
                    .withSubresource(need.sub);
            assertTrue(rbac.authorize(asked).allowed(), need.toString());
        }
        assertFalse(rbac.authorize(Attributes.resource(proxy, "get", "", "v1", "secrets", "x", "y"))
                .allowed());
    }

    @Test
    void theServiceLeadsToEveryServerThatIsAlive() {
        var addresses =
                new ServiceAddresses(memory.storage, FIRST.serviceRange(), new Random(1), InstantSource.system());
        try (var one = new KubernetesService(memory.storage, addresses, FIRST, now::get, e -> {});
                var two =
                        new KubernetesService(memory.storage, addresses, options("b", "10.0.0.2"), now::get, e -> {})) {
            one.round();
            two.round();
            assertEquals(
                    "10.96.0.1",
                    Trees.text(get("/registry/core/services/default/kubernetes").tree(), "spec", "clusterIP"));
            get("/registry/networking.k8s.io/ipaddresses/10.96.0.1");
            assertEquals("[\"10.0.0.1\",\"10.0.0.2\"]", alive());
            two.close();
            assertEquals("[\"10.0.0.1\"]", alive());
        }
    }

    @Test
    void aServerThatDiedIsLeftOut() {
        var addresses =
                new ServiceAddresses(memory.storage, FIRST.serviceRange(), new Random(1), InstantSource.system());
        var dead = new KubernetesService(memory.storage, addresses, options("b", "10.0.0.2"), now::get, e -> {});
        dead.round();
        now.updateAndGet(t -> t.plus(Duration.ofSeconds(20)));
        try (var one = new KubernetesService(memory.storage, addresses, FIRST, now::get, e -> {})) {
            one.round();
            assertEquals("[\"10.0.0.1\"]", alive());
        }
        dead.close();
    }

    private String alive() {
        var list = Trees.newObject().arrayNode();
        get("/registry/discovery.k8s.io/endpointslices/default/kubernetes")
                .tree()
                .path("endpoints")
                .forEach(e -> list.add(e.path("addresses").get(0)));
        return list.toString();
    }
}
