package io.vertikube.apiserver.flow;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.apiserver.admission.InMemory;
import io.vertikube.apiserver.authn.UserInfo;
import io.vertikube.apiserver.front.Query;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.apiserver.resource.Cases;
import io.vertikube.apiserver.storage.Read;
import io.vertikube.object.JsonTrees;
import io.vertx.core.MultiMap;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which schema a request belongs to, by those that every cluster has and some more. */
final class FlowsTest {

    private static final String PREFIX = "/registry/flowcontrol.apiserver.k8s.io/";

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private InMemory memory;
    private Flows flows;

    @BeforeEach
    void start() throws IOException {
        memory = new InMemory();
        flows = new Flows(meters, 600);
        try (InputStream in = Cases.class.getResourceAsStream("/bootstrap/flowcontrol.json")) {
            JsonNode table = JsonTrees.read(in);
            put(table.path("flowSchemas"), "FlowSchema");
            put(table.path("priorityLevelConfigurations"), "PriorityLevelConfiguration");
        }
        follow();
    }

    @AfterEach
    void stop() {
        memory.close();
    }

    private void put(JsonNode rows, String kind) {
        for (JsonNode row : rows) {
            memory.put("{'apiVersion':'flowcontrol.apiserver.k8s.io/v1','kind':'" + kind + "','metadata':{'name':"
                    + row.path("name") + "},'spec':" + row.path("spec") + "}");
        }
    }

    private void follow() {
        var now = memory.storage.snapshot(Read.latest());
        flows.follow(
                now.under(PREFIX + "flowschemas/").values().stream()
                        .map(FlowSchema::of)
                        .toList(),
                now.under(PREFIX + "prioritylevelconfigurations/").values().stream()
                        .map(LevelRule::of)
                        .toList());
    }

    private Flow flow(String user, String groups, String method, String path) {
        var who = new UserInfo(user, "", List.of(groups.split(" ")), Map.of());
        return flows.of(who, RequestInfo.of(method, path, new Query(MultiMap.caseInsensitiveMultiMap())));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            admin       | system:masters system:authenticated | GET | /api/v1/pods | exempt | exempt
            jane        | system:authenticated | GET  | /healthz | probes | exempt
            jane        | system:authenticated | POST | /healthz | global-default | global-default
            jane        | system:authenticated | GET  | /apis    | global-default | global-default
            system:node:n | system:nodes system:authenticated | PUT | /api/v1/nodes/n/status | system-node-high | node-high
            system:node:n | system:nodes system:authenticated | GET | /api/v1/namespaces/a/secrets/s | system-nodes | system
            system:kube-scheduler | system:authenticated | PUT | /apis/coordination.k8s.io/v1/namespaces/kube-system/leases/l | system-leader-election | leader-election
            system:kube-scheduler | system:authenticated | GET | /api/v1/pods | kube-scheduler | workload-high
            system:serviceaccount:kube-system:x | system:serviceaccounts system:authenticated | GET | /api/v1/pods | kube-system-service-accounts | workload-high
            system:serviceaccount:default:x | system:serviceaccounts system:authenticated | GET | /api/v1/pods | service-accounts | workload-low
            nobody      | of-no-group | GET | /api/v1/pods | catch-all | catch-all
            """)
    void aRequestBelongsToTheFirstSchemaThatMatches(
            String user, String groups, String method, String path, String schema, String level) {
        Flow flow = flow(user, groups, method, path);
        assertThat(flow.schema().name()).isEqualTo(schema);
        assertThat(flow.level().rule().name()).isEqualTo(level);
        assertThat(flow.level().rule().exempt()).isEqualTo(level.equals("exempt"));
    }

    @Test
    void aSchemaWhoseLevelIsNotThereCountsForNothing() {
        memory.put("{'apiVersion':'flowcontrol.apiserver.k8s.io/v1','kind':'FlowSchema','metadata':{'name':'mine'},"
                + "'spec':{'matchingPrecedence':10,'priorityLevelConfiguration':{'name':'mine'},'rules':[{'subjects':"
                + "[{'kind':'User','user':{'name':'jane'}}],'resourceRules':[{'verbs':['*'],'apiGroups':['*'],"
                + "'resources':['*'],'namespaces':['a']}]}]}}");
        follow();
        String inA = "/api/v1/namespaces/a/pods";
        assertThat(flow("jane", "system:authenticated", "GET", inA).schema().name())
                .isEqualTo("global-default");
        memory.put("{'apiVersion':'flowcontrol.apiserver.k8s.io/v1','kind':'PriorityLevelConfiguration',"
                + "'metadata':{'name':'mine'},'spec':{'type':'Limited','limited':{'nominalConcurrencyShares':5,"
                + "'limitResponse':{'type':'Reject'}}}}");
        follow();
        assertThat(flow("jane", "system:authenticated", "GET", inA).schema().name())
                .isEqualTo("mine");
        assertThat(flow("jane", "system:authenticated", "GET", "/api/v1/pods")
                        .schema()
                        .name())
                .isEqualTo("global-default");
    }

    @Test
    void withoutAnythingStoredAdministratorsAreExemptAndOthersShare() {
        flows.follow(List.of(), List.of());
        assertThat(flow("admin", "system:masters", "GET", "/api").schema().name())
                .isEqualTo("exempt");
        assertThat(flow("jane", "x", "GET", "/api").level().limit()).isEqualTo(600);
    }

    @Test
    void seatsAreDividedByShares() {
        var limits = new ArrayList<String>();
        for (String who : List.of("system:nodes", "system:serviceaccounts")) {
            Level level = flow("u", who, "GET", "/api/v1/pods").level();
            limits.add(level.rule().name() + " " + level.nominal());
        }
        // 600 seats, 245 shares: system has 30 of them, workload-low 100.
        assertThat(limits).containsExactly("system 74", "workload-low 245");
    }

    @Test
    void aLevelThatComesAgainIsMeasuredAgain() {
        for (int shares : List.of(100, 5)) {
            flows.follow(List.of(), List.of(new LevelRule("again", "", false, shares, 0, -1, 0, 0, 0)));
            assertThat(meters.get("apiserver.flowcontrol.nominal.limit.seats")
                            .tag("priority_level", "again")
                            .gauge()
                            .value())
                    .isEqualTo(Math.ceilDiv(600 * shares, shares + 5));
            flows.follow(List.of(), List.of());
            assertThat(meters.find("apiserver.flowcontrol.nominal.limit.seats")
                            .tag("priority_level", "again")
                            .gauge())
                    .isNull();
        }
    }
}
