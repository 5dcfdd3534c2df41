package io.vertikube.deploy.bench.load;

import io.netty.buffer.ByteBuf;
import io.netty.channel.EventLoopGroup;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Closed loops: each connection sends its next request when the answer to the one before has come. Called from one
 * thread; the loops run on the event loops of their connections.
 */
public final class Load {

    /** Writes the n-th request, from 0; called on event loops. */
    public interface Requests {
        void write(long number, ByteBuf out);
    }

    private final EventLoopGroup loops;
    private final Target target;
    private final long serverPid;

    /** @param serverPid of this machine, or 0 if the server is elsewhere */
    public Load(EventLoopGroup loops, Target target, long serverPid) {
        this.loops = loops;
        this.target = target;
        this.serverPid = serverPid;
    }

    public long serverMicros() {
        return serverPid == 0 ? -1 : Processes.cpuMicros(serverPid).orElse(-1);
    }

    public static long ownMicros() {
        return Processes.cpuMicros(ProcessHandle.current().pid()).orElse(0);
    }

    public List<Connection> connect(int count) {
        var opening = new ArrayList<CompletableFuture<Connection>>();
        for (int i = 0; i < count; i++) {
            opening.add(Connection.open(loops.next(), target));
            if (i % 50 == 49) {
                opening.getLast().join();
            }
        }
        return opening.stream().map(CompletableFuture::join).toList();
    }

    /**
     * Runs until so many requests are answered or the time is up, whichever is first.
     *
     * @param inFlight connections
     */
    public Measured run(String name, int inFlight, long most, double seconds, Requests requests) {
        List<Connection> connections = connect(inFlight);
        long serverBefore = serverMicros();
        long ownBefore = ownMicros();
        long begin = System.nanoTime();
        long deadline = begin + (long) (seconds * 1e9);
        var next = new AtomicLong();
        var sessions = connections.stream()
                .map(c -> new Session(c, requests, next, most, deadline))
                .toList();
        sessions.forEach(s -> s.connection.loop().execute(s::begin));
        try {
            sessions.forEach(s -> s.finished.join());
        } catch (CompletionException e) {
            throw new IllegalStateException(name + ": " + e.getCause(), e);
        }
        double took = (System.nanoTime() - begin) / 1e9;
        long server = serverBefore < 0 ? -1 : serverMicros() - serverBefore;
        long own = ownMicros() - ownBefore;
        connections.forEach(c -> c.loop().execute(c::close));
        var latencies = new Latencies();
        long bytes = 0;
        long failures = 0;
        String firstFailure = "";
        for (Session session : sessions) {
            latencies.add(session.latencies);
            bytes += session.bytes;
            failures += session.failures;
            firstFailure = firstFailure.isEmpty() ? session.firstFailure : firstFailure;
        }
        return new Measured(name, latencies.total(), bytes, took, latencies, failures, firstFailure, server, own);
    }

    /** One request, and its body as text if it is not long. */
    public Answered ask(String method, String path, String contentType, byte[] body) {
        Connection connection = connect(1).getFirst();
        var answer = new CompletableFuture<Answered>();
        connection.loop().execute(() -> {
            ByteBuf out = connection.buffer(1024 + body.length);
            if (body.length == 0) {
                target.request(out, method, path);
            } else {
                target.request(out, method, path, contentType, body);
            }
            var text = new StringBuilder();
            connection.send(out, new Reply() {
                @Override
                public void part(ByteBuf part) {
                    if (text.length() < 100_000) {
                        text.append(part.toString(StandardCharsets.UTF_8));
                    }
                }

                @Override
                public void done(int status, long bytes) {
                    answer.complete(new Answered(status, text.toString()));
                }

                @Override
                public void failed(Throwable why) {
                    answer.completeExceptionally(why);
                }
            });
        });
        try {
            return answer.join();
        } finally {
            connection.loop().execute(connection::close);
        }
    }

    /** An answer to {@link #ask}. */
    public record Answered(int status, String text) {}

    /** One connection's loop. Confined to its event loop. */
    private static final class Session implements Reply {
        private final Connection connection;
        private final Requests requests;
        private final AtomicLong next;
        private final long most;
        private final long deadline;
        private final Latencies latencies = new Latencies();
        private final CompletableFuture<Void> finished = new CompletableFuture<>();
        private long sent;
        private long bytes;
        private long failures;
        private String firstFailure = "";
        private int size = 1024;

        Session(Connection connection, Requests requests, AtomicLong next, long most, long deadline) {
            this.connection = connection;
            this.requests = requests;
            this.next = next;
            this.most = most;
            this.deadline = deadline;
        }

        void begin() {
            long number = System.nanoTime() < deadline ? next.getAndIncrement() : most;
            if (number >= most) {
                finished.complete(null);
                return;
            }
            ByteBuf out = connection.buffer(size);
            requests.write(number, out);
            size = Math.max(size, out.readableBytes());
            sent = System.nanoTime();
            connection.send(out, this);
        }

        @Override
        public void done(int status, long body) {
            if (status < 300) {
                latencies.record(System.nanoTime() - sent);
                bytes += body;
            } else {
                failures++;
                firstFailure = firstFailure.isEmpty() ? "HTTP " + status : firstFailure;
            }
            begin();
        }

        @Override
        public void failed(Throwable why) {
            finished.completeExceptionally(why);
        }
    }
}
