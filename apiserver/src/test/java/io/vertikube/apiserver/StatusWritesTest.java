package io.vertikube.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a write through /status reaches of an object beside its status, and what may be said of a pod. */
final class StatusWritesTest {

    private static final String MERGE = "merge-patch+json";
    private static final String META = "{'metadata':{'labels':{'a':'b'},'annotations':{'c':'d'},'finalizers':['e.f/g'],"
            + "'ownerReferences':[{'apiVersion':'v1','kind':'ConfigMap','name':'h','uid':'i'}]}}";

    private static TestApi api;

    @BeforeAll
    static void start() {
        api = TestApi.start();
        api.namespace("default");
        api.post("/api/v1/namespaces/default/serviceaccounts", json("{'metadata':{'name':'default'}}"));
    }

    @AfterAll
    static void stop() {
        api.close();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }

    private static TestApi.Reply status(String path, String patch) {
        return api.patch(path + "/status", MERGE, json(patch));
    }

    private static String pod(String name) {
        String pods = "/api/v1/namespaces/default/pods";
        TestApi.Reply made = api.post(
                pods, json("{'metadata':{'name':'" + name + "'},'spec':{'containers':[{'name':'c','image':'i'}]}}"));
        assertThat(made.code()).as(made.text()).isEqualTo(201);
        return pods + "/" + name;
    }

    private static void reaches(String path, boolean labels, boolean finalizers, boolean owners) {
        TestApi.Reply reply = status(path, META);
        assertThat(reply.code()).as(reply.text()).isEqualTo(200);
        JsonNode metadata = api.get(path).json().path("metadata");
        assertThat(metadata.path("labels").has("a")).isEqualTo(labels);
        assertThat(metadata.path("finalizers").toString().contains("e.f/g")).isEqualTo(finalizers);
        assertThat(metadata.has("ownerReferences")).isEqualTo(owners);
        String managed = "";
        for (JsonNode manager : metadata.path("managedFields")) {
            if (manager.path("subresource").asText().equals("status")) {
                managed = manager.path("fieldsV1").toString();
            }
        }
        assertThat(managed.contains("f:labels")).as(managed).isEqualTo(labels);
        assertThat(managed.contains("f:finalizers")).as(managed).isEqualTo(finalizers);
        assertThat(managed.contains("f:ownerReferences")).as(managed).isEqualTo(owners);
        api.patch(path, MERGE, json("{'metadata':{'finalizers':null}}"));
    }

    /** A kubelet of a pod may end what it has put on the pod itself; owners are for others. */
    @Test
    void whatItReachesOfMetadataDependsOnTheKind() {
        reaches(pod("reached"), true, true, false);
        String deployments = "/apis/apps/v1/namespaces/default/deployments";
        api.post(
                deployments,
                json("{'metadata':{'name':'d'},'spec':{'selector':{'matchLabels':{'x':'y'}},'template':{'metadata':"
                        + "{'labels':{'x':'y'}},'spec':{'containers':[{'name':'c','image':'i'}]}}}}"));
        reaches(deployments + "/d", false, true, true);
        String flows = "/apis/flowcontrol.apiserver.k8s.io/v1/flowschemas";
        api.post(
                flows,
                json("{'metadata':{'name':'f'},'spec':{'priorityLevelConfiguration':{'name':'exempt'},"
                        + "'matchingPrecedence':5}}"));
        reaches(flows + "/f", false, false, false);
    }

    @Test
    void onePodAddressIsTheFirstOfAll() {
        String pod = pod("addressed");
        assertThat(status(pod, "{'status':{'podIP':'10.0.0.1'}}")
                        .json()
                        .at("/status/podIPs")
                        .toString())
                .isEqualTo(json("[{'ip':'10.0.0.1'}]"));
        assertThat(status(pod, "{'status':{'podIP':'10.0.0.2','podIPs':[{'ip':'10.0.0.1'}]}}")
                        .json()
                        .at("/status/podIPs")
                        .toString())
                .isEqualTo(json("[{'ip':'10.0.0.2'}]"));
        assertThat(status(pod, "{'status':{'podIP':null,'podIPs':[{'ip':'10.0.0.3'},{'ip':'fd::1'}]}}")
                        .json()
                        .at("/status/podIP")
                        .asText())
                .isEqualTo("10.0.0.3");
    }

    @Test
    void whatCannotBeOfAPodIsRefused() {
        String pod = pod("refused");
        assertThat(refused(pod, "{'podIPs':[{'ip':'x'}]}"))
                .isEqualTo("status.podIPs[0]: Invalid value: \"x\": must be a valid IP address, (e.g. 10.9.8.7 or"
                        + " 2001:db8::ffff)");
        assertThat(refused(pod, "{'podIPs':[{'ip':'10.0.0.1'},{'ip':'10.0.0.2'}]}"))
                .endsWith("may specify no more than one IP for each IP family");
        assertThat(refused(pod, "{'hostIP':'10.0.0.1','hostIPs':[{'ip':'10.0.0.2'}]}"))
                .isEqualTo("status.hostIPs[0].ip: Invalid value: \"10.0.0.2\": must be equal to `hostIP`");
        assertThat(refused(pod, "{'conditions':[{'type':'a b','status':'True'}]}"))
                .startsWith("status.conditions[0].Type: Invalid value: \"a b\": name part must consist of");
        assertThat(refused(pod, "{'nominatedNodeName':'A_b'}")).startsWith("status.nominatedNodeName: Invalid value");
        assertThat(refused(pod, "{'resourceClaimStatuses':[{'name':'gpu'}]}"))
                .isEqualTo("status.resourceClaimStatuses[0].name: Invalid value: \"gpu\": must match the name of an"
                        + " entry in `spec.resourceClaims`");
    }

    private static String refused(String pod, String status) {
        TestApi.Reply reply = status(pod, "{'status':" + status + "}");
        assertThat(reply.code()).as(reply.text()).isEqualTo(422);
        String message = reply.json().path("message").asText();
        return message.substring(message.indexOf(" is invalid: ") + " is invalid: ".length());
    }
}
