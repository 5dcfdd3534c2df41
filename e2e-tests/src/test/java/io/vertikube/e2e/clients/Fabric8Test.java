package io.vertikube.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.ConfigMapList;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.GenericKubernetesResourceBuilder;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.dsl.base.ResourceDefinitionContext;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.fabric8.kubernetes.client.extended.leaderelection.LeaderElectionConfigBuilder;
import io.fabric8.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.SharedInformerFactory;
import io.vertikube.apiserver.testing.ApiServerTest;
import io.vertikube.apiserver.testing.As;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.apiserver.testing.TestUser;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Fabric8's client and the API itself: objects, patches, apply, lists, watches, informers, locks. */
@ApiServerTest
final class Fabric8Test {

    private static ConfigMap map(String name, String value) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withName(name)
                .addToLabels("app", "test")
                .endMetadata()
                .addToData("key", value)
                .build();
    }

    @Test
    void objectsAreMadeReadChangedAndDeleted(KubernetesClient client) {
        ConfigMap made = client.configMaps().resource(map("a", "1")).create();
        assertThat(made.getMetadata().getNamespace()).isEqualTo(client.getNamespace());
        client.configMaps()
                .withName("a")
                .edit(m -> new ConfigMapBuilder(m).addToData("more", "2").build());
        assertThat(client.configMaps().withName("a").get().getData()).containsEntry("more", "2");
        made.getData().put("key", "stale");
        made.getMetadata().setResourceVersion("1");
        assertThatThrownBy(() -> client.resource(made).update())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
        assertThatThrownBy(() -> client.resource(map("a", "1")).create())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getStatus().getReason()).isEqualTo("AlreadyExists"));
        assertThat(client.resource(map("b", "1")).createOr(r -> r.update()).getData())
                .containsEntry("key", "1");
        assertThat(client.resource(map("b", "2")).createOr(r -> r.update()).getData())
                .containsEntry("key", "2");
        assertThat(client.configMaps().withLabel("app", "test").delete()).hasSize(2);
        assertThat(client.configMaps().withName("a").get()).isNull();
    }

    @Test
    void everyKindOfPatchIsTaken(KubernetesClient client) {
        var a = client.configMaps().resource(map("a", "1"));
        a.create();
        a.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"data\":{\"key\":null,\"merged\":\"yes\"}}");
        a.patch(PatchContext.of(PatchType.STRATEGIC_MERGE), "{\"data\":{\"strategic\":\"yes\"}}");
        a.patch(PatchContext.of(PatchType.JSON), "[{\"op\":\"add\",\"path\":\"/data/json\",\"value\":\"yes\"}]");
        ConfigMap desired = client.configMaps().withName("a").get();
        desired.getData().put("diffed", "yes");
        client.resource(desired).patch();
        assertThat(client.configMaps().withName("a").get().getData())
                .containsOnlyKeys("merged", "strategic", "json", "diffed");
    }

    @Test
    void anApplyOwnsWhatItSaysAndAnotherMustForce(KubernetesClient client) {
        ConfigMap applied = client.configMaps()
                .resource(map("a", "1"))
                .fieldManager("first")
                .serverSideApply();
        assertThat(applied.getMetadata().getManagedFields())
                .singleElement()
                .satisfies(f -> assertThat(f.getManager()).isEqualTo("first"));
        assertThatThrownBy(() -> client.configMaps()
                        .resource(map("a", "2"))
                        .fieldManager("second")
                        .serverSideApply())
                .isInstanceOfSatisfying(KubernetesClientException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(409);
                    assertThat(e.getStatus().getDetails().getCauses())
                            .singleElement()
                            .satisfies(c -> assertThat(c.getField()).isEqualTo(".data.key"));
                });
        ConfigMap forced = client.configMaps()
                .resource(map("a", "2"))
                .fieldManager("second")
                .forceConflicts()
                .serverSideApply();
        assertThat(forced.getData()).containsEntry("key", "2");
    }

    /** As java-operator-sdk creates: a revision that no object has. */
    @Test
    void anApplyOfAnyRevisionCreatesAndNeverChanges(KubernetesClient client) {
        ConfigMap only = new ConfigMapBuilder(map("a", "1"))
                .editMetadata()
                .withResourceVersion("1")
                .endMetadata()
                .build();
        assertThat(client.resource(only)
                        .fieldManager("first")
                        .serverSideApply()
                        .getMetadata()
                        .getUid())
                .isNotBlank();
        assertThatThrownBy(() -> client.resource(only)
                        .fieldManager("second")
                        .forceConflicts()
                        .serverSideApply())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(409));
    }

    @Test
    void aDryRunChangesNothing(KubernetesClient client) {
        assertThat(client.configMaps()
                        .resource(map("a", "1"))
                        .dryRun()
                        .create()
                        .getMetadata()
                        .getUid())
                .isNotBlank();
        assertThat(client.configMaps().withName("a").get()).isNull();
    }

    @Test
    void listsComeInPagesOfOneRevision(KubernetesClient client) {
        for (int i = 0; i < 7; i++) {
            client.configMaps().resource(map("m" + i, "1")).create();
        }
        List<String> names = new ArrayList<>();
        ConfigMapList page = client.configMaps()
                .withLabel("app")
                .list(new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                        .withLimit(3L)
                        .build());
        String revision = page.getMetadata().getResourceVersion();
        assertThat(page.getMetadata().getContinue()).isNotBlank();
        client.configMaps().resource(map("m9", "too late")).create();
        while (true) {
            page.getItems().forEach(m -> names.add(m.getMetadata().getName()));
            assertThat(page.getMetadata().getResourceVersion()).isEqualTo(revision);
            String next = page.getMetadata().getContinue();
            if (next == null || next.isEmpty()) {
                break;
            }
            page = client.configMaps()
                    .withLabel("app")
                    .list(new io.fabric8.kubernetes.api.model.ListOptionsBuilder()
                            .withLimit(3L)
                            .withContinue(next)
                            .build());
        }
        assertThat(names).containsExactly("m0", "m1", "m2", "m3", "m4", "m5", "m6");
        assertThat(client.configMaps().withField("metadata.name", "m3").list().getItems())
                .hasSize(1);
    }

    @Test
    void aWatchGoesOnAfterItsConnectionBreaks(KubernetesClient client, TestServer server) {
        List<String> seen = new CopyOnWriteArrayList<>();
        try (var watch = client.configMaps().withLabel("app", "test").watch(new Watcher<>() {
            @Override
            public void eventReceived(Action action, ConfigMap map) {
                seen.add(action + " " + map.getMetadata().getName());
            }

            @Override
            public void onClose(WatcherException cause) {
                seen.add("closed");
            }
        })) {
            client.configMaps().resource(map("a", "1")).create();
            await().until(() -> seen.contains("ADDED a"));
            await().until(() -> server.faults().cutWatches() > 0);
            client.configMaps().resource(map("b", "1")).create();
            await().atMost(Duration.ofSeconds(20)).until(() -> seen.contains("ADDED b"));
            client.configMaps().withName("a").delete();
            await().until(() -> seen.contains("DELETED a"));
            assertThat(seen).doesNotContain("closed");
        }
    }

    @Test
    void informersFollowThroughARestart(KubernetesClient client, TestServer server) {
        SharedInformerFactory factory = client.informers();
        Set<String> names = ConcurrentHashMap.newKeySet();
        SharedIndexInformer<ConfigMap> informer = factory.sharedIndexInformerFor(ConfigMap.class, 0);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(ConfigMap added) {
                names.add(added.getMetadata().getName());
            }

            @Override
            public void onUpdate(ConfigMap before, ConfigMap now) {}

            @Override
            public void onDelete(ConfigMap gone, boolean unknown) {
                names.remove(gone.getMetadata().getName());
            }
        });
        factory.startAllRegisteredInformers();
        try {
            await().until(informer::hasSynced);
            client.configMaps().resource(map("before", "1")).create();
            await().until(() -> names.contains("before"));
            server.restart();
            client.configMaps().resource(map("after", "1")).create();
            await().atMost(Duration.ofSeconds(30)).until(() -> names.contains("after"));
            client.configMaps().withName("before").delete();
            await().atMost(Duration.ofSeconds(30)).until(() -> !names.contains("before"));
            assertThat(informer.getIndexer().list())
                    .anyMatch(m -> m.getMetadata().getName().equals("after"));
        } finally {
            factory.stopAllRegisteredInformers();
        }
    }

    @Test
    void conditionsAreWaitedFor(KubernetesClient client) throws Exception {
        var waiting = java.util.concurrent.CompletableFuture.supplyAsync(() -> client.configMaps()
                .withName("late")
                .waitUntilCondition(m -> m != null && "2".equals(m.getData().get("key")), 20, TimeUnit.SECONDS));
        client.configMaps().resource(map("late", "1")).create();
        client.configMaps()
                .withName("late")
                .edit(m -> new ConfigMapBuilder(m).addToData("key", "2").build());
        assertThat(waiting.get(20, TimeUnit.SECONDS).getData()).containsEntry("key", "2");
    }

    @Test
    void typesNeedNoClass(KubernetesClient client) {
        var context = new ResourceDefinitionContext.Builder()
                .withVersion("v1")
                .withKind("ConfigMap")
                .withPlural("configmaps")
                .withNamespaced(true)
                .build();
        GenericKubernetesResource made = client.genericKubernetesResources(context)
                .resource(new GenericKubernetesResourceBuilder()
                        .withApiVersion("v1")
                        .withKind("ConfigMap")
                        .withNewMetadata()
                        .withName("generic")
                        .endMetadata()
                        .addToAdditionalProperties("data", Map.of("a", "b"))
                        .build())
                .create();
        assertThat(made.<String>get("data", "a")).isEqualTo("b");
        assertThat(client.genericKubernetesResources("v1", "ConfigMap")
                        .withName("generic")
                        .get())
                .isNotNull();
        assertThat(client.getApiResources("apps/v1").getResources())
                .anyMatch(r -> r.getKind().equals("Deployment"));
        assertThat(client.hasApiGroup("apps", true)).isTrue();
        assertThat(client.getKubernetesVersion().getMajor()).isEqualTo("1");
    }

    @Test
    void tokensAreIssuedAndKnown(KubernetesClient client, TestServer server) {
        var answer = client.serviceAccounts()
                .withName("default")
                .tokenRequest(new TokenRequestBuilder()
                        .withNewSpec()
                        .withExpirationSeconds(600L)
                        .endSpec()
                        .build());
        assertThat(answer.getStatus().getToken()).isNotBlank();
        String account = "system:serviceaccount:" + client.getNamespace() + ":default";
        KubernetesClient asAccount =
                server.asServiceAccount(client.getNamespace(), "default").fabric8();
        assertThatThrownBy(() -> asAccount.configMaps().list()).hasMessageContaining(account);
    }

    @Test
    void rightsAreRbacs(KubernetesClient client, @As(value = "jane", groups = "devs") KubernetesClient jane) {
        assertThatThrownBy(() -> jane.pods().list())
                .isInstanceOfSatisfying(
                        KubernetesClientException.class,
                        e -> assertThat(e.getCode()).isEqualTo(403))
                .hasMessageContaining("User \"jane\" cannot list resource \"pods\"");
        client.rbac()
                .roleBindings()
                .resource(new io.fabric8.kubernetes.api.model.rbac.RoleBindingBuilder()
                        .withNewMetadata()
                        .withName("devs")
                        .endMetadata()
                        .addNewSubject("rbac.authorization.k8s.io", "Group", "devs", null)
                        .withNewRoleRef("rbac.authorization.k8s.io", "ClusterRole", "view")
                        .build())
                .create();
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(jane.pods().list().getItems()).isEmpty());
    }

    @Test
    void impersonationIsTheUsersOwn(TestUser admin) {
        Config config = io.vertikube.apiserver.testing.Fabric8.config(admin.config());
        config.setImpersonateUsername("john");
        try (KubernetesClient john =
                new KubernetesClientBuilder().withConfig(config).build()) {
            assertThatThrownBy(() -> john.secrets().list()).hasMessageContaining("User \"john\" cannot list");
        }
    }

    @Test
    void theKubeconfigTextIsReadByTheClient(TestUser admin) {
        try (KubernetesClient client = new KubernetesClientBuilder()
                .withConfig(Config.fromKubeconfig(admin.kubeconfig()))
                .build()) {
            assertThat(client.getNamespace()).isEqualTo(admin.namespace());
            assertThat(client.serviceAccounts().withName("default").get()).isNotNull();
        }
    }

    @Test
    void leadersAreElectedAndFollowed(KubernetesClient client) throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        var first = elect(client, "first", events);
        await().until(() -> events.contains("first leads"));
        var second = elect(client, "second", events);
        first.cancel(true);
        await().atMost(Duration.ofSeconds(30)).until(() -> events.contains("second leads"));
        second.cancel(true);
        await().atMost(Duration.ofSeconds(30)).until(() -> events.contains("second stops"));
        assertThat(events.indexOf("first stops")).isLessThan(events.indexOf("second leads"));
    }

    private static java.util.concurrent.CompletableFuture<?> elect(
            KubernetesClient client, String identity, List<String> events) {
        return client.leaderElector()
                .withConfig(new LeaderElectionConfigBuilder()
                        .withName("election")
                        .withLock(new LeaseLock(client.getNamespace(), "election", identity))
                        .withLeaseDuration(Duration.ofSeconds(3))
                        .withRenewDeadline(Duration.ofSeconds(2))
                        .withRetryPeriod(Duration.ofMillis(200))
                        .withReleaseOnCancel(true)
                        .withLeaderCallbacks(new LeaderCallbacks(
                                () -> events.add(identity + " leads"),
                                () -> events.add(identity + " stops"),
                                who -> {}))
                        .build())
                .build()
                .start();
    }

    @Test
    void aNamespaceIsFreshAndActive(KubernetesClient client) {
        assertThat(client.configMaps().list().getItems()).isEmpty();
        assertThat(client.namespaces()
                        .withName(client.getNamespace())
                        .get()
                        .getStatus()
                        .getPhase())
                .isEqualTo("Active");
    }
}
