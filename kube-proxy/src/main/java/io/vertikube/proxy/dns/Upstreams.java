package io.vertikube.proxy.dns;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.datagram.DatagramSocketOptions;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetClientOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * Asks the machine's own servers, one after another until one answers. Each question has a socket of its own, so that
 * port and id have to be guessed by a forger. Runs on event loops; {@link #use} is safe for any thread.
 */
final class Upstreams implements AutoCloseable {

    private static final int SERVER_FAILURE_BITS = 0x000f;

    private final Vertx vertx;
    private final DnsLimits limits;
    private final RandomGenerator random;
    private final NetClient tcp;
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile List<InetSocketAddress> servers = List.of();

    Upstreams(Vertx vertx, DnsLimits limits, RandomGenerator random) {
        this.vertx = vertx;
        this.limits = limits;
        this.random = random;
        this.tcp = vertx.createNetClient(new NetClientOptions()
                .setConnectTimeout((int) limits.patience().toMillis())
                .setIdleTimeout(5));
    }

    void use(List<InetSocketAddress> found) {
        servers = List.copyOf(found);
    }

    /** Sends a query as it is under another id; fails when nobody answers or too many wait already. */
    Future<Buffer> ask(Buffer query, boolean byTcp) {
        List<InetSocketAddress> now = servers;
        if (now.isEmpty()) {
            return Future.failedFuture("no DNS server to forward to");
        }
        if (waiting.incrementAndGet() > limits.forwarded()) {
            waiting.decrementAndGet();
            return Future.failedFuture("too many forwarded queries");
        }
        return ask(query, byTcp, now, 0).onComplete(done -> waiting.decrementAndGet());
    }

    @Override
    public void close() {
        tcp.close();
    }

    private Future<Buffer> ask(Buffer query, boolean byTcp, List<InetSocketAddress> all, int index) {
        InetSocketAddress server = all.get(index);
        Buffer ours = query.copy().setUnsignedShort(0, random.nextInt(65_536));
        Future<Buffer> answer = byTcp ? overTcp(ours, server) : overUdp(ours, server);
        Future<Buffer> checked = answer.compose(found -> isFailure(found) && index + 1 < all.size()
                ? Future.failedFuture("server failure")
                : Future.succeededFuture(found.copy().setUnsignedShort(0, query.getUnsignedShort(0))));
        return index + 1 == all.size() ? checked : checked.recover(failure -> ask(query, byTcp, all, index + 1));
    }

    private Future<Buffer> overUdp(Buffer query, InetSocketAddress server) {
        boolean ipv6 = server.getAddress() instanceof java.net.Inet6Address;
        DatagramSocket socket = vertx.createDatagramSocket(new DatagramSocketOptions().setIpV6(ipv6));
        Promise<Buffer> promise = Promise.promise();
        long timer = vertx.setTimer(
                limits.patience().toMillis(), t -> promise.tryFail(server.getHostString() + " did not answer"));
        socket.handler(packet -> {
            if (isAnswer(query, packet, server)) {
                promise.tryComplete(packet.data());
            }
        });
        socket.listen(0, ipv6 ? "::" : "0.0.0.0")
                .compose(bound ->
                        bound.send(query, server.getPort(), server.getAddress().getHostAddress()))
                .onFailure(promise::tryFail);
        return promise.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            socket.close();
        });
    }

    private Future<Buffer> overTcp(Buffer query, InetSocketAddress server) {
        Promise<Buffer> promise = Promise.promise();
        long timer = vertx.setTimer(
                limits.patience().toMillis() * 2, t -> promise.tryFail(server.getHostString() + " did not answer"));
        Future<NetSocket> connected =
                tcp.connect(server.getPort(), server.getAddress().getHostAddress());
        connected
                .onSuccess(socket -> {
                    var frames = new TcpFrames(promise::tryComplete);
                    socket.handler(frames::take);
                    socket.closeHandler(closed -> promise.tryFail(server.getHostString() + " closed"));
                    socket.write(TcpFrames.frame(query));
                })
                .onFailure(promise::tryFail);
        return promise.future().onComplete(done -> {
            vertx.cancelTimer(timer);
            connected.onSuccess(NetSocket::close);
        });
    }

    private static boolean isFailure(Buffer answer) {
        return answer.length() > 3 && (answer.getByte(3) & SERVER_FAILURE_BITS) == DnsAnswer.SERVER_FAILURE;
    }

    private static boolean isAnswer(Buffer query, DatagramPacket packet, InetSocketAddress server) {
        Buffer data = packet.data();
        return data.length() >= 12
                && data.getUnsignedShort(0) == query.getUnsignedShort(0)
                && (data.getByte(2) & 0x80) != 0
                && packet.sender().port() == server.getPort();
    }
}
