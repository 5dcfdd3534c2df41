package io.vertikube.apiserver.testing;

import com.fasterxml.jackson.databind.JsonNode;
import io.micrometer.core.instrument.composite.CompositeMeterRegistry;
import io.vertikube.apiserver.ApiServer;
import io.vertikube.apiserver.ApiServerOptions;
import io.vertikube.apiserver.Embedding;
import io.vertikube.apiserver.storage.Store;
import io.vertikube.client.ApiClient;
import io.vertikube.client.KubeConfig;
import io.vertikube.object.ApiException;
import io.vertikube.object.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A real API server for a test: everything in memory, on any free port of the loopback address, with an authority of its
 * own. Nothing of it is left when it is closed: no thread, no file, no port. Any number run side by side. Safe for any
 * thread but event loops.
 */
public final class TestServer implements AutoCloseable {

    /** Something that runs against the server and ends with it: a controller, a scheduler, the operator under test. */
    @FunctionalInterface
    public interface Part {

        /** Starts it and waits until it works; what comes back is closed before the server. */
        AutoCloseable start(TestServer server) throws Exception;
    }

    /** Netty declares events for the flight recorder, unless told not to, and loads it for that: a twentieth of a cold start. */
    private static final String NETTY_EVENTS = "io.netty.jfr.enabled";

    private final Vertx vertx;
    private final ApiServerOptions options;
    private final TestClock clock;
    private final Faults faults;
    private final Embedding embedding;
    private final AtomicInteger namespaces = new AtomicInteger();
    private final Deque<AutoCloseable> handedOut = new ArrayDeque<>();
    private final Map<Part, AutoCloseable> parts = new LinkedHashMap<>();
    private final TestUser admin;
    private volatile ApiServer server;

    private TestServer(Vertx vertx, ApiServerOptions options, TestClock clock, Faults faults, Embedding embedding) {
        this.vertx = vertx;
        this.options = options;
        this.clock = clock;
        this.faults = faults;
        this.embedding = embedding;
        try {
            this.server = ApiServer.start(vertx, options, new CompositeMeterRegistry(), embedding);
        } catch (RuntimeException e) {
            embedding.close();
            throw e;
        }
        this.admin = new TestUser(this, "kubernetes-admin", server.adminConfig());
    }

    /** Starts one with the defaults: RBAC, no other admission plugins than a new cluster has. */
    public static TestServer start() {
        return start(ApiServerOptions.forTests());
    }

    /** Starts one; what kept it from starting is in the exception, and nothing is left running. */
    public static TestServer start(ApiServerOptions options) {
        return start(options, Surroundings.ofMachine());
    }

    /** The same at another time than the machine's. */
    public static TestServer start(ApiServerOptions options, InstantSource time) {
        Surroundings usual = Surroundings.ofMachine();
        return start(options, new Surroundings(time::instant, usual.chance(), usual.vertx()));
    }

