package io.vertikube.e2e.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.ProtoClient;
import io.kubernetes.client.custom.V1Patch;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.SharedInformerFactory;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.apis.CoreV1Api;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1ConfigMapList;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.PatchUtils;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.generic.GenericKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesObject;
import io.kubernetes.client.util.generic.options.ListOptions;
import io.vertikube.apiserver.testing.ApiServerTest;
import io.vertikube.apiserver.testing.TestServer;
import io.vertikube.apiserver.testing.TestUser;
import java.io.IOException;
import java.io.StringReader;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The official Java client, over JSON and over protobuf. */
@ApiServerTest
final class OfficialClientTest {

    private ApiClient client;
    private CoreV1Api core;
    private String namespace;

    @BeforeEach
    void connect(TestUser admin) throws IOException {
        client = Config.fromConfig(new StringReader(admin.kubeconfig()));
        core = new CoreV1Api(client);
        namespace = admin.namespace();
    }

    private static V1ConfigMap map(String name, String value) {
        return new V1ConfigMap()
                .metadata(new V1ObjectMeta().name(name).putLabelsItem("app", "test"))
                .putDataItem("key", value);
    }

    @Test
    void objectsAreMadeReadChangedAndDeleted() throws ApiException {
        V1ConfigMap made =
                core.createNamespacedConfigMap(namespace, map("a", "1")).execute();
        assertThat(made.getMetadata().getUid()).isNotBlank();
        core.replaceNamespacedConfigMap("a", namespace, made.putDataItem("key", "2"))
                .execute();
        assertThatThrownBy(() -> core.replaceNamespacedConfigMap("a", namespace, made.putDataItem("key", "3"))
                        .execute())
                .isInstanceOfSatisfying(ApiException.class, e -> {
                    assertThat(e.getCode()).isEqualTo(409);
                    assertThat(e.getResponseBody()).contains("\"reason\":\"Conflict\"");
                });
        assertThat(core.listNamespacedConfigMap(namespace)
                        .labelSelector("app=test")
                        .execute()
                        .getItems())
                .hasSize(1);
        core.deleteNamespacedConfigMap("a", namespace).execute();
        assertThatThrownBy(() -> core.readNamespacedConfigMap("a", namespace).execute())
                .isInstanceOfSatisfying(
                        ApiException.class, e -> assertThat(e.getCode()).isEqualTo(404));
    }

