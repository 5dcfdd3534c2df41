package io.vertikube.e2e.simulation;

import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFactory;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.local.LocalAddress;
import io.netty.channel.local.LocalIoHandler;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.InternetProtocolFamily;
import io.vertx.core.net.ClientOptionsBase;
import io.vertx.core.net.NetServerOptions;
import io.vertx.core.spi.transport.Transport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * A loopback without the machine: what is sent has arrived, in the order in which it was sent. Addresses and ports are as
 * ever, and nobody outside of this JVM knows of them. Its event loops are somebody else's.
 */
final class Wire implements Transport {

    private static final String LOOPBACK = "127.0.0.1";
    private static final int FIRST_PORT = 20_000;

    /** Of all wires, so that worlds side by side do not meet. */
    private static final AtomicInteger WIRES = new AtomicInteger();

    private final String name = "wire-" + WIRES.incrementAndGet() + ":";
    private final AtomicInteger ends = new AtomicInteger();
    private final AtomicInteger ports = new AtomicInteger(FIRST_PORT);
    private final Function<IoHandlerFactory, IoEventLoop> loops;

    Wire(Function<IoHandlerFactory, IoEventLoop> loops) {
        this.loops = loops;
    }

    /** Where a listener is found. */
    LocalAddress at(int port) {
        return new LocalAddress(name + port);
    }

    int freePort() {
        return ports.incrementAndGet();
    }

    /** How many ends there were before a new one. */
    int nextEnd() {
        return ends.getAndIncrement();
    }

    @Override
    public SocketAddress convert(io.vertx.core.net.SocketAddress address) {
        return at(address.port());
    }

    /** Whoever connects has an address without a port. */
    @Override
    public io.vertx.core.net.SocketAddress convert(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return io.vertx.core.net.SocketAddress.inetSocketAddress(inet);
        }
        String id = ((LocalAddress) address).id();
        int port = id.startsWith(name) ? Integer.parseInt(id.substring(name.length())) : 0;
        return io.vertx.core.net.SocketAddress.inetSocketAddress(port, LOOPBACK);
    }

    @Override
    public IoHandlerFactory ioHandlerFactory() {
        return LocalIoHandler.newFactory();
    }

    @Override
    public EventLoopGroup eventLoopGroup(int type, int count, ThreadFactory threads, int ioRatio) {
        return new MultiThreadIoEventLoopGroup(count, threads, ioHandlerFactory()) {
            @Override
            protected IoEventLoop newChild(Executor executor, IoHandlerFactory handlers, Object... unused) {
                return loops.apply(handlers);
            }
        };
    }

    @Override
    public ChannelFactory<? extends Channel> channelFactory(boolean domainSocket) {
        return () -> new WireEnd(nextEnd());
    }

    @Override
    public ChannelFactory<? extends ServerChannel> serverChannelFactory(boolean domainSocket) {
        return () -> new WireListener(this);
    }

    @Override
    public DatagramChannel datagramChannel() {
        throw new UnsupportedOperationException("nothing but streams goes over this wire");
    }

    @Override
    @SuppressWarnings("deprecation") // the interface asks for it
    public DatagramChannel datagramChannel(InternetProtocolFamily family) {
        return datagramChannel();
    }

    /** There are no sockets that could be set up, and no names to look up. */
    @Override
    public void configure(ClientOptionsBase options, int connectTimeout, boolean domainSocket, Bootstrap bootstrap) {
        bootstrap.disableResolver();
    }

    @Override
    public void configure(NetServerOptions options, boolean domainSocket, ServerBootstrap bootstrap) {}
}
