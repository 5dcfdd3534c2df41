package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.object.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Every verb over real HTTPS. */
class VerbsTest {

    private static final String POD =
            "{\"metadata\":{\"name\":\"%s\",\"labels\":{\"app\":\"%s\"}},\"spec\":{\"containers\":[{\"name\":\"c\",\"image\":\"i:1\"}]}}";
    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static String space(String name) {
        api.namespace(name);
        return "/api/v1/namespaces/" + name;
    }

    private static String map(String name, String value) {
        return "{\"metadata\":{\"name\":\"" + name + "\"},\"data\":{\"a\":\"" + value + "\"}}";
    }

    @Test
    void anObjectLivesFromCreateToDelete() {
        String maps = space("life") + "/configmaps";
        TestApi.Reply created = api.post(maps, map("m", "1"));
        assertThat(created.code()).isEqualTo(201);
        JsonNode object = created.json();
        assertThat(object.path("kind").asText()).isEqualTo("ConfigMap");
        assertThat(object.path("metadata").path("uid").asText()).hasSize(36);
        assertThat(api.get(maps + "/m").json()).isEqualTo(object);
        assertThat(api.post(maps, map("m", "1")).json().path("reason").asText()).isEqualTo("AlreadyExists");

        ObjectNode changed = object.deepCopy();
        changed.withObject("/data").put("a", "2");
        TestApi.Reply updated = api.put(maps + "/m", changed.toString());
        assertThat(updated.code()).isEqualTo(200);
        assertThat(api.put(maps + "/m", changed.toString()).code()).isEqualTo(409);
        assertThat(api.put(maps + "/m", map("m", "3")).code()).isEqualTo(200);

        JsonNode deleted = api.delete(maps + "/m").json();
        assertThat(deleted.path("status").asText()).isEqualTo("Success");
        assertThat(api.get(maps + "/m").code()).isEqualTo(404);
        assertThat(api.delete(maps + "/m").code()).isEqualTo(404);
    }

    @Test
    void anUpdateThatChangesNothingWritesNothing() {
        String maps = space("same") + "/configmaps";
        JsonNode object = api.post(maps, map("m", "1")).json();
        JsonNode again = api.put(maps + "/m", object.toString()).json();
        assertThat(again.path("metadata").path("resourceVersion"))
                .isEqualTo(object.path("metadata").path("resourceVersion"));
    }

    @Test
    void aNamespaceWhereThereIsNoneToBeInIsPassedOver() {
        String roles = "/apis/rbac.authorization.k8s.io/v1/clusterroles";
        String role = "{'apiVersion':'rbac.authorization.k8s.io/v1','kind':'ClusterRole',"
                + "'metadata':{'name':'placeless','namespace':'somewhere'},'rules':[]}";
        String body = role.replace('\'', '"');
        for (TestApi.Reply reply : List.of(
                api.post(roles, body),
                api.put(roles + "/placeless", body),
                api.patch(roles + "/placeless", "merge-patch+json", "{\"metadata\":{\"namespace\":\"elsewhere\"}}"),
                api.patch(roles + "/placeless?fieldManager=chart&force=true", "apply-patch+yaml", body))) {
            assertThat(reply.code()).as(reply.text()).isIn(200, 201);
            assertThat(reply.json().path("metadata").has("namespace")).isFalse();
        }
        assertThat(api.post(space("placed") + "/configmaps", "{\"metadata\":{\"name\":\"m\",\"namespace\":\"other\"}}")
                        .code())
                .isEqualTo(400);
    }

    @Test
    void namesAreGenerated() {
        String maps = space("generated") + "/configmaps";
        JsonNode one =
                api.post(maps, "{\"metadata\":{\"generateName\":\"m-\"}}").json();
        assertThat(one.path("metadata").path("name").asText()).matches("m-[a-z0-9]{5}");
    }

    @Test
    void aDryRunStoresNothing() {
        String maps = space("dry") + "/configmaps";
        assertThat(api.post(maps + "?dryRun=All", map("m", "1")).code()).isEqualTo(201);
        assertThat(api.get(maps + "/m").code()).isEqualTo(404);
        api.post(maps, map("m", "1"));
        assertThat(api.put(maps + "/m?dryRun=All", map("m", "2"))
                        .json()
                        .path("data")
                        .path("a")
                        .asText())
                .isEqualTo("2");
        assertThat(api.delete(maps + "/m?dryRun=All").code()).isEqualTo(200);
        assertThat(api.get(maps + "/m").json().path("data").path("a").asText()).isEqualTo("1");
    }

