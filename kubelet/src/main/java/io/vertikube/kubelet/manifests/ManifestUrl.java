package io.vertikube.kubelet.manifests;

import io.fabric8.kubernetes.api.model.Pod;
import io.vertikube.control.Rounds;
import io.vertx.core.MultiMap;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.RequestOptions;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The manifests behind an address, a Pod or a PodList, asked for every while ("web-hosted static pod manifest" in the
 * documentation). An answer that cannot be used changes nothing. One virtual thread.
 */
final class ManifestUrl implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(ManifestUrl.class);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** As much as Kubernetes takes of such an answer. */
    private static final int LARGEST = 10 << 20;

    private final HttpClient client;
    private final ManifestOptions options;
    private final URI url;
    private final String nodeName;
    private final InstantSource clock;
    private final Consumer<Map<String, Pod>> wanted;
    private final Rounds rounds;
    private @Nullable Buffer before;
    private String complaint = "";

    private record Answer(int code, String reason, Buffer body) {}

    /** {@code wanted} is told of all pods, by uid, with the first good answer and whenever they change. */
    ManifestUrl(
            Vertx vertx,
            ManifestOptions options,
            URI url,
            String nodeName,
            InstantSource clock,
            Consumer<Map<String, Pod>> wanted) {
        this.client = vertx.createHttpClient(new HttpClientOptions().setKeepAlive(false));
        this.options = options;
        this.url = url;
        this.nodeName = nodeName;
        this.clock = clock;
        this.wanted = wanted;
        this.rounds = new Rounds(
                "manifest-url",
                Duration.ZERO,
                options.httpCheck(),
                this::round,
                "static pods are asked for again later",
                ManifestProblem.class);
    }

    void start() {
        rounds.start();
    }

    @Override
    public void close() {
        rounds.close();
        client.close();
    }

    private void round() throws InterruptedException {
        try {
            look();
            complaint = "";
        } catch (IOException | ManifestProblem e) {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            String why = String.valueOf(e.getMessage());
            if (!why.equals(complaint)) {
                LOG.error("the static pods of {} stay as they were: {}", shown(), why);
            }
            complaint = why;
        }
    }

    private void look() throws IOException, InterruptedException {
        Buffer body = ask();
        if (body.equals(before)) {
            return;
        }
        Map<String, Pod> pods = new LinkedHashMap<>();
        for (Pod pod : Manifest.readAll(body.getBytes(), url.toString(), nodeName, clock.instant())) {
            pods.put(pod.getMetadata().getUid(), pod);
        }
        wanted.accept(pods);
        before = body;
    }

    private Buffer ask() throws IOException, InterruptedException {
        var request = new RequestOptions()
                .setAbsoluteURI(url.toString())
                .setFollowRedirects(true)
                .setConnectTimeout(PATIENCE.toMillis())
                .setTimeout(PATIENCE.toMillis());
        MultiMap headers = MultiMap.caseInsensitiveMultiMap();
        options.headers().forEach(headers::add);
        request.setHeaders(headers);
        Answer answer;
        try {
            answer = client.request(request)
                    .compose(call -> call.send()
                            .compose(response -> response.body()
                                    .map(body -> new Answer(response.statusCode(), response.statusMessage(), body))))
                    .await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new IOException("no answer within " + PATIENCE.toSeconds() + " s", e);
        } catch (Exception e) {
            if (e instanceof InterruptedException end) {
                throw end;
            }
            throw new IOException(e.getMessage() == null ? e.toString() : e.getMessage(), e);
        }
        if (answer.code() != 200) {
            throw new IOException(answer.code() + " " + answer.reason());
        }
        if (answer.body().length() == 0) {
            throw new ManifestProblem("the answer is empty: a PodList without items says that there are none");
        }
        if (answer.body().length() > LARGEST) {
            throw new ManifestProblem("larger than " + LARGEST + " bytes");
        }
        return answer.body();
    }

    /** An address may hold a password, which is nobody's who reads a log. */
    private String shown() {
        String user = url.getRawUserInfo();
        return user == null ? url.toString() : url.toString().replace(user + "@", "");
    }
}
