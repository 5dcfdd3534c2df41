package io.vertikube.apiserver.crd;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.vertikube.apiserver.TestApi;
import io.vertikube.object.Json;
import io.vertikube.service.Certificates;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.net.PemKeyCertOptions;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;

/** A webhook that converts hosts: {@code address: a:80} of v1 is {@code host: a, port: "80"} of v2. */
final class ConvertingServer implements AutoCloseable {

    private final TestApi api;
    private final HttpServer server;
    private final byte[] authority;

    private ConvertingServer(TestApi api, HttpServer server, byte[] authority) {
        this.api = api;
        this.server = server;
        this.authority = authority;
    }

    static ConvertingServer start(TestApi api) {
        Certificates ca = Certificates.create("webhooks", InstantSource.system());
        Certificates.Pair own = ca.server("webhook", List.of("converter.space.svc"), List.of("127.0.0.1"));
        HttpServer server = api.vertx()
                .createHttpServer(new HttpServerOptions()
                        .setSsl(true)
                        .setHost("127.0.0.1")
                        .setPort(0)
                        .setKeyCertOptions(new PemKeyCertOptions()
                                .addCertValue(Buffer.buffer(own.certificate()))
                                .addKeyValue(Buffer.buffer(own.key()))))
                .requestHandler(request -> request.body()
                        .onSuccess(body -> request.response()
                                .putHeader("Content-Type", "application/json")
                                .end(Buffer.buffer(answer(body.getBytes())))))
                .listen()
                .await();
        return new ConvertingServer(api, server, ca.authorityPem());
    }

    static String otherAuthority() {
        return Base64.getEncoder()
                .encodeToString(
                        Certificates.create("others", InstantSource.system()).authorityPem());
    }

    ObjectNode clientConfig() {
        return Json.object()
                .put("url", "https://127.0.0.1:" + server.actualPort() + "/convert")
                .put("caBundle", Base64.getEncoder().encodeToString(authority));
    }

    /** Makes a Service whose one endpoint this is. */
    void asService(String namespace, String name) {
        api.post(
                "/api/v1/namespaces/" + namespace + "/services",
                "{\"metadata\":{\"name\":\"%s\"},\"spec\":{\"ports\":[{\"port\":443,\"targetPort\":%d}]}}"
                        .formatted(name, server.actualPort()));
        TestApi.Reply made =
                api.post("/apis/discovery.k8s.io/v1/namespaces/" + namespace + "/endpointslices", """
                {"metadata":{"name":"%s-1","labels":{"kubernetes.io/service-name":"%s"}},"addressType":"IPv4",
                 "endpoints":[{"addresses":["10.0.0.1"],"conditions":{"ready":false}}],
                 "ports":[{"name":"","port":%d}]}""".formatted(
                                name, name, server.actualPort()));
        // Slices may not name loopback addresses, so the test puts it behind the API.
        var stored = api.server()
                .storage()
                .snapshot(io.vertikube.apiserver.storage.Read.latest())
                .get("/registry/discovery.k8s.io/endpointslices/" + namespace + "/" + name + "-1")
                .orElseThrow(() -> new IllegalStateException(made.text()));
        ObjectNode slice = stored.tree();
        slice.withArray("/endpoints").removeAll();
        slice.withArray("/endpoints").addObject().putArray("addresses").add("127.0.0.1");
        api.server().storage().update(stored.key(), stored.revision(), slice);
    }

    private static byte[] answer(byte[] body) {
        JsonNode review = Json.tree(body);
        JsonNode request = review.path("request");
        ObjectNode answer = Json.object();
        answer.put("kind", "ConversionReview")
                .put("apiVersion", review.path("apiVersion").asText());
        ObjectNode response = answer.putObject("response");
        response.put("uid", request.path("uid").asText());
        ArrayNode converted = response.putArray("convertedObjects");
        ObjectNode result = response.putObject("result").put("status", "Success");
        for (JsonNode object : request.path("objects")) {
            converted.add(converted(object, request.path("desiredAPIVersion").asText()));
            switch (object.path("spec").path("behave").asText()) {
                case "rename" -> ((ObjectNode) converted.get(0).path("metadata")).put("name", "other");
                case "fail" -> result.put("status", "Failed").put("message", "I will not");
                case "few" -> converted.removeAll();
                case "stranger" -> response.put("uid", "another");
                default -> {}
            }
        }
        return Json.bytes(answer);
    }

    private static ObjectNode converted(JsonNode object, String apiVersion) {
        ObjectNode other = object.deepCopy();
        other.put("apiVersion", apiVersion);
        ObjectNode spec = other.withObject("/spec");
        if (apiVersion.endsWith("/v2") && spec.has("address")) {
            String[] parts = spec.remove("address").asText().split(":");
            spec.put("host", parts[0]).put("port", parts[1]);
        } else if (apiVersion.endsWith("/v1") && spec.has("host")) {
            spec.put(
                    "address",
                    spec.remove("host").asText() + ":" + spec.remove("port").asText());
        }
        return other;
    }

    @Override
    public void close() {
        server.close().await();
    }
}
