package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.resource.Cases;
import io.vertikube.apiserver.resource.meta.Trees;
import io.vertikube.apiserver.schema.BuiltInSchemas;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.catalog.Subresource;
import io.vertikube.object.Gvk;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Every stable resource of the reference is a row with its names, and each kind goes all the way through the server. */
class StableResourcesTest {

    private static final Set<String> ALL =
            Set.of("create", "delete", "deletecollection", "get", "list", "patch", "update", "watch");

    private record Row(
            Gvk kind,
            String plural,
            Set<String> shortNames,
            boolean namespaced,
            Set<String> verbs,
            Set<String> subresources,
            Set<String> categories) {

        static Row of(String line) {
            String[] part = line.split(" ");
            return new Row(
                    Gvk.of(part[0], part[1]),
                    part[2],
                    set(part[3]),
                    part[4].equals("N"),
                    part[5].equals("*") ? new TreeSet<>(ALL) : set(part[5]),
                    set(part[6]),
                    set(part[7]));
        }

        static Row of(ResourceType type) {
            return new Row(
                    type.gvk(),
                    type.plural(),
                    new TreeSet<>(type.shortNames()),
                    type.namespaced(),
                    new TreeSet<>(type.verbs()),
                    new TreeSet<>(
                            type.subresources().stream().map(Subresource::name).toList()),
                    new TreeSet<>(type.categories()));
        }

        private static Set<String> set(String words) {
            return words.equals("-") ? new TreeSet<>() : new TreeSet<>(Arrays.asList(words.split(",")));
        }
    }

    private static final int MOST_CONFLICTS = 5;

    @Test
    void theCatalogueHoldsEveryStableResource() throws IOException {
        var wanted = new ArrayList<Row>();
        try (InputStream in = StableResourcesTest.class.getResourceAsStream("/rules/resources.txt")) {
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .forEach(line -> wanted.add(Row.of(line)));
        }
        var schemas = BuiltInSchemas.load();
        for (Row row : wanted) {
            assertThat(Row.of(Catalog.builtIn().require(row.kind()))).isEqualTo(row);
            assertThat(schemas.of(row.kind())).as(row.kind().toString()).isPresent();
        }
    }

    @Test
    void eachStoredKindIsMadeReadListedChangedAndRemoved() {
        var seen = new TreeSet<String>();
        var wrong = new ArrayList<String>();
        try (TestApi api = TestApi.start()) {
            api.namespace("shop");
            for (JsonNode one : Cases.read("/rules/good.json")) {
                ObjectNode object = one.path("object").deepCopy();
                ResourceType type = Cases.type(object);
                seen.add(type.gvk().toString());
                roundTrip(api, type, object, wrong);
            }
        }
        assertThat(wrong).isEmpty();
        var stored = new TreeSet<String>();
        Catalog.builtIn().all().stream()
                .filter(type ->
                        type.stored() && type.hasVerb("create") && !type.group().equals("metrics.k8s.io"))
                .forEach(type -> stored.add(type.gvk().toString()));
        assertThat(seen).containsAll(stored);
    }

    private static void roundTrip(TestApi api, ResourceType type, ObjectNode object, List<String> wrong) {
        String name = Trees.text(object, "metadata", "name");
        String what = type.gvk() + " " + name + ": ";
        String path = type.objectPath("shop", name);
        TestApi.Reply made = api.post(type.collectionPath("shop"), object.toString());
        if (made.code() != 201) {
            wrong.add(what + "create " + made.text());
            return;
        }
        Written again = writeAsRead(api, path, path);
        if (again.reply.code() != 200) {
            wrong.add(what + "update " + again.reply.text());
        } else if (!again.changed().isEmpty()) {
            wrong.add(what + "an update that changes nothing is written: " + again.changed());
        }
        TestApi.Reply patched = api.patch(path, "merge-patch+json", "{\"metadata\":{\"labels\":{\"x\":\"y\"}}}");
        if (patched.code() != 200) {
            wrong.add(what + "patch " + patched.text());
        }
        if (type.subresource("status").isPresent()) {
            TestApi.Reply status = writeAsRead(api, path, path + "/status").reply;
            if (status.code() != 200) {
                wrong.add(what + "status " + status.text());
            }
        }
        TestApi.Reply applied = api.patch(path + "?fieldManager=m&force=true", "apply-patch+yaml", object.toString());
        if (applied.code() != 200) {
            wrong.add(what + "apply " + applied.text());
        }
        TestApi.Reply table =
                api.get(type.collectionPath("shop"), "Accept", "application/json;as=Table;v=v1;g=meta.k8s.io");
        if (!table.json().path("kind").asText().equals("Table")) {
            wrong.add(what + "table " + table.text());
        }
        TestApi.Reply gone = api.delete(path);
        if (gone.code() != 200 && gone.code() != 202) {
            wrong.add(what + "delete " + gone.text());
        }
    }

