package io.vertikube.client;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Status;
import io.vertikube.catalog.Catalog;
import io.vertikube.catalog.ResourceType;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import io.vertikube.object.Gvk;
import io.vertikube.object.Json;
import io.vertikube.service.TlsIdentity;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.PemTrustOptions;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection to an API server. Calls wait for the answer; a refusal is an {@link ApiException}, a server that cannot
 * be reached an {@link UnreachableException}. 429 answers are tried again after the time they name. Safe for any
 * thread but event loops.
 */
public final class ApiClient implements AutoCloseable {

    private static final Duration REQUEST_TIMEOUT = Duration.ofSeconds(34);
    private static final int TRIES_WHEN_TOO_MANY = 5;
    private static final int CONNECTIONS = 16;

    /** For a connection alone: a request may wait longer until one is free. */
    private static final int CONNECT_MILLIS = 5000;

    private static final int WATCHES = 2000;

    private final Vertx vertx;
    private final KubeConfig config;
    private final String userAgent;
    private final Duration patience;
    private final int tries;
    private final Pace pace;
    private final Supplier<@Nullable String> token;
    private final HttpClient requests;
    private final HttpClient watches;
    private final boolean ownConnections;
    private final Map<Class<?>, TypedClient<?>> clients = new ConcurrentHashMap<>();

    private ApiClient(
            Vertx vertx,
            KubeConfig config,
            String userAgent,
            Supplier<@Nullable String> token,
            Duration patience,
            int tries,
            Pace pace) {
        this.vertx = vertx;
        this.config = config;
        this.userAgent = userAgent;
        this.patience = patience;
        this.tries = tries;
        this.pace = pace;
        this.token = token;
        this.ownConnections = true;
        this.requests = vertx.createHttpClient(options(config, pace), new PoolOptions().setHttp1MaxSize(CONNECTIONS));
        this.watches = vertx.createHttpClient(
                options(config, pace).setTcpKeepAlive(true), new PoolOptions().setHttp1MaxSize(WATCHES));
    }

    private ApiClient(ApiClient connected, String userAgent, Supplier<@Nullable String> token) {
        this.vertx = connected.vertx;
        this.config = connected.config;
        this.userAgent = userAgent;
        this.patience = connected.patience;
        this.tries = connected.tries;
        this.pace = connected.pace;
        this.token = token;
        this.ownConnections = false;
        this.requests = connected.requests;
        this.watches = connected.watches;
    }

    /** Connects lazily: nothing is sent before the first call. */
    public static ApiClient connect(Vertx vertx, KubeConfig config) {
        return connect(vertx, config, "vertikube");
    }

    /**
     * Connects lazily.
     *
     * @param component the name under which the server records our writes, such as {@code kube-scheduler}
     */
    public static ApiClient connect(Vertx vertx, KubeConfig config, String component) {
        return connect(vertx, config, component, Pace.ofMachine());
    }

    /** The same with a pace of its own, at which it and the informers on it try again. */
    public static ApiClient connect(Vertx vertx, KubeConfig config, String component, Pace pace) {
        return new ApiClient(
                vertx,
                config,
                component + "/0.1 (vertikube)",
                config::token,
                REQUEST_TIMEOUT,
                TRIES_WHEN_TOO_MANY,
                pace);
    }

    /**
     * The same server and identity on connections of its own, for signs of life: no other call stands in its way, and an
     * answer that is not there after {@code patience} is given up. Whoever asks for it closes it.
     */
    public ApiClient apart(Duration patience) {
        return new ApiClient(vertx, config, userAgent, token, patience, TRIES_WHEN_TOO_MANY, pace);
    }

    /**
     * The same server and identity on connections of its own, for those to whom 429 is an answer, as it is to who asks
     * for an eviction. Whoever asks for it closes it.
     */
    public ApiClient takingRefusals() {
        return new ApiClient(vertx, config, userAgent, token, patience, 1, pace);
    }

    /** The same server on connections of its own, as nobody in particular. Whoever asks for it closes it. */
    public ApiClient anonymous() {
        var nobody = new KubeConfig(config.server(), config.caPem(), null, null, null, config.namespace());
        return new ApiClient(vertx, nobody, userAgent, () -> null, patience, tries, pace);
    }

    /**
     * Somebody else on the same connections, which must be an {@linkplain #anonymous anonymous} client's.
     *
     * @param component the name under which the server records their writes
     * @param bearer asked for the token before each request, in the thread that sends it
     */
    public ApiClient as(String component, Supplier<String> bearer) {
        return new ApiClient(this, component + "/0.1 (vertikube)", bearer);
    }

    public Vertx vertx() {
        return vertx;
    }

    public KubeConfig config() {
        return config;
    }

    /** At which whoever uses it tries again. */
    public Pace pace() {
        return pace;
    }

    /** The client of one built-in type. */
    @SuppressWarnings("unchecked")
    public <T extends HasMetadata> TypedClient<T> of(Class<T> type) {
        return (TypedClient<T>) clients.computeIfAbsent(type, t -> new TypedClient<>(this, type, rowOf(type)));
    }

