package io.vertikube.e2e.simulation;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.local.LocalChannel;
import io.netty.channel.local.LocalServerChannel;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/** Listens at a port of the {@link Wire}; port 0 is any that is free. Confined to its event loop. */
final class WireListener extends AbstractServerChannel {

    private final ChannelConfig config = new DefaultChannelConfig(this);
    private final LocalServerChannel inner = new LocalServerChannel() {
        @Override
        protected LocalChannel newLocalChannel(LocalChannel peer) {
            return new WireEnd(wire.nextEnd(), this, peer);
        }
    };
    private final Wire wire;
    private boolean open = true;
    private @Nullable InetSocketAddress bound;

    WireListener(Wire wire) {
        this.wire = wire;
    }

    @Override
    protected void doBind(SocketAddress wanted) {
        var address = (InetSocketAddress) wanted;
        int port = address.getPort() == 0 ? wire.freePort() : address.getPort();
        eventLoop().register(inner).syncUninterruptibly();
        inner.pipeline().addLast(new ChannelInboundHandlerAdapter() {
            @Override
            public void channelRead(ChannelHandlerContext context, Object connection) {
                pipeline().fireChannelRead(connection);
                pipeline().fireChannelReadComplete();
            }
        });
        inner.bind(wire.at(port)).syncUninterruptibly();
        bound = new InetSocketAddress(address.getAddress(), port);
    }

    @Override
    protected @Nullable SocketAddress localAddress0() {
        return bound;
    }

    @Override
    protected void doClose() {
        open = false;
        inner.close();
    }

    /** The inner one reads by itself. */
    @Override
    protected void doBeginRead() {}

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    public ChannelConfig config() {
        return config;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public boolean isActive() {
        return open && bound != null;
    }
}
