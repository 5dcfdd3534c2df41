package io.vertikube.kubelet.devices;

import io.netty.channel.AbstractServerChannel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioDomainSocketChannel;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;

/** A server that does not listen: somebody else does, and hands it what was accepted. Safe for any thread. */
final class FedServerChannel extends AbstractServerChannel {

    private final SocketAddress address;
    private final ChannelConfig config = new DefaultChannelConfig(this);
    private volatile boolean open = true;

    /** {@code address} is what the other one listens on. */
    FedServerChannel(SocketAddress address) {
        this.address = address;
    }

    /** Serves a connection from now on; it is not blocking. */
    void feed(SocketChannel accepted) {
        eventLoop().execute(() -> {
            pipeline().fireChannelRead(new NioDomainSocketChannel(this, accepted));
            pipeline().fireChannelReadComplete();
        });
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
        return open;
    }

    @Override
    protected boolean isCompatible(EventLoop loop) {
        return true;
    }

    @Override
    protected SocketAddress localAddress0() {
        return address;
    }

    @Override
    protected void doBind(SocketAddress localAddress) {}

    @Override
    protected void doBeginRead() {}

    @Override
    protected void doClose() {
        open = false;
    }
}