    /** The client of a type that the given row describes, such as a custom resource. */
    public <T extends HasMetadata> TypedClient<T> of(Class<T> type, ResourceType row) {
        return new TypedClient<>(this, type, row);
    }

    /** The same, of whose objects reads and watches bring nothing but the metadata; what it writes is shown in full. */
    public <T extends HasMetadata> TypedClient<T> metadataOf(Class<T> type, ResourceType row) {
        return new TypedClient<>(this, type, row, true);
    }

    /** Sends one request as JSON and waits for its body. */
    public byte[] raw(String method, String path, @Nullable String contentType, byte @Nullable [] body) {
        return raw(method, path, contentType, body, "application/json");
    }

    /** Sends one request and waits for its body in a media type. */
    public byte[] raw(String method, String path, @Nullable String contentType, byte @Nullable [] body, String accept) {
        for (int attempt = 1; ; attempt++) {
            Answer answer = await(send(requests, patience, method, path, contentType, body, accept, ApiClient::whole));
            if (answer.code < 400) {
                return answer.body;
            }
            if (answer.code != 429 || attempt == tries || !pause(answer.retryAfter)) {
                throw failure(answer.code, answer.body);
            }
        }
    }

    /** Opens a request whose answer does not end, line by line, in a media type that has lines. */
    LineStream lines(String path, String accept) {
        Object opened = await(send(
                watches,
                Duration.ZERO,
                "GET",
                path,
                null,
                null,
                accept,
                response -> response.statusCode() < 400
                        ? Future.succeededFuture((Object) new LineStream(response))
                        : whole(response).map(answer -> (Object) failure(answer.code, answer.body))));
        if (opened instanceof ApiException refused) {
            throw refused;
        }
        return (LineStream) opened;
    }

    @Override
    public void close() {
        if (ownConnections) {
            requests.close();
            watches.close();
        }
    }

    private static ResourceType rowOf(Class<? extends HasMetadata> type) {
        return Catalog.builtIn().require(Gvk.of(HasMetadata.getApiVersion(type), HasMetadata.getKind(type)));
    }

    /** The reader is attached on the event loop, before anything of the body can arrive there. */
    private <R> Future<R> send(
            HttpClient client,
            Duration idleTimeout,
            String method,
            String path,
            @Nullable String contentType,
            byte @Nullable [] body,
            String accept,
            Function<HttpClientResponse, Future<R>> reader) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.valueOf(method))
                .setHost(config.server().getHost())
                .setPort(config.server().getPort() < 0 ? 443 : config.server().getPort())
                .setURI(path)
                .putHeader("Accept", accept)
                .putHeader("User-Agent", userAgent);
        options.setIdleTimeout(idleTimeout.toMillis());
        if (contentType != null) {
            options.putHeader("Content-Type", contentType);
        }
        String bearer = token.get();
        if (bearer != null) {
            options.putHeader("Authorization", "Bearer " + bearer);
        }
        try {
            return client.request(options)
                    .compose(request ->
                            (body == null ? request.send() : request.send(Buffer.buffer(body))).compose(reader));
        } catch (IllegalStateException closed) {
            throw new UnreachableException(config.server() + " was not asked: " + closed.getMessage(), closed);
        }
    }

    private static Future<Answer> whole(HttpClientResponse response) {
        return response.body()
                .map(body -> new Answer(response.statusCode(), response.getHeader("Retry-After"), body.getBytes()));
    }

    private <R> R await(Future<R> future) {
        try {
            return future.await();
        } catch (ApiException | UncheckedIOException e) {
            throw e;
        } catch (Throwable e) {
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new UnreachableException(config.server() + " did not answer: " + e.getMessage(), e);
        }
    }

    private boolean pause(@Nullable String retryAfter) {
        try {
            long seconds = retryAfter == null ? 1 : Long.parseLong(retryAfter);
            pace.sleep(Duration.ofSeconds(Math.min(seconds, 10)));
            return true;
        } catch (NumberFormatException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private static ApiException failure(int code, byte[] body) {
        try {
            Status status = Json.read(body, Status.class);
            if (status.getCode() == null) {
                status.setCode(code);
            }
            return new ApiException(status);
        } catch (UncheckedIOException e) {
            String text = new String(body, java.nio.charset.StandardCharsets.UTF_8);
            return ApiErrors.of(code, "Unknown", text.isBlank() ? "HTTP " + code : text.strip(), null);
        }
    }

    private static HttpClientOptions options(KubeConfig config, Pace pace) {
        var options =
                new HttpClientOptions().setSsl("https".equals(config.server().getScheme()));
        options.setConnectTimeout(CONNECT_MILLIS);
        options.setKeepAliveTimeout((int) pace.idleConnection().toSeconds());
        options.setDecompressionSupported(true);
        options.setMaxChunkSize(64 * 1024);
        if (options.isSsl()) {
            options.setTrustOptions(new PemTrustOptions().addCertValue(Buffer.buffer(config.caPem())));
            if (config.certPem() != null && config.keyPem() != null) {
                options.setKeyCertOptions(TlsIdentity.of(config.certPem(), config.keyPem()));
            }
        }
        return options;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Answer(int code, @Nullable String retryAfter, byte[] body) {}
}
