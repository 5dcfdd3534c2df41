package io.vertikube.apiserver.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.TestApi;
import io.vertikube.object.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server records of requests that it really got, read back from its log. */
final class AuditTest {

    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    @TempDir
    private Path folder;

    private ApiServerOptions options(String rules) throws IOException {
        Path policy = Files.writeString(
                folder.resolve("policy.yaml"), "apiVersion: audit.k8s.io/v1\nkind: Policy\nrules:\n" + rules);
        return ApiServerOptions.forTests()
                .withAudit(new AuditOptions(
                        policy, folder.resolve("audit.log").toString(), 0, 0, 0, false, null, AuditLimits.DEFAULT));
    }

    /** The events of a server that is closed, about one path. */
    private List<JsonNode> events(String path) throws IOException {
        var events = new ArrayList<JsonNode>();
        for (String line : Files.readAllLines(folder.resolve("audit.log"))) {
            JsonNode event = Json.tree(line.getBytes(StandardCharsets.UTF_8));
            if (event.path("requestURI").asText().startsWith(path)) {
                events.add(event);
            }
        }
        return events;
    }

    private static String stages(List<JsonNode> events) {
        return String.join(
                " ", events.stream().map(event -> event.path("stage").asText()).toList());
    }

    @Test
    void aWriteIsToldWithWhoWhatAndItsOutcome() throws IOException {
        try (TestApi api = TestApi.start(options("- level: RequestResponse\n  omitManagedFields: true\n"))) {
            api.namespace("default");
            api.post(
                    MAPS,
                    "{'metadata':{'name':'m'},'data':{'a':'b'}}".replace('\'', '"'),
                    "User-Agent",
                    "tester/1",
                    "Audit-ID",
                    "the-id",
                    "X-Forwarded-For",
                    "10.1.1.1");
            api.post(MAPS, "{'metadata':{'name':'m'}}".replace('\'', '"'));
            api.patch(MAPS + "/m", "merge-patch+json", "{\"data\":{\"a\":null}}");
        }
        List<JsonNode> events = events(MAPS);
        assertThat(stages(events))
                .isEqualTo("RequestReceived ResponseComplete RequestReceived ResponseComplete"
                        + " RequestReceived ResponseComplete");
        assertThat(events.getFirst().has("responseStatus")).isFalse();
        JsonNode created = events.get(1);
        assertThat(created.path("kind").asText()).isEqualTo("Event");
        assertThat(created.path("apiVersion").asText()).isEqualTo("audit.k8s.io/v1");
        assertThat(created.path("level").asText()).isEqualTo("RequestResponse");
        assertThat(created.path("auditID").asText()).isEqualTo("the-id");
        assertThat(created.path("verb").asText()).isEqualTo("create");
        assertThat(created.at("/user/groups").toString()).contains("system:masters");
        assertThat(created.path("userAgent").asText()).isEqualTo("tester/1");
        assertThat(created.path("sourceIPs").toString()).isEqualTo("[\"10.1.1.1\",\"127.0.0.1\"]");
        assertThat(created.path("objectRef").toString())
                .isEqualTo(
                        "{\"resource\":\"configmaps\",\"namespace\":\"default\",\"name\":\"m\",\"apiVersion\":\"v1\"}");
        assertThat(created.at("/responseStatus/code").asInt()).isEqualTo(201);
        assertThat(created.at("/requestObject/data/a").asText()).isEqualTo("b");
        assertThat(created.at("/responseObject/metadata/uid").asText()).isNotEmpty();
        assertThat(created.at("/responseObject/metadata").has("managedFields")).isFalse();
        assertThat(created.at("/annotations/authorization.k8s.io~1decision").asText())
                .isEqualTo("allow");
        assertThat(created.path("requestReceivedTimestamp").asText())
                .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{6}Z");
        assertThat(events.get(3).at("/responseStatus/reason").asText()).isEqualTo("AlreadyExists");
        assertThat(events.get(3).at("/responseStatus/code").asInt()).isEqualTo(409);
        assertThat(events.get(5).path("requestObject").toString()).isEqualTo("{\"data\":{\"a\":null}}");
    }

    @Test
    void refusedCallersAndThoseWhoActAsOthersAreTold() throws IOException {
        try (TestApi api = TestApi.start(options("- level: Metadata\n  omitStages: [RequestReceived]\n"))) {
            api.send(api.stranger(), "GET", MAPS, null, "Authorization", "Bearer nope");
            api.get(MAPS, "Impersonate-User", "jane");
        }
        List<JsonNode> events = events(MAPS);
        assertThat(stages(events)).isEqualTo("ResponseStarted ResponseComplete");
        assertThat(events.getFirst().path("user").isEmpty()).isTrue();
        assertThat(events.getFirst().path("responseStatus").toString())
                .isEqualTo("{\"metadata\":{},\"status\":\"Failure\","
                        + "\"message\":\"Authentication failed, attempted: bearer\",\"code\":401}");
        JsonNode acted = events.get(1);
        assertThat(acted.at("/user/groups").toString()).contains("system:masters");
        assertThat(acted.at("/impersonatedUser/username").asText()).isEqualTo("jane");
        assertThat(acted.at("/annotations/authorization.k8s.io~1decision").asText())
                .isEqualTo("forbid");
        assertThat(acted.at("/responseStatus/reason").asText()).isEqualTo("Forbidden");
        assertThat(acted.has("requestObject")).isFalse();
    }

    @Test
    void aWatchIsToldWhenItBeginsAndWhenItEnds() throws IOException {
        try (TestApi api = TestApi.start(options("- level: Metadata\n"))) {
            try (Stream<String> lines = api.lines(MAPS + "?watch=true&timeoutSeconds=1")) {
                assertThat(lines.count()).isNotNegative();
            }
        }
        assertThat(stages(events(MAPS))).isEqualTo("RequestReceived ResponseStarted ResponseComplete");
    }

    @Test
    void whatNoRuleTellsIsNotTold() throws IOException {
        try (TestApi api = TestApi.start(
                options("- level: None\n  users: [admin]\n- level: Metadata\n" + "  resources: [{group: apps}]\n"))) {
            api.get(MAPS);
        }
        assertThat(events(MAPS)).isEmpty();
    }

    @Test
    void aServerWithAPolicyThatIsNoneDoesNotStart() throws IOException {
        ApiServerOptions wrong = options("- level: Loud\n");
        assertThatThrownBy(() -> TestApi.start(wrong))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--audit-policy-file")
                .hasMessageContaining("rules[0].level: Unsupported value: \"Loud\"");
    }
}
