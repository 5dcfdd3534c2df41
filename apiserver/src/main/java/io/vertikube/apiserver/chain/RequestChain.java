package io.vertikube.apiserver.chain;

import io.vertikube.apiserver.authn.Authenticator;
import io.vertikube.apiserver.authz.Attributes;
import io.vertikube.apiserver.authz.Authorizer;
import io.vertikube.apiserver.authz.Decision;
import io.vertikube.apiserver.authz.Refusals;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.PeerCertificates;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * What happens to every request, in this order, on its event loop. Nothing here blocks. A step that refuses throws, and
 * the caller gets a Status. Safe for any thread.
 */
public final class RequestChain implements Consumer<Call> {

    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS");

    private final Callers callers;
    private final AuditTrail audit;
    private final InFlight inFlight;
    private final BiConsumer<Call, Consumer<Call>> flow;
    private final Consumer<Call> serve;
    private final RequestMeters meters;
    private final Authorizer authorizer;
    private final Consumer<Call> dispatcher;

    /**
     * @param inFlight counts requests, and refuses what is too much where nothing else does
     * @param flow hands a call on when its turn comes
     */
    public RequestChain(
            Authenticator authenticator,
            Authorizer authorizer,
            PeerCertificates peers,
            InFlight inFlight,
            BiConsumer<Call, Consumer<Call>> flow,
            AuditTrail audit,
            RequestMeters meters,
            Consumer<Call> dispatcher) {
        this.callers = new Callers(authenticator, authorizer, peers);
        this.audit = audit;
        this.inFlight = inFlight;
        this.flow = flow;
        this.serve = this::serve;
        this.meters = meters;
        meters.watch(inFlight);
        this.authorizer = authorizer;
        this.dispatcher = dispatcher;
    }

    @Override
    public void accept(Call call) {
        meters.follow(call);
        String id = name(call);
        limits(call);
        authenticate(call, id);
        audit.received(call, id);
        controlFlow(call);
    }

    /** From here on it has its turn. */
    private void serve(Call call) {
        authorize(call);
        dispatcher.accept(call);
    }

    /** Sizes are held by the listener and by whoever reads the body; what is left is the method. */
    private static void limits(Call call) {
        if (!METHODS.contains(call.method())) {
            throw ApiErrors.methodNotAllowed();
        }
    }

    private void authenticate(Call call, String id) {
        try {
            call.user(callers.identify(call));
        } catch (ApiException e) {
            audit.refused(call, id, e);
            throw e;
        }
    }

    /** What the request is called in records of it. */
    private static String name(Call call) {
        String given = call.header("Audit-ID");
        String id = given.isEmpty() || given.length() > 64 ? newId() : given;
        call.request().response().headers().set("Audit-Id", id);
        return id;
    }

    /** Tells requests apart in logs, no more; a secure random number costs a system call. */
    private static String newId() {
        var random = ThreadLocalRandom.current();
        long high = (random.nextLong() & ~0xF000L) | 0x4000L;
        long low = (random.nextLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low).toString();
    }

    private void controlFlow(Call call) {
        inFlight.enter(call);
        flow.accept(call, serve);
    }

    private void authorize(Call call) {
        Attributes attributes = attributes(call);
        Decision decision = authorizer.authorize(attributes);
        audit.decided(call, decision);
        if (!decision.allowed()) {
            throw Refusals.forbidden(attributes, decision);
        }
    }

    /** What the authorizer is asked about a request. */
    static Attributes attributes(Call call) {
        RequestInfo info = call.info();
        if (!info.resourceRequest()) {
            return Attributes.path(call.user(), info.verb(), info.path());
        }
        return Attributes.resource(
                        call.user(),
                        verb(info),
                        info.group(),
                        info.version(),
                        info.resource(),
                        info.namespace(),
                        info.name())
                .withSubresource(info.subresource());
    }

    /**
     * Running something in a container is a create even when a WebSocket brings it as a GET, so that the right to read
     * pods is no right to run commands in them.
     */
    private static String verb(RequestInfo info) {
        return switch (info.subresource()) {
            case "exec", "attach", "portforward" -> info.verb().equals("get") ? "create" : info.verb();
            default -> info.verb();
        };
    }
}
