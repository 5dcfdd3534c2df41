package io.vertikube.proxy.dns;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.vertikube.proxy.dns.ClusterZone.Resolution;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.datagram.DatagramPacket;
import io.vertx.core.datagram.DatagramSocket;
import io.vertx.core.net.NetServer;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.net.NetSocket;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DNS server of the node, UDP and TCP. The cluster's names are answered from memory; others are forwarded to the
 * servers of the machine's resolv.conf. Runs on event loops; start, reload and close are for any other thread.
 */
public final class NodeDns implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeDns.class);
    private static final int LARGEST_MESSAGE = 65_535;

    private final ClusterZone zone;
    private final Path resolvConf;
    private final DnsLimits limits;
    private final Upstreams upstreams;
    private final Counter own;
    private final Counter forwarded;
    private final Counter failed;
    private final AtomicInteger connections = new AtomicInteger();
    private final DatagramSocket udp;
    private final NetServer tcp;
    private volatile int port;

    private NodeDns(Vertx vertx, ClusterZone zone, Path resolvConf, RandomGenerator random, MeterRegistry meters) {
        this.zone = zone;
        this.resolvConf = resolvConf;
        this.limits = DnsLimits.defaults();
        this.upstreams = new Upstreams(vertx, limits, random);
        this.own = Counter.builder("dns.queries").tag("answer", "cluster").register(meters);
        this.forwarded =
                Counter.builder("dns.queries").tag("answer", "forwarded").register(meters);
        this.failed = Counter.builder("dns.queries").tag("answer", "failed").register(meters);
        this.udp = vertx.createDatagramSocket();
        this.tcp = vertx.createNetServer(
                new NetServerOptions().setIdleTimeout((int) limits.idle().toSeconds()));
    }

    /**
     * Listens and returns when it does.
     *
     * @param requestedPort 0 for any free one, the same for UDP and TCP
     * @throws IllegalStateException if the address is in use or not the machine's
     */
    public static NodeDns start(
            Vertx vertx,
            String address,
            int requestedPort,
            ClusterZone zone,
            Path resolvConf,
            RandomGenerator random,
            MeterRegistry meters) {
        var dns = new NodeDns(vertx, zone, resolvConf, random, meters);
        try {
            dns.listen(address, requestedPort);
        } catch (RuntimeException e) {
            dns.close();
            throw new IllegalStateException(
                    "the node's DNS cannot listen on " + address + ":" + requestedPort + ": " + e.getMessage(), e);
        }
        return dns;
    }

    /** The port it listens on. */
    public int port() {
        return port;
    }

    /** Reads resolv.conf again; blocks for a moment. */
    public void reloadUpstreams() {
        var listening = new InetSocketAddress(udp.localAddress().hostAddress(), port);
        upstreams.use(ResolvConf.servers(resolvConf, Set.of(listening), limits.upstreams()));
    }

    /** Sends what is not ours to these servers instead of those of resolv.conf. */
    void forwardTo(List<InetSocketAddress> servers) {
        upstreams.use(servers);
    }

    @Override
    public void close() {
        udp.close();
        tcp.close();
        upstreams.close();
    }

    private void listen(String address, int requestedPort) {
        tcp.connectHandler(this::connected);
        tcp.listen(requestedPort, address).await();
        port = tcp.actualPort();
        udp.handler(this::received);
        udp.listen(port, address).await();
        udp.exceptionHandler(e -> LOG.debug("DNS over UDP", e));
        reloadUpstreams();
    }

    private void received(DatagramPacket packet) {
        answer(packet.data(), false).onSuccess(answer -> {
            if (answer.length() > 0) {
                udp.send(answer, packet.sender().port(), packet.sender().host());
            }
        });
    }

    private void connected(NetSocket socket) {
        if (connections.incrementAndGet() > limits.connections()) {
            connections.decrementAndGet();
            socket.close();
            return;
        }
        socket.closeHandler(closed -> connections.decrementAndGet());
        var frames = new TcpFrames(message -> answer(message, true).onSuccess(answer -> {
            if (answer.length() > 0) {
                socket.write(TcpFrames.frame(answer));
            } else {
                socket.close();
            }
        }));
        socket.handler(frames::take);
    }

    /** The answer to a message; an empty buffer for none. Never fails. */
    private Future<Buffer> answer(Buffer message, boolean byTcp) {
        DnsQuery query;
        try {
            query = MessageReader.query(message.getBytes()).orElse(null);
        } catch (MessageReader.MalformedException e) {
            return Future.succeededFuture(formatError(message));
        }
        if (query == null) {
            return Future.succeededFuture(Buffer.buffer());
        }
        if (!query.isStandard()) {
            return reply(query, DnsAnswer.failure(DnsAnswer.NOT_IMPLEMENTED), byTcp);
        }
        if (!query.isInternet()) {
            return reply(query, DnsAnswer.failure(DnsAnswer.REFUSED), byTcp);
        }
        return switch (zone.resolve(query)) {
            case Resolution.Known(DnsAnswer answer) -> {
                own.increment();
                yield reply(query, answer, byTcp);
            }
            case Resolution.Alias(DnsRecord.Name alias) -> {
                own.increment();
                yield followAlias(query, alias).compose(answer -> reply(query, answer, byTcp));
            }
            case Resolution.Elsewhere() -> forward(query, message, byTcp);
        };
    }

    private Future<Buffer> forward(DnsQuery query, Buffer message, boolean byTcp) {
        forwarded.increment();
        return upstreams.ask(message, byTcp).recover(failure -> {
            failed.increment();
            LOG.debug("{}: {}", query.name(), failure.getMessage());
            return reply(query, DnsAnswer.failure(DnsAnswer.SERVER_FAILURE), byTcp);
        });
    }

    /** Asks for the addresses of a name outside, as a stub resolver does not do it itself. */
    private Future<DnsAnswer> followAlias(DnsQuery query, DnsRecord.Name alias) {
        if (query.type() != RecordType.A && query.type() != RecordType.AAAA) {
            return Future.succeededFuture(DnsAnswer.of(List.of(alias)));
        }
        Buffer question = Buffer.buffer(MessageWriter.question(query.id(), alias.target(), query.type()));
        return upstreams
                .ask(question, false)
                .map(found -> withAddresses(alias, found))
                .otherwise(failure -> DnsAnswer.of(List.of(alias)));
    }

    private static DnsAnswer withAddresses(DnsRecord.Name alias, Buffer found) {
        var records = new ArrayList<DnsRecord>();
        records.add(alias);
        try {
            records.addAll(MessageReader.addresses(found.getBytes()));
        } catch (MessageReader.MalformedException e) {
            LOG.debug("{}: {}", alias.target(), e.getMessage());
        }
        return DnsAnswer.of(records);
    }

    private static Future<Buffer> reply(DnsQuery query, DnsAnswer answer, boolean byTcp) {
        int limit = byTcp ? LARGEST_MESSAGE : query.datagramLimit();
        return Future.succeededFuture(Buffer.buffer(MessageWriter.answer(query, answer, limit)));
    }

    /** Header alone: the question cannot be sent back when it could not be read. */
    private static Buffer formatError(Buffer message) {
        return Buffer.buffer()
                .appendUnsignedShort(message.getUnsignedShort(0))
                .appendUnsignedShort(0x8080 | DnsAnswer.FORMAT_ERROR)
                .appendLong(0);
    }
}