    /** The same in another world than the machine's. */
    public static TestServer start(ApiServerOptions options, Surroundings world) {
        if (System.getProperty(NETTY_EVENTS) == null) {
            System.setProperty(NETTY_EVENTS, "false");
        }
        var clock = new TestClock(world.time());
        var faults = new Faults();
        var embedding = Embedding.keeping(clock, world.time(), faults, world.chance());
        embedding.prepare(options);
        Vertx vertx = world.vertx()
                .apply(new VertxOptions()
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)));
        try {
            return new TestServer(vertx, options, clock, faults, embedding);
        } catch (RuntimeException e) {
            vertx.close().await();
            throw e;
        }
    }

    /**
     * Starts a part of the cluster, unless an equal one runs already; returns when it works.
     *
     * @throws IllegalStateException with what kept it from starting; the server then still runs
     */
    public TestServer with(Part part) {
        synchronized (parts) {
            if (parts.containsKey(part)) {
                return this;
            }
            try {
                parts.put(part, part.start(this));
                return this;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while " + part + " started", e);
            } catch (Exception e) {
                throw new IllegalStateException(part + " did not start: " + e.getMessage(), e);
            }
        }
    }

    /** Whoever may do everything, in the namespace {@code default}. */
    public TestUser admin() {
        return admin;
    }

    /** The administrator's client. */
    public ApiClient client() {
        return admin.client();
    }

    /** The administrator's kubeconfig, as text. */
    public String kubeconfig() {
        return admin.kubeconfig();
    }

    /** Somebody with a certificate; what they may do is up to the cluster's roles and bindings. */
    public TestUser as(String user, String... groups) {
        return new TestUser(this, user, server.clientConfig(user, groups));
    }

    /**
     * A service account, by a token that the server issues for an hour.
     *
     * @throws ApiException 404 if there is no such account
     */
    public TestUser asServiceAccount(String namespace, String name) {
        String path = "/api/v1/namespaces/" + namespace + "/serviceaccounts/" + name + "/token";
        byte[] request = "{\"apiVersion\":\"authentication.k8s.io/v1\",\"kind\":\"TokenRequest\",\"spec\":{}}"
                .getBytes(StandardCharsets.UTF_8);
        JsonNode answer = Json.tree(client().raw("POST", path, "application/json", request));
        KubeConfig mine = admin.config();
        KubeConfig config = new KubeConfig(
                mine.server(),
                mine.caPem(),
                null,
                null,
                answer.at("/status/token").asText(),
                namespace);
        return new TestUser(this, "system:serviceaccount:" + namespace + ":" + name, config);
    }

    /** A namespace that nobody has used, with its default account. */
    public String namespace() {
        return namespace("test-" + namespaces.incrementAndGet());
    }

    /** A namespace of this name, and in it what a cluster's controllers would put there for pods: the default account. */
    public String namespace(String name) {
        create("/api/v1/namespaces", name);
        create("/api/v1/namespaces/" + name + "/serviceaccounts", "default");
        return name;
    }

    private void create(String collection, String name) {
        try {
            String object = "{\"metadata\":{\"name\":\"" + name + "\"}}";
            client().raw("POST", collection, "application/json", object.getBytes(StandardCharsets.UTF_8));
        } catch (ApiException e) {
            if (!e.isAlreadyExists()) {
                throw e;
            }
        }
    }

    /** Stops the server and starts it again: same address, same keys, same objects; watches end, as in a cluster. */
    public void restart() {
        int port = server.port();
        server.close();
        server = ApiServer.start(vertx, options.withPort(port), new CompositeMeterRegistry(), embedding);
    }

    /** What goes wrong on purpose; nothing at first. */
    public Faults faults() {
        return faults;
    }

    /** The server's clock: creation times, the life of tokens and Events. Parts go by the machine's clock. */
    public TestClock clock() {
        return clock;
    }

    public URI uri() {
        return server.uri();
    }

    /** The server as the rest of this project sees it: its storage, its catalogue, its signing authority. */
    public ApiServer server() {
        return server;
    }

    /**
     * What lies beneath the server and outlives its restarts, for who checks what it says. Only of a server that keeps
     * its objects in memory.
     */
    public Store store() {
        return embedding.kept();
    }

    /** Where the server's event loops run; for parts that need one. */
    public Vertx vertx() {
        return vertx;
    }

    /** Something to close together with the server. */
    <T extends AutoCloseable> T handOut(T resource) {
        synchronized (handedOut) {
            handedOut.push(resource);
        }
        return resource;
    }

    /** Ends parts in the reverse order of their start, then clients, then the server. */
    @Override
    public void close() {
        synchronized (parts) {
            List.copyOf(parts.values()).reversed().forEach(TestServer::end);
            parts.clear();
        }
        synchronized (handedOut) {
            handedOut.forEach(TestServer::end);
            handedOut.clear();
        }
        server.close();
        embedding.close();
        vertx.close().await();
    }

    private static void end(AutoCloseable part) {
        try {
            part.close();
        } catch (Exception e) {
            throw new IllegalStateException(part + " did not end: " + e.getMessage(), e);
        }
    }
}
