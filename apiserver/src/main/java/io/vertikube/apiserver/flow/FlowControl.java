package io.vertikube.apiserver.flow;

import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.apiserver.front.Call;
import io.vertikube.apiserver.front.RequestInfo;
import io.vertikube.apiserver.storage.ObjectStorage;
import io.vertikube.object.ApiErrors;
import io.vertikube.object.ApiException;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.ToLongFunction;

/**
 * Lets requests pass, each in its flow: at once where its level has a seat, later where it has a queue, or not at all
 * (429). Streams are not counted, and a watch only until it has begun. Safe for any thread; a call is passed on its event
 * loop.
 */
public final class FlowControl implements AutoCloseable {

    private final Flows flows;
    private final FlowLimits limits;
    private final FlowLoop loop;
    private final ToLongFunction<RequestInfo> stored;

    private FlowControl(Flows flows, FlowLimits limits, FlowLoop loop, ToLongFunction<RequestInfo> stored) {
        this.flows = flows;
        this.limits = limits;
        this.loop = loop;
        this.stored = stored;
    }

    /**
     * One that knows what every server has, and nothing of what is stored yet.
     *
     * @param stored how many objects there are of the type and in the namespace that a request names; quick to ask
     */
    public static FlowControl create(
            ObjectStorage storage,
            FlowLimits limits,
            MeterRegistry registry,
            InstantSource clock,
            ToLongFunction<RequestInfo> stored) {
        var flows = new Flows(registry, limits.seats());
        var loop = new FlowLoop(storage, flows, limits, clock);
        return new FlowControl(flows, limits, loop, stored);
    }

    /** Follows what is stored from now on: once the defaults are, or a schema would be told dangling before its level is. */
    public void follow() {
        loop.start();
    }

    /**
     * Hands a call on, now or when its turn comes.
     *
     * @param next may throw; what it throws later than now becomes the call's answer
     */
    public void pass(Call call, Consumer<Call> next) {
        boolean watch = call.info().verb().equals("watch");
        if (call.info().longRunning() && !watch) {
            next.accept(call);
            return;
        }
        Flow flow = flows.of(call.user(), call.info());
        flow.mark(call);
        int width = Width.of(call.info(), call.query(), flow.level().widest(), stored);
        var turn = new Turn(call, flow, width, watch, next);
        if (flow.level().tryEnter(width)) {
            turn.serve();
        } else {
            queue(turn);
        }
    }

    /** A call with what it needs to go on. */
    private record Turn(Call call, Flow flow, int width, boolean watch, Consumer<Call> next) {

        /** With its seats taken. */
        void serve() {
            flow.meter().began(width);
            long since = System.nanoTime();
            if (watch) {
                call.onStart(() -> leave(since));
            } else {
                call.onEnd(() -> leave(since));
            }
            next.accept(call);
        }

        private void leave(long since) {
            flow.meter().ended(System.nanoTime() - since, watch);
            flow.level().exit(width);
        }
    }

    private void queue(Turn turn) {
        Call call = turn.call();
        Flow flow = turn.flow();
        Level level = flow.level();
        var waiter = new Waiter(turn);
        String distinguished = flow.schema().flow(call.user(), call.info());
        // Its turn is never taken within the call that has just ended, or a full queue would be served on one stack.
        var ticket = new Level.Ticket(
                Hand.hash(flow.schema().name(), distinguished),
                turn.width(),
                () -> call.context().runOnContext(v -> waiter.proceed()));
        // What arrives of the body meanwhile is for whoever takes it later.
        call.request().pause();
        flow.meter().queued();
        if (!level.enqueue(ticket)) {
            call.request().resume();
            throw waiter.refusal(level.rule().queues() == 0 ? "concurrency-limit" : "queue-full");
        }
        waiter.waitFor(ticket);
    }

    /** A call that waits. Confined to the event loop of its call. */
    private final class Waiter {
        private final Turn mine;
        private final Call call;
        private final Flow flow;
        private final long since = System.nanoTime();
        private long timer = -1;
        private boolean waits = true;

        Waiter(Turn mine) {
            this.mine = mine;
            this.call = mine.call();
            this.flow = mine.flow();
        }

        void waitFor(Level.Ticket ticket) {
            timer = call.context().owner().setTimer(limits.longestWait().toMillis(), id -> {
                if (flow.level().leave(ticket)) {
                    call.request().resume();
                    call.fail(refusal("time-out"));
                }
            });
            call.onEnd(() -> {
                if (flow.level().leave(ticket)) {
                    gone("cancelled");
                }
            });
        }

        /** Its turn has come: it has its seats. */
        void proceed() {
            if (call.isOver()) {
                ended(false);
                flow.level().exit(mine.width());
                return;
            }
            ended(true);
            call.step(mine::serve);
            // What became a WebSocket, or still will, must not be read to its end.
            if (call.header("Upgrade").isEmpty()) {
                call.request().resume();
            }
        }

        ApiException refusal(String reason) {
            gone(reason);
            return ApiErrors.tooManyRequests("Too many requests, please try again later.", 1);
        }

        private void gone(String reason) {
            ended(false);
            flow.meter().refused(reason);
        }

        private void ended(boolean served) {
            if (waits) {
                waits = false;
                call.context().owner().cancelTimer(timer);
                flow.meter().waited(System.nanoTime() - since, served);
            }
        }
    }

    @Override
    public void close() {
        loop.close();
    }
}
