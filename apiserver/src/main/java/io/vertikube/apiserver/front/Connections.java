package io.vertikube.apiserver.front;

import io.vertx.core.http.HttpConnection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Ends what lasts too long: connections that ask for nothing, or take for ever to say what they ask for, and calls that
 * are not over in time. It looks round every second and costs a call nothing in between. Confined to one event loop.
 */
final class Connections {

    private static final class Use {
        int calls;
        boolean served;
        long sinceNanos;

        Use(long nowNanos) {
            this.sinceNanos = nowNanos;
        }
    }

    private final FrontLimits limits;
    private final Map<HttpConnection, Use> connections = new HashMap<>();
    private final Set<Call> running = new HashSet<>();

    Connections(FrontLimits limits) {
        this.limits = limits;
    }

    void opened(HttpConnection connection) {
        connections.put(connection, new Use(System.nanoTime()));
    }

    /** A call has begun. One that wants to take the connection away from HTTP takes it away from here too. */
    void begun(Call call) {
        HttpConnection connection = call.request().connection();
        if (!call.header("Upgrade").isEmpty()) {
            connections.remove(connection);
            return;
        }
        Use use = connections.computeIfAbsent(connection, c -> new Use(System.nanoTime()));
        use.calls++;
        use.served = true;
        boolean limited = !call.info().longRunning();
        if (limited) {
            running.add(call);
        }
        call.onEnd(() -> {
            use.calls--;
            use.sinceNanos = System.nanoTime();
            if (limited) {
                running.remove(call);
            }
        });
    }

    /** Ends what is due. A connection that the client has closed is forgotten when its time has come. */
    void look() {
        long now = System.nanoTime();
        for (Call call : Set.copyOf(running)) {
            if (call.isOverdue()) {
                call.endNow();
            }
        }
        for (var entry : Map.copyOf(connections).entrySet()) {
            Use use = entry.getValue();
            var patience = use.served ? limits.idleConnection() : limits.firstRequest();
            if (use.calls == 0 && now - use.sinceNanos > patience.toNanos()) {
                connections.remove(entry.getKey());
                entry.getKey().close();
            }
        }
    }
}
