package io.vertikube.kubelet.spdy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.DefaultSpdyGoAwayFrame;
import io.netty.handler.codec.spdy.DefaultSpdyPingFrame;
import io.netty.handler.codec.spdy.DefaultSpdyRstStreamFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynReplyFrame;
import io.netty.handler.codec.spdy.DefaultSpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdyGoAwayFrame;
import io.netty.handler.codec.spdy.SpdyPingFrame;
import io.netty.handler.codec.spdy.SpdyRstStreamFrame;
import io.netty.handler.codec.spdy.SpdyStreamStatus;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One end of SPDY/3.1 on a blocking connection: Netty's frame codec without its session, because the library that
 * Kubernetes uses sends no window updates and a peer that waits for them stops after 64 KiB. The TCP connection itself
 * holds a fast writer back. One thread reads; any thread writes.
 */
public final class SpdyConnection {

    /** Told what arrives, on the reading thread; may block, and then nothing more is read. */
    public interface Listener {

        /** The other end opened a stream; header names are in lower case. */
        default void opened(int streamId, Map<String, String> headers) throws IOException {}

        void data(int streamId, byte[] bytes, boolean last) throws IOException;

        default void reset(int streamId) throws IOException {}
    }

    private static final int FRAME = 16 * 1024;

    private final InputStream in;
    private final OutputStream out;
    private final int parity;
    private final EmbeddedChannel encoder = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
    private final EmbeddedChannel decoder =
            new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1, FRAME, FRAME, 6, 15, 8, false));
    private int nextStream;

    private SpdyConnection(InputStream in, OutputStream out, int parity) {
        this.in = in;
        this.out = out;
        this.parity = parity;
        this.nextStream = parity == 1 ? 1 : 2;
    }

    /** The end that asked for the upgrade. */
    public static SpdyConnection client(InputStream in, OutputStream out) {
        return new SpdyConnection(in, out, 1);
    }

    /** The end that answered it. */
    public static SpdyConnection server(InputStream in, OutputStream out) {
        return new SpdyConnection(in, out, 0);
    }

    /** Opens a stream with headers and answers its id. */
    public synchronized int open(Map<String, String> headers) throws IOException {
        int id = nextStream;
        nextStream += 2;
        var frame = new DefaultSpdySynStreamFrame(id, 0, (byte) 0);
        headers.forEach((name, value) -> frame.headers().add(name, value));
        write(frame);
        return id;
    }

    /** Accepts a stream of the other end. */
    public synchronized void accept(int streamId) throws IOException {
        write(new DefaultSpdySynReplyFrame(streamId));
    }

    /** Sends data; {@code last} closes our half of the stream. */
    public void send(int streamId, byte[] bytes, boolean last) throws IOException {
        int at = 0;
        do {
            int count = Math.min(FRAME, bytes.length - at);
            var frame = new DefaultSpdyDataFrame(streamId, Unpooled.wrappedBuffer(bytes, at, count));
            at += count;
            frame.setLast(last && at == bytes.length);
            synchronized (this) {
                write(frame);
            }
        } while (at < bytes.length);
    }

    /** Ends both halves of a stream. */
    public synchronized void reset(int streamId) throws IOException {
        write(new DefaultSpdyRstStreamFrame(streamId, SpdyStreamStatus.CANCEL));
    }

    /** Says that nothing more will come. */
    public synchronized void goAway() throws IOException {
        write(new DefaultSpdyGoAwayFrame(0));
    }

    /** Reads until the connection ends. */
    public void read(Listener listener) throws IOException {
        byte[] block = new byte[64 * 1024];
        try {
            while (true) {
                int count = in.read(block);
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
        } finally {
            decoder.finishAndReleaseAll();
        }
    }

    private boolean handle(Object frame, Listener listener) throws IOException {
        switch (frame) {
            case SpdyDataFrame data ->
                listener.data(data.streamId(), ByteBufUtil.getBytes(data.content()), data.isLast());
            case SpdySynStreamFrame opened -> {
                listener.opened(opened.streamId(), headers(opened));
                if (opened.isLast()) {
                    listener.data(opened.streamId(), new byte[0], true);
                }
            }
            case SpdyRstStreamFrame reset -> listener.reset(reset.streamId());
            case SpdyPingFrame ping -> {
                // One of ours that comes back has our parity; none is sent.
                if (ping.id() % 2 != parity) {
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

    private static Map<String, String> headers(SpdySynStreamFrame frame) {
        Map<String, String> result = new HashMap<>();
        frame.headers()
                .forEach(entry -> result.put(
                        entry.getKey().toString().toLowerCase(Locale.ROOT),
                        entry.getValue().toString()));
        return result;
    }

    private void write(Object frame) throws IOException {
        encoder.writeOutbound(frame);
        for (ByteBuf bytes = encoder.readOutbound(); bytes != null; bytes = encoder.readOutbound()) {
            try {
                out.write(ByteBufUtil.getBytes(bytes));
            } finally {
                bytes.release();
            }
        }
        out.flush();
    }
}
