package io.vertikube.apiserver.testing;

import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.Gvr;
import io.vertx.core.http.HttpVersion;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Things that go wrong in every cluster now and then, made to go wrong now. They stand before the server: what they
 * refuse, it never sees. Safe for any thread.
 */
public final class Faults implements UnaryOperator<Consumer<Call>> {

    private final AtomicInteger conflicts = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final Set<Call> watches = new CopyOnWriteArraySet<>();
    private volatile BiConsumer<String, String> before = (verb, path) -> {};
    private volatile Duration latency = Duration.ZERO;
    private volatile String shutOut = "";

    Faults() {}

    /** The next writes of existing objects (PUT and PATCH, by anybody) answer 409, as if somebody had been faster. */
    public void conflictNextWrites(int count) {
        conflicts.set(count);
    }

    /** The next requests of any kind answer 503, as from a server that is being replaced. */
    public void failNextRequests(int count) {
        failures.set(count);
    }

    /** Every request from now on waits so long before the server sees it; zero ends that. */
    public void latency(Duration delay) {
        this.latency = delay;
    }

    /** Breaks the connection of every watch that is open. Returns how many there were. */
    public int cutWatches() {
        List<Call> open = List.copyOf(watches);
        open.forEach(Faults::breakOff);
        return open.size();
    }

    /**
     * From now on no request of a component arrives, and its watches are broken, as if its machine had lost power.
     *
     * @param component what its {@code User-Agent} begins with; empty ends that
     */
    public void shutOut(String component) {
        this.shutOut = component;
        if (!component.isEmpty()) {
            watches.stream().filter(this::isShutOut).toList().forEach(Faults::breakOff);
        }
    }

    /** Somebody is told of each request before anything is done about it: of its verb and its path. */
    public void before(BiConsumer<String, String> observer) {
        before = observer;
    }

    /** How many watches are open. */
    public int watches() {
        return watches.size();
    }

    private boolean isShutOut(Call call) {
        String component = shutOut;
        return !component.isEmpty() && call.header("User-Agent").startsWith(component);
    }

    private static void breakOff(Call call) {
        call.onContext(() -> {
            if (call.request().version() == HttpVersion.HTTP_2) {
                call.request().response().reset();
            } else {
                call.request().connection().close();
            }
        });
    }

    /** What stands before the chain; for the server. */
    @Override
    public Consumer<Call> apply(Consumer<Call> chain) {
        return call -> {
            RequestInfo info = call.info();
            before.accept(info.verb(), info.path());
            if (isShutOut(call)) {
                breakOff(call);
                return;
            }
            if (taken(failures)) {
                throw ApiErrors.serviceUnavailable("the server is currently unable to handle the request");
            }
            if ((info.verb().equals("update") || info.verb().equals("patch")) && taken(conflicts)) {
                throw ApiErrors.staleWrite(new Gvr(info.group(), info.version(), info.resource()), info.name());
            }
            if (info.verb().equals("watch")) {
                watches.add(call);
                call.onEnd(() -> watches.remove(call));
            }
            pass(call, chain, latency);
        };
    }

    /** Upgrades are not delayed: their bytes must not wait without a reader. */
    private static void pass(Call call, Consumer<Call> chain, Duration delay) {
        if (delay.isZero() || !call.header("Upgrade").isEmpty()) {
            chain.accept(call);
            return;
        }
        call.request().pause();
        call.context().owner().setTimer(Math.max(1, delay.toMillis()), id -> {
            try {
                chain.accept(call);
            } catch (RuntimeException e) {
                call.fail(e);
            }
            call.request().resume();
        });
    }

    private static boolean taken(AtomicInteger left) {
        return left.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
    }
}
