package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * HTTP requests of probes and lifecycle hooks: no certificate is checked, no connection is kept. Blocks; safe for any
 * virtual thread.
 */
final class HttpCall implements AutoCloseable {

    private static final String AGENT = "kube-probe/1.32";
    private static final int SHOWN = 1024;

    private final HttpClient client;

    HttpCall(Vertx vertx) {
        client = vertx.createHttpClient(new HttpClientOptions()
                .setKeepAlive(false)
                .setTrustAll(true)
                .setVerifyHost(false)
                .setMaxRedirects(10));
    }

    /** Sends the request; below 400 is success. */
    ProbeResult get(HTTPGetAction action, ProbeTarget target, Duration timeout) {
        boolean https = "HTTPS".equalsIgnoreCase(action.getScheme());
        String host = action.getHost() == null || action.getHost().isEmpty() ? target.podIp() : action.getHost();
        int port = target.port(action.getPort());
        String path = action.getPath() == null || action.getPath().isEmpty() ? "/" : action.getPath();
        String shown = (https ? "https" : "http") + "://" + host + ":" + port + path;
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(host)
                .setPort(port)
                .setURI(path.startsWith("/") ? path : "/" + path)
                .setSsl(https)
                .setFollowRedirects(true)
                .setConnectTimeout(timeout.toMillis())
                .setTimeout(timeout.toMillis())
                .putHeader("User-Agent", AGENT)
                .putHeader("Accept", "*/*")
                .putHeader("Connection", "close");
        for (HTTPHeader header : Objects.requireNonNullElse(action.getHttpHeaders(), List.<HTTPHeader>of())) {
            if (header.getName().equalsIgnoreCase("Host")) {
                options.putHeader("Host", header.getValue());
            } else {
                options.putHeader(header.getName(), header.getValue());
            }
        }
        try {
            return client.request(options)
                    .compose(request -> request.send()
                            .compose(response -> response.body().map(body -> result(response.statusCode(), body))))
                    .await(timeout.toMillis(), TimeUnit.MILLISECONDS);
        } catch (Exception e) {
            return ProbeResult.failure("Get \"" + shown + "\": " + why(e));
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private static ProbeResult result(int code, Buffer body) {
        if (code >= 200 && code < 400) {
            return ProbeResult.ok();
        }
        String text = body.toString();
        String failure = "HTTP probe failed with statuscode: " + code;
        return ProbeResult.failure(
                text.isBlank() ? failure : failure + ": " + text.substring(0, Math.min(SHOWN, text.length())));
    }

    private static String why(Exception e) {
        return e instanceof java.util.concurrent.TimeoutException
                ? "context deadline exceeded"
                : String.valueOf(e.getMessage());
    }
}
