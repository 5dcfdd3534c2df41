package io.vertikube.kubelet.server;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.util.Map;

/**
 * The client's end of SPDY/3.1 on a blocking connection: Netty's frame codec without its session, because the runtimes'
 * library sends no window updates and a peer that waits for them stops after 64 KiB. The TCP connection itself holds a
 * fast writer back. One thread reads; any thread writes.
 */
final class SpdyConnection {

    /** Told what arrives, on the reading thread; may block. */
    interface Listener {

        void data(int streamId, byte[] bytes, boolean last) throws IOException;

        void reset(int streamId) throws IOException;
    }

    private static final int FRAME = 16 * 1024;

    private final RuntimeStream connection;
    private final EmbeddedChannel encoder = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final EmbeddedChannel decoder =
            new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, FRAME, FRAME, 6, 15, 8, false));
    private int nextStream = 1;

    SpdyConnection(RuntimeStream connection) {
        this.connection = connection;
    }

    /** Opens a stream with headers and answers its id. */
    synchronized int open(Map<String, String> headers) throws IOException {
        int id = nextStream;
        nextStream += 2;
        var frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
        headers.forEach((name, value) -> frame.headers().add(name, value));
        write(frame);
        return id;
    }

    /** Sends data; {@code last} closes our half of the stream. */
    synchronized void send(int streamId, byte[] bytes, boolean last) throws IOException {
        int at = 0;
        do {
            int count = Math.min(FRAME, bytes.length - at);
            var frame = new DefaultSpdyDataFrame(streamId, Unpooled.wrappedBuffer(bytes, at, count));
            at += count;
            frame.setLast(last && at == bytes.length);
            write(frame);
        } while (at < bytes.length);
    }

    /** Reads until the connection ends. */
    void read(Listener listener) throws IOException {
        byte[] block = new byte[64 * 1024];
        while (true) {
            int count = connection.in().read(block);
            if (count < 0) {
                return;
            }
            decoder.writeInbound(Unpooled.copiedBuffer(block, 0, count));
            for (Object frame = decoder.readInbound(); frame != null; frame = decoder.readInbound()) {
                try {
                    if (!handle(frame, listener)) {
                        return;
                    }
                } finally {
                    ReferenceCountUtil.release(frame);
                }
            }
        }
    }

    private boolean handle(Object frame, Listener listener) throws IOException {
        switch (frame) {
            case SpdyDataFrame data ->
                listener.data(data.streamId(), ByteBufUtil.getBytes(data.content()), data.isLast());
            case SpdyRstStreamFrame reset -> listener.reset(reset.streamId());
            case SpdyPingFrame ping -> {
                // Ours are odd; none is sent.
                if (ping.id() % 2 == 0) {
                    synchronized (this) {
                        write(new DefaultSpdyPingFrame(ping.id()));
                    }
                }
            }
            case SpdyGoAwayFrame _ -> {
                return false;
            }
            default -> {}
        }
        return true;
    }

    private void write(Object frame) throws IOException {
        encoder.writeOutbound(frame);
        for (ByteBuf bytes = encoder.readOutbound(); bytes != null; bytes = encoder.readOutbound()) {
            try {
                connection.out().write(ByteBufUtil.getBytes(bytes));
            } finally {
                bytes.release();
            }
        }
        connection.out().flush();
    }
}
