package io.vertikube.deploy.bench.apiserver;

import java.nio.charset.StandardCharsets;

/**
 * The objects of a measurement: pods as a Deployment makes them, of 2.5 to 3 KB once defaults and managed fields are
 * there, in namespaces of equal size. No scheduler takes them. Immutable, safe for any thread.
 */
record Pods(String prefix, int perNamespace) {

    private static final String BODY = """
            {"apiVersion":"v1","kind":"Pod","metadata":{"name":"{NAME}","namespace":"{SPACE}","labels":{"app":"web-{APP}",\
            "app.kubernetes.io/name":"web","app.kubernetes.io/part-of":"shop","pod-template-hash":"6d4b75cb6d","tier":"frontend"},\
            "annotations":{"prometheus.io/scrape":"true"}},\
            "spec":{"schedulerName":"bench","restartPolicy":"Always","terminationGracePeriodSeconds":30,\
            "containers":[{"name":"web","image":"registry.example.com/shop/web:1.27.3","imagePullPolicy":"IfNotPresent",\
            "ports":[{"name":"http","containerPort":8080,"protocol":"TCP"}],\
            "env":[{"name":"DATABASE_URL","value":"postgres://db.{SPACE}.svc:5432/shop"}],\
            "resources":{"requests":{"cpu":"100m","memory":"128Mi"}}}]}}""";

    String namespace(long number) {
        return prefix + "-" + number / perNamespace;
    }

    String name(long number) {
        return "web-6d4b75cb6d-" + number;
    }

    /** Where the n-th pod's namespace has its pods. */
    String collection(long number) {
        return "/api/v1/namespaces/" + namespace(number) + "/pods";
    }

    String path(long number) {
        return collection(number) + "/" + name(number);
    }

    byte[] body(long number) {
        return body(name(number), namespace(number), number);
    }

    byte[] body(String name, String namespace, long number) {
        return BODY.replace("{NAME}", name)
                .replace("{SPACE}", namespace)
                .replace("{APP}", Long.toString(number % 50))
                .getBytes(StandardCharsets.UTF_8);
    }
}
