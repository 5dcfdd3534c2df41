package io.vertikube.deploy.bench.apiserver;

import io.netty.buffer.ByteBuf;
import io.vertikube.deploy.bench.load.Connection;
import io.vertikube.deploy.bench.load.Latencies;
import io.vertikube.deploy.bench.load.Load;
import io.vertikube.deploy.bench.load.Measured;
import io.vertikube.deploy.bench.load.Reply;
import io.vertikube.deploy.bench.load.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Many watchers of one namespace, and one writer that stays a few events ahead of the slowest of them. What is measured
 * is events delivered, and the time from sending the write to the arrival of its event at each watcher. Called from one
 * thread.
 */
final class FanOut {

    private static final int AHEAD = 8;
    private static final int PATIENCE_SECONDS = 60;

    private final Load load;
    private final Target target;
    private final int watchers;
    private final int events;
    private final AtomicLongArray written;
    private final AtomicIntegerArray arrivals;
    private final Semaphore room = new Semaphore(AHEAD);
    private final Semaphore complete = new Semaphore(0);
    private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

    FanOut(Load load, Target target, int watchers, int events) {
        this.load = load;
        this.target = target;
        this.watchers = watchers;
        this.events = events;
        this.written = new AtomicLongArray(events);
        this.arrivals = new AtomicIntegerArray(events);
    }

    /**
     * @param watchPath the watched collection
     * @param write does the n-th write and returns when it is answered
     */
    Measured run(String watchPath, Load.Requests write) throws InterruptedException {
        List<Connection> connections = load.connect(watchers);
        var started = new Semaphore(0);
        var watching = new ArrayList<Watcher>();
        for (Connection connection : connections) {
            var watcher = new Watcher(started);
            watching.add(watcher);
            connection.loop().execute(() -> {
                ByteBuf out = connection.buffer(512);
                target.request(out, "GET", watchPath);
                connection.send(out, watcher);
            });
        }
        if (!started.tryAcquire(watchers, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    "watch fan-out: not all watches began within " + PATIENCE_SECONDS + " s (" + broken.get() + ")");
        }
        Connection writer = load.connect(1).getFirst();
        long serverBefore = load.serverMicros();
        long ownBefore = Load.ownMicros();
        long begin = System.nanoTime();
        for (int i = 0; i < events; i++) {
            if (!room.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("watch fan-out: event " + i + " did not reach every watcher within "
                        + PATIENCE_SECONDS + " s (" + broken.get() + ")");
            }
            write(writer, write, i);
        }
        if (!complete.tryAcquire(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("watch fan-out: not every event reached every watcher within "
                    + PATIENCE_SECONDS + " s (" + broken.get() + ")");
        }
        double took = (System.nanoTime() - begin) / 1e9;
        long server = serverBefore < 0 ? -1 : load.serverMicros() - serverBefore;
        long own = Load.ownMicros() - ownBefore;
        connections.forEach(c -> c.loop().execute(c::close));
        writer.loop().execute(writer::close);
        var latencies = new Latencies();
        long bytes = 0;
        for (Watcher watcher : watching) {
            latencies.add(watcher.latencies);
            bytes += watcher.bytes;
        }
        return new Measured(
                "watch fan-out to " + watchers, latencies.total(), bytes, took, latencies, 0, "", server, own);
    }

    private void write(Connection writer, Load.Requests request, int number) throws InterruptedException {
        var answered = new Semaphore(0);
        var status = new AtomicInteger();
        writer.loop().execute(() -> {
            ByteBuf out = writer.buffer(4096);
            request.write(number, out);
            written.set(number, System.nanoTime());
            writer.send(out, new Reply() {
                @Override
                public void done(int code, long body) {
                    status.set(code);
                    answered.release();
                }

                @Override
                public void failed(Throwable why) {
                    broken.set(why);
                    answered.release();
                }
            });
        });
        answered.acquire();
        Throwable why = broken.get();
        if (why != null) {
            throw new CompletionException(why);
        }
        if (status.get() >= 300) {
            throw new IllegalStateException("watch fan-out: a write was answered with HTTP " + status.get());
        }
    }

    /** One watch. Confined to its event loop. */
    private final class Watcher implements Reply {
        private final Latencies latencies = new Latencies();
        private long bytes;
        private final Semaphore started;
        private int seen;

        Watcher(Semaphore started) {
            this.started = started;
        }

        @Override
        public void begun(int status) {
            if (status == 200) {
                started.release();
            }
        }

        @Override
        public void part(ByteBuf part) {
            bytes += part.readableBytes();
            for (int at = part.bytesBefore((byte) '\n'); at >= 0; at = part.bytesBefore((byte) '\n')) {
                part.skipBytes(at + 1);
                arrived();
            }
        }

        private void arrived() {
            if (seen < events) {
                latencies.record(System.nanoTime() - written.get(seen));
                if (arrivals.incrementAndGet(seen) == watchers) {
                    room.release();
                    if (seen == events - 1) {
                        complete.release();
                    }
                }
            }
            seen++;
        }

        @Override
        public void done(int status, long body) {
            failed(new IllegalStateException("a watch ended with HTTP " + status));
        }

        @Override
        public void failed(Throwable why) {
            broken.compareAndSet(null, why);
        }
    }
}