    /** An object as it was read, and the answer to writing that. */
    private record Written(TestApi.Reply read, TestApi.Reply reply) {

        String changed() {
            String before = version(read);
            String after = version(reply);
            return before.equals(after) ? "" : before + " is " + after;
        }

        private static String version(TestApi.Reply reply) {
            return reply.json().path("metadata").path("resourceVersion").asText();
        }
    }

    /** Some kinds get their status from the server itself while this goes on: a conflict is read again and written again. */
    private static Written writeAsRead(TestApi api, String path, String to) {
        Written written;
        int tries = 0;
        do {
            TestApi.Reply read = api.get(path);
            written = new Written(read, api.put(to, read.text()));
            tries++;
        } while (written.reply.code() == 409 && tries < MOST_CONFLICTS);
        return written;
    }

    @Test
    void eachSubresourceOfAPodAnswersForReal() {
        try (TestApi api = TestApi.start()) {
            api.namespace("shop");
            api.post("/api/v1/nodes", "{'metadata':{'name':'n'}}".replace('\'', '"'));
            String pods = "/api/v1/namespaces/shop/pods";
            api.post(
                    pods,
                    "{'metadata':{'name':'p'},'spec':{'containers':[{'name':'c','image':'i','resources':{'requests':{'cpu':'1'}}}]}}"
                            .replace('\'', '"'));
            assertThat(api.post(pods + "/p/binding", "{'target':{'kind':'Node','name':'n'}}".replace('\'', '"'))
                            .code())
                    .isEqualTo(201);
            assertThat(api.get(pods + "/p").json().path("spec").path("nodeName").asText())
                    .isEqualTo("n");
            String debug = "{'spec':{'ephemeralContainers':[{'name':'d','image':'i'}]}}".replace('\'', '"');
            TestApi.Reply debugged = api.patch(pods + "/p/ephemeralcontainers", "strategic-merge-patch+json", debug);
            assertThat(debugged.json()
                            .path("spec")
                            .path("ephemeralContainers")
                            .path(0)
                            .path("name")
                            .asText())
                    .isEqualTo("d");
            String larger =
                    "{'spec':{'containers':[{'name':'c','resources':{'requests':{'cpu':'2'}}}]}}".replace('\'', '"');
            assertThat(api.patch(pods + "/p", "strategic-merge-patch+json", larger)
                            .code())
                    .isEqualTo(422);
            TestApi.Reply resized = api.patch(pods + "/p/resize", "strategic-merge-patch+json", larger);
            assertThat(resized.json()
                            .at("/spec/containers/0/resources/requests/cpu")
                            .asText())
                    .isEqualTo("2");
            assertThat(api.post(pods + "/p/eviction", "{'metadata':{'name':'p'}}".replace('\'', '"'))
                            .code())
                    .isEqualTo(201);
        }
    }

    @Test
    void certificatesAreApprovedAndTokensIssued() {
        try (TestApi api = TestApi.start()) {
            api.namespace("shop");
            JsonNode request = Cases.read("/rules/good.json").stream()
                    .filter(c -> c.path("case").asText().equals("signing request"))
                    .findFirst()
                    .orElseThrow()
                    .path("object");
            String requests = "/apis/certificates.k8s.io/v1/certificatesigningrequests";
            api.post(requests, request.toString());
            ObjectNode approved = (ObjectNode) api.get(requests + "/a").json();
            approved.putObject("status")
                    .putArray("conditions")
                    .addObject()
                    .put("type", "Approved")
                    .put("status", "True");
            assertThat(api.put(requests + "/a/status", approved.toString()).code())
                    .isEqualTo(422);
            TestApi.Reply answer = api.put(requests + "/a/approval", approved.toString());
            assertThat(answer.json().at("/status/conditions/0/type").asText()).isEqualTo("Approved");
            TestApi.Reply token = api.post("/api/v1/namespaces/shop/serviceaccounts/default/token", "{\"spec\":{}}");
            assertThat(token.json().at("/status/token").asText()).contains(".");
        }
    }
}