    @Test
    void patchesOfFourKinds() {
        String maps = space("patches") + "/configmaps";
        api.post(maps, map("m", "1"));
        assertThat(api.patch(maps + "/m", "merge-patch+json", "{\"data\":{\"b\":\"2\"}}")
                        .json()
                        .path("data")
                        .size())
                .isEqualTo(2);
        assertThat(api.patch(maps + "/m", "json-patch+json", "[{\"op\":\"remove\",\"path\":\"/data/a\"}]")
                        .json()
                        .path("data")
                        .has("a"))
                .isFalse();
        assertThat(api.patch(maps + "/m", "strategic-merge-patch+json", "{\"data\":{\"c\":\"3\"}}")
                        .code())
                .isEqualTo(200);
        TestApi.Reply applied = api.patch(
                maps + "/applied?fieldManager=me",
                "apply-patch+yaml",
                "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: applied}\ndata: {a: x}\n");
        assertThat(applied.code()).as(applied.text()).isEqualTo(201);
        assertThat(api.patch(maps + "/m", "xml-patch", "<a/>").code()).isEqualTo(415);
        assertThat(api.patch(maps + "/none", "merge-patch+json", "{}").code()).isEqualTo(404);
        assertThat(api.patch(maps + "/m", "merge-patch+json", "{\"metadata\":{\"name\":\"z\"}}")
                        .code())
                .isEqualTo(400);
        assertThat(api.patch(maps + "/m", "merge-patch+json", "{\"metadata\":{\"resourceVersion\":\"1\"}}")
                        .code())
                .isEqualTo(409);
    }

