package io.vertikube.apiserver;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.vertikube.client.KubeConfig;
import io.vertikube.object.Json;
import io.vertikube.service.Certificates;
import io.vertikube.service.Keys;
import io.vertx.core.Vertx;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.yaml.snakeyaml.Yaml;

/** A real server in this JVM, and a plain HTTPS client that shows everything of an answer. */
public final class TestApi implements AutoCloseable {

    /** An answer with its body read. */
    public record Reply(int code, java.net.http.HttpHeaders headers, byte[] body) {

        public JsonNode json() {
            return body.length == 0 ? MissingNode.getInstance() : Json.tree(body);
        }

        public String text() {
            return new String(body, StandardCharsets.UTF_8);
        }

        public String header(String name) {
            return headers.firstValue(name).orElse("");
        }
    }

    private final Vertx vertx = Vertx.vertx();
    private final ApiServer server;
    private final HttpClient admin;

    private TestApi(ApiServerOptions options, MeterRegistry meters) {
        this.server = ApiServer.start(vertx, options, meters);
        this.admin = client(server.adminConfig());
    }

    public static TestApi start() {
        return start(ApiServerOptions.forTests());
    }

    public static TestApi start(ApiServerOptions options) {
        return start(options, new SimpleMeterRegistry());
    }

    /** With meters to look at. */
    public static TestApi start(ApiServerOptions options, MeterRegistry meters) {
        return new TestApi(options, meters);
    }

    public ApiServer server() {
        return server;
    }

    public Vertx vertx() {
        return vertx;
    }

    /** A namespace as controllers would leave it: with its default account. */
    public void namespace(String name) {
        post("/api/v1/namespaces", "{\"metadata\":{\"name\":\"" + name + "\"}}");
        post("/api/v1/namespaces/" + name + "/serviceaccounts", "{\"metadata\":{\"name\":\"default\"}}");
    }

    /** What is easier to read as YAML. */
    public static JsonNode yaml(String text) {
        return Json.mapper().valueToTree(new Yaml().load(text));
    }

    public Reply get(String path, String... headers) {
        return send(admin, "GET", path, null, headers);
    }

    public Reply post(String path, String body, String... headers) {
        return send(admin, "POST", path, body, with(headers, "Content-Type", "application/json"));
    }

    public Reply put(String path, String body, String... headers) {
        return send(admin, "PUT", path, body, with(headers, "Content-Type", "application/json"));
    }

    public Reply patch(String path, String type, String body, String... headers) {
        return send(admin, "PATCH", path, body, with(headers, "Content-Type", "application/" + type));
    }

    public Reply delete(String path, String... headers) {
        return send(admin, "DELETE", path, null, headers);
    }

    public Reply delete(String path, JsonNode options) {
        return send(admin, "DELETE", path, options.toString(), "Content-Type", "application/json");
    }

    public Reply send(HttpClient client, String method, String path, String body, String... headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path))
                    .timeout(Duration.ofSeconds(20))
                    .method(
                            method,
                            body == null
                                    ? HttpRequest.BodyPublishers.noBody()
                                    : HttpRequest.BodyPublishers.ofString(body));
            for (int i = 0; i < headers.length; i += 2) {
                request.setHeader(headers[i], headers[i + 1]);
            }
            HttpResponse<byte[]> response = client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
            return new Reply(response.statusCode(), response.headers(), response.body());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The lines of a watch as they come; close it. */
    public Stream<String> lines(String path, String... headers) {
        try {
            HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(server.uri() + path));
            for (int i = 0; i < headers.length; i += 2) {
                request.setHeader(headers[i], headers[i + 1]);
            }
            return admin.send(request.build(), HttpResponse.BodyHandlers.ofLines())
                    .body();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpClient admin() {
        return admin;
    }

    /** A client with the identity of a kubeconfig, or none. */
    public HttpClient client(KubeConfig config) {
        try {
            return HttpClient.newBuilder()
                    .sslContext(tls(config))
                    .connectTimeout(Duration.ofSeconds(10))
                    .build();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpClient stranger() {
        return client(KubeConfig.withToken(server.uri(), server.adminConfig().caPem(), "none"));
    }

    private static SSLContext tls(KubeConfig config) throws GeneralSecurityException, IOException {
        KeyStore trust = KeyStore.getInstance("PKCS12");
        trust.load(null, null);
        trust.setCertificateEntry("ca", Certificates.readCertificate(config.caPem()));
        TrustManagerFactory trusting = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trusting.init(trust);
        KeyManagerFactory keys = null;
        if (config.certPem() != null && config.keyPem() != null) {
            KeyStore own = KeyStore.getInstance("PKCS12");
            own.load(null, null);
            List<Certificate> chain = new ArrayList<>();
            for (Certificate certificate : CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(config.certPem()))) {
                chain.add(certificate);
            }
            own.setKeyEntry("me", Keys.read(config.keyPem()), new char[0], chain.toArray(new X509Certificate[0]));
            keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, new char[0]);
        }
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys == null ? null : keys.getKeyManagers(), trusting.getTrustManagers(), null);
        return context;
    }

    private static String[] with(String[] headers, String name, String value) {
        for (int i = 0; i < headers.length; i += 2) {
            if (headers[i].equalsIgnoreCase(name)) {
                return headers;
            }
        }
        String[] more = java.util.Arrays.copyOf(headers, headers.length + 2);
        more[headers.length] = name;
        more[headers.length + 1] = value;
        return more;
    }

    @Override
    public void close() {
        admin.shutdownNow();
        server.close();
        vertx.close().await();
    }
}
