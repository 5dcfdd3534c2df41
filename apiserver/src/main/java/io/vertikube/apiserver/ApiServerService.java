package io.vertikube.apiserver;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.service.RunningService;
import io.vertx.core.Vertx;

/** The API server as a service among others. Safe for any thread. */
public final class ApiServerService implements RunningService {

    private final ApiServer server;

    private ApiServerService(ApiServer server) {
        this.server = server;
    }

    /** Blocks until it serves; never called on an event loop. */
    public static ApiServerService start(Vertx vertx, ApiServerOptions options, MeterRegistry meters) {
        return new ApiServerService(ApiServer.start(vertx, options, meters));
    }

    public ApiServer server() {
        return server;
    }

    @Override
    public String name() {
        return "kube-apiserver";
    }

    @Override
    public void close() {
        server.close();
    }
}
