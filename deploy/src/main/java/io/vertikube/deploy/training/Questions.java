package io.vertikube.deploy.training;

import io.vertikube.client.ApiClient;
import java.nio.charset.StandardCharsets;

/** A few requests of each sort that kubectl, controllers and nodes send. Blocks. */
final class Questions {

    static final String TABLES = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    private static final String METADATA =
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
    private static final String DISCOVERY =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    private static final String DEPLOYMENTS = "/apis/apps/v1/namespaces/default/deployments";
    /** Of two pods. */
    static final String DEPLOYMENT = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"train","namespace":"default"},
             "spec":{"replicas":2,"selector":{"matchLabels":{"app":"train"}},
              "template":{"metadata":{"labels":{"app":"train"}},
               "spec":{"containers":[{"name":"c","image":"train:1","env":[{"name":"A","value":"b"}],
                "resources":{"requests":{"cpu":"10m","memory":"8Mi"}}}]}}}}
            """;

    private static final String SERVICE = """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"train","namespace":"default"},
             "spec":{"selector":{"app":"train"},"ports":[{"name":"http","port":80}]}}
            """;
    private static final String LEASE = """
            {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"train","namespace":"default"},
             "spec":{"holderIdentity":"a","leaseDurationSeconds":15}}
            """;

    private Questions() {}

    static void askAll(ApiClient client) {
        get(client, "/api", DISCOVERY);
        get(client, "/apis", DISCOVERY);
        get(client, "/apis/apps/v1", "application/json");
        get(client, "/openapi/v3", "application/json");
        get(client, "/version", "application/json");
        send(client, "POST", DEPLOYMENTS, "application/json", DEPLOYMENT);
        send(client, "POST", "/api/v1/namespaces/default/services", "application/json", SERVICE);
        send(client, "POST", "/apis/coordination.k8s.io/v1/namespaces/default/leases", "application/json", LEASE);
        String one = DEPLOYMENTS + "/train";
        send(client, "PATCH", one, "application/merge-patch+json", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        send(client, "PATCH", one, "application/strategic-merge-patch+json", "{\"spec\":{\"replicas\":3}}");
        send(client, "PATCH", one + "?fieldManager=train&force=true", "application/apply-patch+yaml", DEPLOYMENT);
        send(
                client,
                "PATCH",
                one + "/status",
                "application/merge-patch+json",
                "{\"status\":{\"replicas\":3,\"observedGeneration\":1}}");
        get(client, DEPLOYMENTS, TABLES);
        get(client, "/api/v1/services?labelSelector=a%3Db&limit=5", "application/json");
        get(client, "/api/v1/secrets", METADATA);
        get(client, "/api/v1/services?watch=1&timeoutSeconds=1&allowWatchBookmarks=true", "application/json");
        client.raw("DELETE", one, null, null);
    }

    private static void get(ApiClient client, String path, String accept) {
        client.raw("GET", path, null, null, accept);
    }

    private static void send(ApiClient client, String method, String path, String type, String body) {
        client.raw(method, path, type, body.getBytes(StandardCharsets.UTF_8));
    }
}