    @Test
    void everyKindOfPatchIsTaken() throws ApiException {
        core.createNamespacedConfigMap(namespace, map("a", "1")).execute();
        patch(V1Patch.PATCH_FORMAT_JSON_PATCH, "[{\"op\":\"add\",\"path\":\"/data/json\",\"value\":\"yes\"}]");
        patch(V1Patch.PATCH_FORMAT_JSON_MERGE_PATCH, "{\"data\":{\"merged\":\"yes\"}}");
        patch(V1Patch.PATCH_FORMAT_STRATEGIC_MERGE_PATCH, "{\"data\":{\"strategic\":\"yes\"}}");
        V1ConfigMap applied = PatchUtils.patch(
                V1ConfigMap.class,
                () -> core.patchNamespacedConfigMap(
                                "a",
                                namespace,
                                new V1Patch(
                                        "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"},"
                                                + "\"data\":{\"applied\":\"yes\"}}"))
                        .fieldManager("me")
                        .force(true)
                        .buildCall(null),
                V1Patch.PATCH_FORMAT_APPLY_YAML,
                client);
        assertThat(applied.getData()).containsKeys("json", "merged", "strategic", "applied");
    }

    private void patch(String format, String body) throws ApiException {
        PatchUtils.patch(
                V1ConfigMap.class,
                () -> core.patchNamespacedConfigMap("a", namespace, new V1Patch(body))
                        .buildCall(null),
                format,
                client);
    }

    @Test
    void aWatchTellsWhatHappens(TestUser admin) throws Exception {
        ApiClient patient = Config.fromConfig(new StringReader(admin.kubeconfig()));
        patient.setReadTimeout(0);
        try (Watch<V1ConfigMap> watch = Watch.createWatch(
                patient,
                new CoreV1Api(patient)
                        .listNamespacedConfigMap(namespace)
                        .watch(true)
                        .buildCall(null),
                new TypeToken<Watch.Response<V1ConfigMap>>() {}.getType())) {
            core.createNamespacedConfigMap(namespace, map("a", "1")).execute();
            Watch.Response<V1ConfigMap> added = watch.next();
            assertThat(added.type).isEqualTo("ADDED");
            assertThat(added.object.getMetadata().getName()).isEqualTo("a");
        }
    }

    @Test
    void informersFollowThroughABreak(TestServer server) throws Exception {
        client.setReadTimeout(0);
        var factory = new SharedInformerFactory(client);
        Set<String> names = ConcurrentHashMap.newKeySet();
        var informer = factory.sharedIndexInformerFor(
                new GenericKubernetesApi<>(V1ConfigMap.class, V1ConfigMapList.class, "", "v1", "configmaps", client),
                V1ConfigMap.class,
                0,
                namespace);
        informer.addEventHandler(new ResourceEventHandler<>() {
            @Override
            public void onAdd(V1ConfigMap added) {
                names.add(added.getMetadata().getName());
            }

            @Override
            public void onUpdate(V1ConfigMap before, V1ConfigMap now) {}

            @Override
            public void onDelete(V1ConfigMap gone, boolean unknown) {
                names.remove(gone.getMetadata().getName());
            }
        });
        factory.startAllRegisteredInformers();
        try {
            await().atMost(Duration.ofSeconds(20)).until(informer::hasSynced);
            core.createNamespacedConfigMap(namespace, map("a", "1")).execute();
            await().atMost(Duration.ofSeconds(20)).until(() -> names.contains("a"));
            server.faults().cutWatches();
            core.deleteNamespacedConfigMap("a", namespace).execute();
            await().atMost(Duration.ofSeconds(30)).until(names::isEmpty);
        } finally {
            factory.stopAllRegisteredInformers(true);
        }
    }

    @Test
    void typesNeedNoClass() {
        var maps = new DynamicKubernetesApi("", "v1", "configmaps", client);
        var object = new DynamicKubernetesObject();
        object.setApiVersion("v1");
        object.setKind("ConfigMap");
        object.setMetadata(new V1ObjectMeta().namespace(namespace).name("dynamic"));
        assertThat(maps.create(object).isSuccess()).isTrue();
        assertThat(maps.get(namespace, "dynamic").getObject().getMetadata().getUid())
                .isNotBlank();
        assertThat(maps.get(namespace, "nobody").getHttpStatusCode()).isEqualTo(404);
        assertThat(maps.get(namespace, "nobody").getStatus().getReason()).isEqualTo("NotFound");
        assertThat(maps.list(namespace, new ListOptions()).getObject().getItems())
                .anyMatch(m -> m.getMetadata().getName().equals("dynamic"));
        assertThat(maps.delete(namespace, "dynamic").isSuccess()).isTrue();
    }

    @Test
    void protobufIsSpokenBothWays() throws Exception {
        var proto = new ProtoClient(client);
        String path = "/api/v1/namespaces/" + namespace + "/configmaps";
        V1.ConfigMap wanted = V1.ConfigMap.newBuilder()
                .setMetadata(Meta.ObjectMeta.newBuilder().setName("proto").setNamespace(namespace))
                .putData("key", "value")
                .build();
        var made = proto.create(wanted, path, "v1", "ConfigMap");
        assertThat(made.status).isNull();
        assertThat(made.object.getMetadata().getUid()).isNotBlank();
        var read = proto.<V1.ConfigMap>get(V1.ConfigMap.newBuilder(), path + "/proto");
        assertThat(read.object.getDataMap()).containsEntry("key", "value");
        var list = proto.<V1.ConfigMapList>list(V1.ConfigMapList.newBuilder(), path);
        assertThat(list.object.getItemsList())
                .singleElement()
                .satisfies(m -> assertThat(m.getMetadata().getName()).isEqualTo("proto"));
        var missing = proto.<V1.ConfigMap>get(V1.ConfigMap.newBuilder(), path + "/nobody");
        assertThat(missing.object).isNull();
        assertThat(missing.status.getCode()).isEqualTo(404);
        var changed = proto.update(
                read.object.toBuilder().putData("key", "other").build(), path + "/proto", "v1", "ConfigMap");
        assertThat(changed.object.getDataMap()).containsEntry("key", "other");
        proto.<V1.ConfigMap>delete(V1.ConfigMap.newBuilder(), path + "/proto");
        assertThat(core.listNamespacedConfigMap(namespace).execute().getItems()).isEmpty();
    }

    @Test
    void aDryRunChangesNothing() throws ApiException {
        core.createNamespacedConfigMap(namespace, map("dry", "1")).dryRun("All").execute();
        assertThat(core.listNamespacedConfigMap(namespace).execute().getItems()).isEmpty();
        assertThat(Map.copyOf(core.listNamespace()
                        .execute()
                        .getItems()
                        .getFirst()
                        .getMetadata()
                        .getLabels()))
                .containsKey("kubernetes.io/metadata.name");
    }
}
