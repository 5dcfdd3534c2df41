package io.vertikube.deploy.training;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A few requests of each sort that kubectl, controllers and nodes send. Blocks. */
final class Questions {

    private static final String JSON = "application/json";
    static final String TABLES = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json";
    private static final String METADATA =
            "application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io,application/json";
    private static final String DISCOVERY =
            "application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json";
    /** Of two pods. */
    static final String DEPLOYMENT = """
            {"apiVersion":"apps/v1","kind":"Deployment","metadata":{"name":"train"},
             "spec":{"replicas":2,"selector":{"matchLabels":{"app":"train"}},
              "template":{"metadata":{"labels":{"app":"train"}},
               "spec":{"containers":[{"name":"c","image":"train:1","env":[{"name":"A","value":"b"}],
                "resources":{"requests":{"cpu":"10m","memory":"8Mi"}}}]}}}}
            """;

    private static final String SERVICE = """
            {"apiVersion":"v1","kind":"Service","metadata":{"name":"train"},
             "spec":{"selector":{"app":"train"},"ports":[{"name":"http","port":80}]}}
            """;
    private static final String LEASE = """
            {"apiVersion":"coordination.k8s.io/v1","kind":"Lease","metadata":{"name":"train"},
             "spec":{"holderIdentity":"a","leaseDurationSeconds":15}}
            """;

    /** One way to send a request and to wait for its answer. */
    interface Asker {
        void ask(String method, String path, @Nullable String type, byte @Nullable [] body, String accept);
    }

    private final Asker asker;
    private final String namespace;

    private Questions(Asker asker, String namespace) {
        this.asker = asker;
        this.namespace = namespace;
    }

    /** @param namespace where what is made has no namesakes yet */
    static void askAll(Asker asker, String namespace) {
        new Questions(asker, namespace).askAll();
    }

    private void askAll() {
        String deployments = "/apis/apps/v1/namespaces/" + namespace + "/deployments";
        get("/api", DISCOVERY);
        get("/apis", DISCOVERY);
        get("/apis/apps/v1", JSON);
        get("/openapi/v3", JSON);
        get("/version", JSON);
        send("POST", deployments, JSON, DEPLOYMENT);
        send("POST", "/api/v1/namespaces/" + namespace + "/services", JSON, SERVICE);
        send("POST", "/apis/coordination.k8s.io/v1/namespaces/" + namespace + "/leases", JSON, LEASE);
        String one = deployments + "/train";
        send("PATCH", one, "application/merge-patch+json", "{\"metadata\":{\"labels\":{\"a\":\"b\"}}}");
        send("PATCH", one, "application/strategic-merge-patch+json", "{\"spec\":{\"replicas\":3}}");
        send("PATCH", one + "?fieldManager=train&force=true", "application/apply-patch+yaml", DEPLOYMENT);
        send(
                "PATCH",
                one + "/status",
                "application/merge-patch+json",
                "{\"status\":{\"replicas\":3,\"observedGeneration\":1}}");
        get(deployments, TABLES);
        get("/api/v1/services?labelSelector=a%3Db&limit=5", JSON);
        get("/api/v1/secrets", METADATA);
        get("/api/v1/services?watch=1&timeoutSeconds=1&allowWatchBookmarks=true", JSON);
        asker.ask("DELETE", one, null, null, JSON);
    }

    private void get(String path, String accept) {
        asker.ask("GET", path, null, null, accept);
    }

    private void send(String method, String path, String type, String body) {
        asker.ask(method, path, type, body.getBytes(StandardCharsets.UTF_8), JSON);
    }
}
