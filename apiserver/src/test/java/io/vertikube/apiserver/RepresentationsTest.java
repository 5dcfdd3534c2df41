package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.ByteString;
import io.kubernetes.client.proto.Meta;
import io.kubernetes.client.proto.Runtime;
import io.kubernetes.client.proto.V1;
import io.kubernetes.client.proto.V1Apps;
import io.kubernetes.client.proto.V1Authorization;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Answers in protobuf, read by the classes that another project has made of the published wire formats. */
@Timeout(60)
class RepresentationsTest {

    private static final String PROTOBUF = "application/vnd.kubernetes.protobuf";
    private static final String PARTIAL = ";as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
    private static final String PARTIAL_LIST = ";as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private static TestApi api;

    @BeforeAll
    static void start() {
        // The classes are older than the run time that reads them here.
        System.setProperty("com.google.protobuf.use_unsafe_pre22_gencode", "true");
        api = TestApi.start();
        api.namespace("forms");
        for (String name : List.of("a", "b", "c")) {
            api.post(
                    "/api/v1/namespaces/forms/configmaps",
                    "{\"metadata\":{\"name\":\"" + name
                            + "\",\"labels\":{\"l\":\"x\"},\"annotations\":{\"a\":\"é\"}},\"data\":{\"k\":\"v-" + name
                            + "\"},\"binaryData\":{\"b\":\"AQID\"}}");
        }
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static Runtime.Unknown envelope(byte[] body) throws IOException {
        assertThat(Arrays.copyOf(body, 4)).containsExactly('k', '8', 's', 0);
        return Runtime.Unknown.parseFrom(ByteString.copyFrom(body, 4, body.length - 4));
    }

    private static ByteString raw(TestApi.Reply reply, String kind) throws IOException {
        assertThat(reply.header("Content-Type")).as(reply.text()).isEqualTo(PROTOBUF);
        Runtime.Unknown unknown = envelope(reply.body());
        assertThat(unknown.getTypeMeta().getKind()).isEqualTo(kind);
        return unknown.getRaw();
    }

    @Test
    void anObject() throws IOException {
        TestApi.Reply reply =
                api.get("/api/v1/namespaces/forms/configmaps/a", "Accept", PROTOBUF + ",application/json");
        V1.ConfigMap map = V1.ConfigMap.parseFrom(raw(reply, "ConfigMap"));
        JsonNode json = api.get("/api/v1/namespaces/forms/configmaps/a").json();
        assertThat(map.getMetadata().getName()).isEqualTo("a");
        assertThat(map.getMetadata().getUid())
                .isEqualTo(json.at("/metadata/uid").asText());
        assertThat(map.getMetadata().getResourceVersion())
                .isEqualTo(json.at("/metadata/resourceVersion").asText());
        assertThat(map.getMetadata().getAnnotationsMap()).containsEntry("a", "é");
        assertThat(map.getMetadata().getCreationTimestamp().getSeconds()).isPositive();
        assertThat(map.getMetadata().getManagedFields(0).getFieldsV1().getRaw().toStringUtf8())
                .contains("f:data");
        assertThat(map.getDataMap()).containsEntry("k", "v-a");
        assertThat(map.getBinaryDataMap().get("b").toByteArray()).containsExactly(1, 2, 3);
    }

    @Test
    void whatIsCreatedAndWhatIsRefused() throws IOException {
        String deployment = "{\"metadata\":{\"name\":\"d\"},\"spec\":{\"replicas\":0,\"selector\":{\"matchLabels\":"
                + "{\"a\":\"b\"}},\"strategy\":{\"rollingUpdate\":{\"maxSurge\":\"30%\",\"maxUnavailable\":1}},"
                + "\"template\":{\"metadata\":{\"labels\":{\"a\":\"b\"}},\"spec\":{"
                + "\"containers\":[{\"name\":\"c\",\"image\":\"i\",\"resources\":{\"requests\":{\"cpu\":\"1500m\"}}}],"
                + "\"volumes\":[{\"name\":\"v\",\"emptyDir\":{}}]}}}}";
        String path = "/apis/apps/v1/namespaces/forms/deployments";
        V1Apps.Deployment made =
                V1Apps.Deployment.parseFrom(raw(api.post(path, deployment, "Accept", PROTOBUF), "Deployment"));
        assertThat(made.getSpec().hasReplicas()).isTrue();
        assertThat(made.getSpec().getReplicas()).isZero();
        var rolling = made.getSpec().getStrategy().getRollingUpdate();
        assertThat(rolling.getMaxSurge().getStrVal()).isEqualTo("30%");
        assertThat(rolling.getMaxSurge().getType()).isEqualTo(1);
        assertThat(rolling.getMaxUnavailable().getIntVal()).isEqualTo(1);
        var pod = made.getSpec().getTemplate().getSpec();
        assertThat(pod.getContainers(0)
                        .getResources()
                        .getRequestsMap()
                        .get("cpu")
                        .getString())
                .isEqualTo("1500m");
        assertThat(pod.getVolumes(0).getVolumeSource().hasEmptyDir()).isTrue();

        TestApi.Reply again = api.post(path, deployment, "Accept", PROTOBUF);
        assertThat(again.code()).isEqualTo(409);
        Meta.Status status = Meta.Status.parseFrom(raw(again, "Status"));
        assertThat(status.getReason()).isEqualTo("AlreadyExists");
        assertThat(status.getCode()).isEqualTo(409);
        assertThat(status.getDetails().getKind()).isEqualTo("deployments");

        Meta.Status gone = Meta.Status.parseFrom(raw(api.delete(path + "/d", "Accept", PROTOBUF), "Status"));
        assertThat(gone.getStatus()).isEqualTo("Success");
        assertThat(gone.getDetails().getName()).isEqualTo("d");
    }

    @Test
    void aReview() throws IOException {
        TestApi.Reply reply = api.post(
                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                "{\"spec\":{\"nonResourceAttributes\":{\"path\":\"/\",\"verb\":\"get\"}}}",
                "Accept",
                PROTOBUF);
        assertThat(V1Authorization.SelfSubjectAccessReview.parseFrom(raw(reply, "SelfSubjectAccessReview"))
                        .getStatus()
                        .getAllowed())
                .isTrue();
    }

    @Test
    void aListAndItsPages() throws IOException {
        String maps = "/api/v1/namespaces/forms/configmaps?labelSelector=l&limit=";
        V1.ConfigMapList page =
                V1.ConfigMapList.parseFrom(raw(api.get(maps + "2", "Accept", PROTOBUF), "ConfigMapList"));
        assertThat(page.getItemsList().stream().map(m -> m.getMetadata().getName()))
                .containsExactly("a", "b");
        assertThat(page.getMetadata().getResourceVersion()).isNotEmpty();
        V1.ConfigMapList rest = V1.ConfigMapList.parseFrom(raw(
                api.get(maps + "2&continue=" + page.getMetadata().getContinue(), "Accept", PROTOBUF), "ConfigMapList"));
        assertThat(rest.getItemsList().stream().map(m -> m.getDataMap().get("k")))
                .containsExactly("v-c");
    }

    @Test
    void aListLargerThanOneBodyIsStreamed() throws IOException {
        api.namespace("large");
        String maps = "/api/v1/namespaces/large/configmaps";
        for (int i = 0; i < 6; i++) {
            api.post(maps, "{\"metadata\":{\"name\":\"m" + i + "\"},\"data\":{\"a\":\"" + "v".repeat(300_000) + "\"}}");
        }
        TestApi.Reply reply = api.get(maps, "Accept", PROTOBUF);
        assertThat(reply.header("Content-Length")).isEmpty();
        V1.ConfigMapList list = V1.ConfigMapList.parseFrom(raw(reply, "ConfigMapList"));
        assertThat(list.getItemsList())
                .hasSize(6)
                .allMatch(m -> m.getDataMap().get("a").length() == 300_000);
    }

    @Test
    void metadataAlone() throws IOException {
        String maps = "/api/v1/namespaces/forms/configmaps";
        Meta.PartialObjectMetadata one = Meta.PartialObjectMetadata.parseFrom(
                raw(api.get(maps + "/a", "Accept", PROTOBUF + PARTIAL), "PartialObjectMetadata"));
        assertThat(one.getMetadata().getName()).isEqualTo("a");
        Meta.PartialObjectMetadataList list = Meta.PartialObjectMetadataList.parseFrom(raw(
                api.get(maps + "?labelSelector=l", "Accept", PROTOBUF + PARTIAL_LIST), "PartialObjectMetadataList"));
        assertThat(list.getItemsList()).hasSize(3);
        assertThat(list.getMetadata().getResourceVersion()).isNotEmpty();
        TestApi.Reply wrong = api.get(maps, "Accept", "application/json" + PARTIAL);
        assertThat(wrong.code()).isEqualTo(406);
        assertThat(wrong.json().path("message").asText())
                .startsWith("you requested PartialObjectMetadata, but the requested object is a list");
        assertThat(api.get(maps + "/a", "Accept", "application/json" + PARTIAL_LIST)
                        .code())
                .isEqualTo(406);
    }

    @Test
    void aWatch() throws Exception {
        String maps = "/api/v1/namespaces/forms/configmaps?watch=true&labelSelector=l&allowWatchBookmarks=true"
                + "&sendInitialEvents=true&resourceVersionMatch=NotOlderThan";
        try (InputStream in = stream(maps, PROTOBUF + ";stream=watch," + PROTOBUF)) {
            var data = new DataInputStream(in);
            var names = new ArrayList<String>();
            for (int i = 0; i < 3; i++) {
                Meta.WatchEvent event = frame(data);
                assertThat(event.getType()).isEqualTo("ADDED");
                Runtime.Unknown object = envelope(event.getObject().getRaw().toByteArray());
                names.add(V1.ConfigMap.parseFrom(object.getRaw()).getMetadata().getName());
            }
            assertThat(names).containsExactly("a", "b", "c");
            Meta.WatchEvent mark = frame(data);
            assertThat(mark.getType()).isEqualTo("BOOKMARK");
            assertThat(V1.ConfigMap.parseFrom(envelope(mark.getObject().getRaw().toByteArray())
                                    .getRaw())
                            .getMetadata()
                            .getAnnotationsMap())
                    .containsEntry("k8s.io/initial-events-end", "true");
            api.delete("/api/v1/namespaces/forms/configmaps/none");
        }
    }

    @Test
    void aWatchOfMetadataThatBeganTooLate() throws Exception {
        try (InputStream in =
                stream("/api/v1/namespaces/forms/configmaps?watch=true&timeoutSeconds=5", PROTOBUF + PARTIAL)) {
            Runtime.Unknown object =
                    envelope(frame(new DataInputStream(in)).getObject().getRaw().toByteArray());
            assertThat(object.getTypeMeta().getKind()).isEqualTo("PartialObjectMetadata");
        }
    }

    private static Meta.WatchEvent frame(DataInputStream in) throws IOException {
        return Meta.WatchEvent.parseFrom(in.readNBytes(in.readInt()));
    }

    private static InputStream stream(String path, String accept) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(api.server().uri() + path))
                .header("Accept", accept)
                .build();
        HttpResponse<InputStream> response = api.admin().send(request, HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.headers().firstValue("Content-Type")).contains(PROTOBUF + ";stream=watch");
        return response.body();
    }

    @Test
    void listsOfTheServerItself() throws IOException {
        Meta.APIGroupList groups =
                Meta.APIGroupList.parseFrom(raw(api.get("/apis", "Accept", PROTOBUF), "APIGroupList"));
        assertThat(groups.getGroupsList().stream().map(Meta.APIGroup::getName)).contains("apps", "batch");
        Meta.APIResourceList core =
                Meta.APIResourceList.parseFrom(raw(api.get("/api/v1", "Accept", PROTOBUF), "APIResourceList"));
        assertThat(core.getResourcesList().stream().map(Meta.APIResource::getName))
                .contains("pods", "pods/log");
        assertThat(Meta.APIVersions.parseFrom(raw(api.get("/api", "Accept", PROTOBUF), "APIVersions"))
                        .getVersionsList())
                .containsExactly("v1");
    }

    @Test
    void tablesAreJsonAlone() {
        String maps = "/api/v1/namespaces/forms/configmaps";
        assertThat(api.get(maps, "Accept", PROTOBUF + ";as=Table;g=meta.k8s.io;v=v1")
                        .code())
                .isEqualTo(406);
        JsonNode table = api.get(maps, "Accept", "application/json;as=Table;g=meta.k8s.io;v=v1beta1")
                .json();
        assertThat(table.path("apiVersion").asText()).isEqualTo("meta.k8s.io/v1beta1");
        assertThat(table.at("/rows/0/object/apiVersion").asText()).isEqualTo("meta.k8s.io/v1beta1");
    }

    @Test
    void linesForPeople() {
        String map = "/api/v1/namespaces/forms/configmaps/a";
        assertThat(api.get(map + "?pretty=true").text()).startsWith("{\n  \"apiVersion\": \"v1\",\n");
        assertThat(api.get(map, "User-Agent", "curl/8.0").text()).contains("\n  \"data\": {\n    \"k\": \"v-a\"\n  }");
        assertThat(api.get(map + "?pretty=false", "User-Agent", "curl/8.0").text())
                .hasLineCount(1);
        assertThat(api.get("/api/v1/pods/none", "User-Agent", "curl/8.0").text())
                .contains("\n  \"metadata\": {},\n");
    }
}
