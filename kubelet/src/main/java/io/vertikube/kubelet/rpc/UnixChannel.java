package io.vertikube.kubelet.rpc;

import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** A gRPC channel over a unix socket, with the JDK's own domain sockets and one thread. Safe for any thread. */
public final class UnixChannel implements AutoCloseable {

    /** A list of thousands of containers must fit into one answer. */
    private static final int MAX_MESSAGE_BYTES = 16 * 1024 * 1024;

    /** What the runtime may send ahead: all of most answers. */
    private static final int WINDOW_BYTES = 1024 * 1024;

    private final EventLoopGroup group;
    private final ManagedChannel channel;

    /** Connects when it is first used; {@code thread} names the one thread it has. */
    public UnixChannel(Path socket, String thread) {
        group = new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(thread, /* daemon= */ true), NioIoHandler.newFactory());
        channel = NettyChannelBuilder.forAddress(UnixDomainSocketAddress.of(socket))
                .eventLoopGroup(group)
                .channelType(NioDomainSocketChannel.class, UnixDomainSocketAddress.class)
                .overrideAuthority("localhost")
                .usePlaintext()
                // Callers try again themselves; to be able to, gRPC would keep each message and wrap each call.
                .disableRetry()
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                // A window of its own choice: to find the best one gRPC would send a ping with every answer.
                .flowControlWindow(WINDOW_BYTES)
                // gRPC sets it for TCP; a unix socket has none and Netty would warn.
                .withOption(ChannelOption.SO_KEEPALIVE, null)
                .build();
    }

    public ManagedChannel channel() {
        return channel;
    }

    /** Makes a channel that lost its server try again now instead of after its back-off. */
    public void wake() {
        channel.resetConnectBackoff();
    }

    @Override
    public void close() {
        channel.shutdownNow();
        group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
    }
}
