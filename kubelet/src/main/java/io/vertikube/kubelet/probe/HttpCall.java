package io.vertikube.kubelet.probe;

import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.HTTPHeader;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * HTTP requests of probes and lifecycle hooks: no certificate is checked, no connection is kept, and a redirect is
 * followed to the same host only, so that no answer of a pod sends the node elsewhere. Blocks; safe for any virtual thread.
 */
final class HttpCall implements AutoCloseable {

    private static final String AGENT = "kube-probe/1.32";
    private static final int MOST_REDIRECTS = 10;
    private static final int SHOWN = 1024;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final HttpClient client;

    HttpCall(Vertx vertx) {
        client = vertx.createHttpClient(
                new HttpClientOptions().setKeepAlive(false).setTrustAll(true).setVerifyHost(false));
    }

    private record Answer(int code, @Nullable String location, Buffer body) {}

    /** Sends the request; below 400 is success, a redirect that is not followed a warning. */
    ProbeResult get(HTTPGetAction action, ProbeTarget target, Duration timeout) {
        String scheme = "HTTPS".equalsIgnoreCase(action.getScheme()) ? "https" : "http";
        String host = action.getHost() == null || action.getHost().isEmpty() ? target.podIp() : action.getHost();
        String path = action.getPath() == null ? "" : action.getPath();
        String first = scheme + "://" + (host.contains(":") ? "[" + host + "]" : host) + ":"
                + target.port(action.getPort()) + (path.startsWith("/") ? path : "/" + path);
        long deadline = System.nanoTime() + timeout.toNanos();
        try {
            return follow(URI.create(first), action, deadline);
        } catch (IllegalArgumentException e) {
            return failure(first, String.valueOf(e.getMessage()));
        }
    }

    private ProbeResult follow(URI first, HTTPGetAction action, long deadline) {
        URI at = first;
        try {
            for (int redirects = 0; redirects < MOST_REDIRECTS; redirects++) {
                Answer answer = ask(at, action, Duration.ofNanos(deadline - System.nanoTime()));
                String location = answer.location();
                if (!REDIRECTS.contains(answer.code()) || location == null) {
                    return result(answer);
                }
                URI next = at.resolve(location);
                if (!Objects.equals(next.getHost(), at.getHost())) {
                    return result(answer);
                }
                at = next;
            }
            return failure(at.toString(), "stopped after " + MOST_REDIRECTS + " redirects");
        } catch (Exception e) {
            return failure(at.toString(), ConnectionProblem.asking(host(at), port(at), e));
        }
    }

    @Override
    public void close() {
        client.close();
    }

    private Answer ask(URI at, HTTPGetAction action, Duration timeout) throws TimeoutException {
        long millis = Math.max(1, timeout.toMillis());
        boolean https = "https".equalsIgnoreCase(at.getScheme());
        String path = at.getRawPath() == null || at.getRawPath().isEmpty() ? "/" : at.getRawPath();
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setHost(host(at))
                .setPort(port(at))
                .setURI(at.getRawQuery() == null ? path : path + "?" + at.getRawQuery())
                .setSsl(https)
                .setConnectTimeout(millis)
                .setTimeout(millis)
                .setHeaders(headers(action));
        return client.request(options)
                .compose(request -> request.send()
                        .compose(response -> response.body()
                                .map(body -> new Answer(response.statusCode(), response.getHeader("Location"), body))))
                .await(millis, TimeUnit.MILLISECONDS);
    }

    /** The probe's own headers take the place of ours; one that it names twice is sent twice. */
    private static MultiMap headers(HTTPGetAction action) {
        MultiMap headers = MultiMap.caseInsensitiveMultiMap()
                .set("User-Agent", AGENT)
                .set("Accept", "*/*")
                .set("Connection", "close");
        Set<String> seen = new HashSet<>();
        for (HTTPHeader header : Objects.requireNonNullElse(action.getHttpHeaders(), List.<HTTPHeader>of())) {
            if (seen.add(header.getName().toLowerCase(Locale.ROOT))) {
                headers.remove(header.getName());
            }
            headers.add(header.getName(), Objects.requireNonNullElse(header.getValue(), ""));
        }
        return headers;
    }

    private static ProbeResult result(Answer answer) {
        String text = answer.body().toString();
        String shown = text.substring(0, Math.min(SHOWN, text.length()));
        if (answer.code() >= 300 && answer.code() < 400) {
            return ProbeResult.warning("Probe terminated redirects, Response body: " + shown);
        }
        if (answer.code() >= 200 && answer.code() < 300) {
            return ProbeResult.ok();
        }
        return ProbeResult.failure("HTTP probe failed with statuscode: " + answer.code());
    }

    private static ProbeResult failure(String shown, String why) {
        return ProbeResult.failure("Get \"" + shown + "\": " + why);
    }

    private static String host(URI at) {
        return at.getHost().replace("[", "").replace("]", "");
    }

    private static int port(URI at) {
        return at.getPort() > 0 ? at.getPort() : "https".equalsIgnoreCase(at.getScheme()) ? 443 : 80;
    }
}