    @Test
    void manyPatchesAtOnceAllArrive() throws Exception {
        String maps = space("race") + "/configmaps";
        api.post(maps, map("m", "1"));
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < 4; i++) {
            String body = "{\"data\":{\"k" + i + "\":\"v\"}}";
            threads.add(Thread.ofVirtual().start(() -> api.patch(maps + "/m", "merge-patch+json", body)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(api.get(maps + "/m").json().path("data").size()).isEqualTo(5);
    }

    @Test
    void listsAreSelected() {
        String pods = space("selected") + "/pods";
        for (String name : List.of("a", "b", "c")) {
            api.post(pods, POD.formatted(name, name.equals("c") ? "other" : "web"));
        }
        assertThat(names(api.get(pods + "?labelSelector=app%3Dweb"))).containsExactly("a", "b");
        assertThat(names(api.get(pods + "?labelSelector=app%20notin%20(web)"))).containsExactly("c");
        assertThat(names(api.get(pods + "?fieldSelector=metadata.name!%3Da"))).containsExactly("b", "c");
        assertThat(names(api.get(pods + "?fieldSelector=metadata.name%3Da"))).containsExactly("a");
        assertThat(names(api.get(pods + "?fieldSelector=status.phase%3DPending")))
                .hasSize(3);
        assertThat(names(api.get(pods + "?fieldSelector=spec.nodeName%3Dn"))).isEmpty();
        assertThat(api.get(pods + "?fieldSelector=spec.image%3Dx").code()).isEqualTo(400);
        assertThat(api.get("/api/v1/namespaces/selected/configmaps?fieldSelector=data.k%3Dx")
                        .json()
                        .path("message")
                        .asText())
                .contains("\"data.k\" is not a known field selector: only \"metadata.name\", \"metadata.namespace\"");
        assertThat(api.get(pods + "?labelSelector=%3D%3D%3D").code()).isEqualTo(400);
    }

    @Test
    void aListInPagesIsOneMoment() {
        String maps = space("pages") + "/configmaps";
        for (int i = 0; i < 5; i++) {
            api.post(maps, map("m" + i, "1"));
        }
        JsonNode first = api.get(maps + "?limit=2").json();
        assertThat(first.path("items")).hasSize(2);
        assertThat(first.path("metadata").path("remainingItemCount").asInt()).isEqualTo(3);
        api.post(maps, map("m00", "later"));
        String resume = first.path("metadata").path("continue").asText();
        JsonNode second = api.get(maps + "?limit=2&continue=" + resume).json();
        assertThat(second.path("metadata").path("resourceVersion"))
                .isEqualTo(first.path("metadata").path("resourceVersion"));
        assertThat(names(second)).containsExactly("m2", "m3");
        JsonNode last = api.get(maps + "?limit=2&continue="
                        + second.path("metadata").path("continue").asText())
                .json();
        assertThat(names(last)).containsExactly("m4");
        assertThat(last.path("metadata").has("continue")).isFalse();
        assertThat(api.get("/api/v1/namespaces/default/configmaps?limit=2&continue=" + resume)
                        .code())
                .isEqualTo(400);
    }

    @Test
    void aFinalizerHoldsUntilItIsTakenAway() {
        String maps = space("held") + "/configmaps";
        api.post(maps, "{\"metadata\":{\"name\":\"m\",\"finalizers\":[\"a.b/c\"]}}");
        assertThat(api.delete(maps + "/m").json().path("metadata").has("deletionTimestamp"))
                .isTrue();
        assertThat(api.get(maps + "/m").code()).isEqualTo(200);
        assertThat(api.patch(maps + "/m", "merge-patch+json", "{\"metadata\":{\"finalizers\":null}}")
                        .code())
                .isEqualTo(200);
        assertThat(api.get(maps + "/m").code()).isEqualTo(404);
    }

    @Test
    void preconditionsOfADelete() {
        String maps = space("conditions") + "/configmaps";
        api.post(maps, map("m", "1"));
        TestApi.Reply other = api.delete(maps + "/m", Json.tree("{\"preconditions\":{\"uid\":\"x\"}}".getBytes()));
        assertThat(other.code()).isEqualTo(409);
        assertThat(other.json().path("message").asText()).contains("Precondition failed: UID in precondition: x");
    }

    @Test
    void whatIsNoDeleteOptionsDeletesNothing() {
        String maps = space("options") + "/configmaps";
        api.post(maps, map("m", "1"));
        for (String body : List.of(
                "{\"kind\":\"Foo\",\"apiVersion\":\"v1\"}",
                "{\"gracePeriodSeconds\":\"soon\"}",
                "{\"preconditions\":[]}",
                "[1]")) {
            assertThat(api.delete(maps + "/m", Json.tree(body.getBytes(StandardCharsets.UTF_8)))
                            .code())
                    .as(body)
                    .isEqualTo(400);
        }
        assertThat(api.get(maps + "/m").code()).isEqualTo(200);
        String zero = "{\"kind\":\"DeleteOptions\",\"apiVersion\":\"policy/v1\",\"gracePeriodSeconds\":0,"
                + "\"orphanDependents\":false}";
        assertThat(api.delete(maps + "/m", Json.tree(zero.getBytes(StandardCharsets.UTF_8)))
                        .code())
                .isEqualTo(200);
    }

    @Test
    void aCollectionIsDeletedBySelector() {
        String pods = space("collection") + "/pods";
        api.post(pods, POD.formatted("a", "x"));
        api.post(pods, POD.formatted("b", "x"));
        api.post(pods, POD.formatted("c", "y"));
        assertThat(names(api.delete(pods + "?labelSelector=app%3Dx"))).containsExactly("a", "b");
        assertThat(names(api.get(pods))).containsExactly("c");
    }

    @Test
    void whatADeletedCollectionWasIsTold() {
        String maps = space("told") + "/configmaps";
        api.post(maps, map("a", "1"));
        String revision = api.post(maps, "{\"metadata\":{\"name\":\"b\",\"finalizers\":[\"a.b/c\"]}}")
                .json()
                .at("/metadata/resourceVersion")
                .asText();
        JsonNode list = api.delete(maps).json();
        assertThat(list.path("kind").asText()).isEqualTo("ConfigMapList");
        assertThat(list.at("/metadata/resourceVersion").asText()).isNotEmpty();
        assertThat(list.at("/items/0/metadata/name").asText()).isEqualTo("a");
        assertThat(list.at("/items/0/data/a").asText()).isEqualTo("1");
        JsonNode held = list.at("/items/1/metadata");
        assertThat(held.path("deletionTimestamp").asText()).isNotEmpty();
        assertThat(held.path("resourceVersion").asText())
                .isNotEqualTo(revision)
                .isEqualTo(api.get(maps + "/b")
                        .json()
                        .at("/metadata/resourceVersion")
                        .asText());
    }

    @Test
    void componentsTellHowTheyAre() {
        TestApi.Reply list = api.get("/api/v1/componentstatuses");
        assertThat(list.header("Warning")).contains("v1 ComponentStatus is deprecated in v1.19+");
        assertThat(names(list)).containsExactly("controller-manager", "etcd-0", "scheduler");
        JsonNode store = api.get("/api/v1/componentstatuses/etcd-0").json().at("/conditions/0");
        assertThat(store.path("status").asText()).isEqualTo("True");
        assertThat(store.path("message").asText()).isEqualTo("ok");
        JsonNode nobody = api.get("/api/v1/componentstatuses/scheduler").json().at("/conditions/0");
        assertThat(nobody.path("status").asText()).isEqualTo("False");
        api.post("/apis/coordination.k8s.io/v1/namespaces/kube-system/leases", """
                {"metadata":{"name":"kube-scheduler"},"spec":{"holderIdentity":"me","leaseDurationSeconds":15,
                 "renewTime":"%s"}}""".formatted(
                        Instant.now().plusSeconds(60)));
        assertThat(api.get("/api/v1/componentstatuses/scheduler")
                        .json()
                        .at("/conditions/0/status")
                        .asText())
                .isEqualTo("True");
        assertThat(api.get("/api/v1/componentstatuses/other").code()).isEqualTo(404);
        assertThat(names(api.get("/api/v1/componentstatuses?fieldSelector=metadata.name%3Detcd-0")))
                .containsExactly("etcd-0");
    }

    @Test
    void aNamespaceGoesWhenItIsFinalized() {
        space("leaving");
        JsonNode marked = api.delete("/api/v1/namespaces/leaving").json();
        assertThat(marked.path("status").path("phase").asText()).isEqualTo("Terminating");
        assertThat(api.post("/api/v1/namespaces/leaving/configmaps", map("m", "1"))
                        .code())
                .isEqualTo(403);
        ObjectNode done = marked.deepCopy();
        done.withObject("/spec").putArray("finalizers");
        assertThat(api.put("/api/v1/namespaces/leaving/finalize", done.toString())
                        .code())
                .isEqualTo(200);
        assertThat(api.get("/api/v1/namespaces/leaving").code()).isEqualTo(404);
    }

    @Test
    void statusAndSpecAreWrittenApart() {
        String pods = space("status") + "/pods";
        api.post(pods, POD.formatted("p", "x"));
        api.patch(
                pods + "/p/status",
                "merge-patch+json",
                "{\"status\":{\"phase\":\"Running\"},\"spec\":{\"nodeName\":\"n\"}}");
        JsonNode pod = api.get(pods + "/p").json();
        assertThat(pod.path("status").path("phase").asText()).isEqualTo("Running");
        assertThat(pod.path("spec").has("nodeName")).isFalse();
        assertThat(api.get(pods + "/p/status").code()).isEqualTo(200);
    }

    @Test
    void whoAppliesAtTheSameTimeAppliesTogether() {
        String path = space("together") + "/configmaps/shared";
        IntStream.range(0, 8).parallel().forEach(i -> {
            String body =
                    "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"shared\"},\"data\":{\"k%d\":\"v\"}}"
                            .formatted(i);
            assertThat(api.patch(path + "?fieldManager=m" + i, "apply-patch+yaml", body)
                            .code())
                    .isIn(200, 201);
        });
        assertThat(api.get(path).json().path("data").size()).isEqualTo(8);
    }

    @Test
    void evictionsOfOlderClientsAreTaken() {
        String pods = space("evicted") + "/pods";
        for (String version : List.of("policy/v1", "policy/v1beta1")) {
            api.post(pods, POD.formatted("p", "web"));
            String eviction =
                    "{\"apiVersion\":\"%s\",\"kind\":\"Eviction\",\"metadata\":{\"name\":\"p\",\"namespace\":\"evicted\"}}"
                            .formatted(version);
            assertThat(api.post(pods + "/p/eviction", eviction).code()).isEqualTo(201);
            assertThat(api.get(pods + "/p").code()).isEqualTo(404);
        }
        assertThat(api.post(pods + "/p/eviction", "{\"apiVersion\":\"policy/v2\",\"kind\":\"Eviction\"}")
                        .code())
                .isEqualTo(400);
    }

    @Test
    void anAppliedScaleConflictsWithWhoStatesTheReplicas() {
        space("applied-scale");
        String path = "/apis/apps/v1/namespaces/applied-scale/deployments";
        api.post(path + "?fieldManager=creator", """
                {"metadata":{"name":"d"},"spec":{"replicas":1,"selector":{"matchLabels":{"a":"b"}},
                 "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        String scale = """
                {"apiVersion":"autoscaling/v1","kind":"Scale","metadata":{"name":"d"},"spec":{"replicas":%s}}""";
        String apply = path + "/d/scale?fieldManager=scaler";
        TestApi.Reply refused = api.patch(apply, "apply-patch+yaml", scale.formatted(3));
        assertThat(refused.code()).isEqualTo(409);
        assertThat(refused.json().at("/details/causes/0/field").asText()).isEqualTo(".spec.replicas");
        assertThat(refused.json().path("message").asText()).contains("conflict with \"creator\"");
        TestApi.Reply forced = api.patch(apply + "&force=true", "apply-patch+yaml", scale.formatted(3));
        assertThat(forced.json().at("/spec/replicas").asInt()).isEqualTo(3);
        assertThat(forced.json().path("kind").asText()).isEqualTo("Scale");
        JsonNode managers = api.get(path + "/d").json().at("/metadata/managedFields");
        assertThat(managers)
                .anySatisfy(manager -> assertThat(manager.toString())
                        .contains(
                                "\"manager\":\"scaler\",\"operation\":\"Apply\"",
                                "\"f:replicas\"",
                                "\"subresource\":\"scale\""));
        for (String wrong :
                List.of(scale.formatted(-1), scale.formatted("99999999999"), scale.replace("Scale", "Skale"))) {
            assertThat(api.patch(apply, "apply-patch+yaml", wrong.formatted(1)).code())
                    .isIn(400, 422);
        }
    }

    @Test
    void aWorkloadIsScaled() {
        space("scaled");
        String path = "/apis/apps/v1/namespaces/scaled/deployments";
        api.post(path, """
                {"metadata":{"name":"d"},"spec":{"selector":{"matchLabels":{"a":"b"}},
                 "template":{"metadata":{"labels":{"a":"b"}},"spec":{"containers":[{"name":"c","image":"i"}]}}}}""");
        JsonNode scale = api.get(path + "/d/scale").json();
        assertThat(scale.path("kind").asText()).isEqualTo("Scale");
        assertThat(scale.path("status").path("selector").asText()).isEqualTo("a=b");
        JsonNode table = api.get(path + "/d/scale", "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .json();
        assertThat(table.path("columnDefinitions").findValuesAsText("name"))
                .containsExactly("Name", "Desired", "Available", "Age");
        ObjectNode more = scale.deepCopy();
        more.withObject("/spec").put("replicas", 4);
        assertThat(api.put(path + "/d/scale", more.toString())
                        .json()
                        .path("spec")
                        .path("replicas")
                        .asInt())
                .isEqualTo(4);
        assertThat(api.get(path + "/d").json().path("spec").path("replicas").asInt())
                .isEqualTo(4);
        assertThat(api.put(path + "/d/scale", more.toString()).code()).isEqualTo(409);
    }

    @Test
    void unknownFieldsAreToldAsAsked() {
        String maps = space("unknown") + "/configmaps?dryRun=All";
        String body = "{\"metadata\":{\"name\":\"m\"},\"daat\":{}}";
        TestApi.Reply warned = api.post(maps, body);
        assertThat(warned.code()).isEqualTo(201);
        assertThat(warned.header("Warning")).isEqualTo("299 - \"unknown field \\\"daat\\\"\"");
        assertThat(api.post(maps + "&fieldValidation=Strict", body).code()).isEqualTo(400);
        assertThat(api.post(maps + "&fieldValidation=Ignore", body).header("Warning"))
                .isEmpty();
    }

    @Test
    void aBodyMayBeYaml() {
        String maps = space("yaml") + "/configmaps";
        TestApi.Reply created = api.post(
                maps,
                "metadata: {name: m}\ndata: {a: \"1\"}\n",
                "Content-Type",
                "application/yaml",
                "Accept",
                "application/yaml");
        assertThat(created.code()).isEqualTo(201);
        assertThat(created.header("Content-Type")).isEqualTo("application/yaml");
        assertThat(created.text()).contains("kind: ConfigMap");
    }

    @Test
    void aBombOfAliasesIsRefused() {
        var bomb = new StringBuilder("metadata: {name: m}\ndata:\n  a: &a \"x\"\nx:\n");
        bomb.append("- &l0 [1,1,1,1,1,1,1,1,1,1]\n");
        for (int i = 1; i < 12; i++) {
            bomb.append("- &l").append(i).append(" [").append(("*l" + (i - 1) + ",").repeat(9));
            bomb.append("*l").append(i - 1).append("]\n");
        }
        TestApi.Reply reply =
                api.post(space("bomb") + "/configmaps", bomb.toString(), "Content-Type", "application/yaml");
        assertThat(reply.code()).isBetween(400, 413);
    }

    @Test
    void aBodyOfTenMegabytesIsRefused() {
        TestApi.Reply reply = api.post(space("large") + "/configmaps", "x".repeat(10 << 20));
        assertThat(reply.code()).isEqualTo(413);
        assertThat(reply.json().path("reason").asText()).isEqualTo("RequestEntityTooLarge");
    }

    @Test
    void tablesAndMetadata() {
        String maps = space("views") + "/configmaps";
        api.post(maps, map("m", "1"));
        JsonNode table = api.get(maps, "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io")
                .json();
        assertThat(table.path("kind").asText()).isEqualTo("Table");
        assertThat(table.path("rows").get(0).path("cells").get(0).asText()).isEqualTo("m");
        JsonNode partial = api.get(maps, "Accept", "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io")
                .json();
        assertThat(partial.path("items").get(0).has("data")).isFalse();
        assertThat(api.get(maps, "Accept", "text/html").code()).isEqualTo(406);
        assertThat(api.post(
                                "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews",
                                "{\"spec\":{\"nonResourceAttributes\":{\"path\":\"/\",\"verb\":\"get\"}}}",
                                "Accept",
                                "application/json;as=Table;v=v1;g=meta.k8s.io")
                        .code())
                .isEqualTo(406);
    }

    @Test
    void aLargeAnswerIsPackedForThoseWhoTakeIt() throws Exception {
        String maps = space("packed") + "/configmaps";
        for (int i = 0; i < 4; i++) {
            api.post(maps, map("m" + i, "v".repeat(100_000)));
        }
        TestApi.Reply packed = api.get(maps, "Accept-Encoding", "gzip");
        assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
        assertThat(packed.body().length).isLessThan(50_000);
        var unpacked = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(packed.body()));
        assertThat(Json.tree(unpacked.readAllBytes()).path("items")).hasSize(4);
    }

    @Test
    void aVeryLargeListIsStreamed() {
        String maps = space("streamed") + "/configmaps";
        for (int i = 0; i < 8; i++) {
            api.post(maps, map("m" + i, "v".repeat(300_000)));
        }
        TestApi.Reply list = api.get(maps);
        assertThat(list.header("Content-Length")).isEmpty();
        assertThat(names(list)).hasSize(8);
    }

    @Test
    void aVeryLargeListIsPackedWhileItIsStreamed() throws Exception {
        String maps = space("streamed-packed") + "/configmaps";
        var random = new Random(3);
        for (int i = 0; i < 8; i++) {
            String value = random.ints(300_000, 'a', 'z')
                    .collect(StringBuilder::new, (text, c) -> text.append((char) c), StringBuilder::append)
                    .toString();
            api.post(maps, map("m" + i, value));
        }
        String revision = api.get(maps + "?limit=1")
                .json()
                .at("/metadata/resourceVersion")
                .asText();
        String then = maps + "?resourceVersionMatch=Exact&resourceVersion=" + revision;
        for (String form : List.of("application/json", "application/vnd.kubernetes.protobuf")) {
            TestApi.Reply plain = api.get(then, "Accept", form);
            TestApi.Reply packed = api.get(then, "Accept", form, "Accept-Encoding", "gzip");
            assertThat(plain.header("Content-Encoding")).isEmpty();
            assertThat(packed.header("Content-Encoding")).isEqualTo("gzip");
            assertThat(packed.header("Vary")).isEqualTo("Accept-Encoding");
            assertThat(packed.body().length).isBetween(1_000_000, plain.body().length - 500_000);
            var unpacked = new java.util.zip.GZIPInputStream(new java.io.ByteArrayInputStream(packed.body()));
            assertThat(unpacked.readAllBytes()).isEqualTo(plain.body());
        }
    }

    private static List<String> names(TestApi.Reply reply) {
        assertThat(reply.code()).as(reply.text()).isEqualTo(200);
        return names(reply.json());
    }

    private static List<String> names(JsonNode list) {
        var names = new ArrayList<String>();
        list.path("items")
                .forEach(i -> names.add(i.path("metadata").path("name").asText()));
        return names;
    }
}
