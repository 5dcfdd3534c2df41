package io.vertikube.deploy.bench.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One HTTP/1.1 connection over TLS with one request at a time, and a reader of responses that looks at nothing but
 * status, length and chunks. Confined to its event loop, except {@link #open}.
 */
public final class Connection extends ChannelInboundHandlerAdapter {

    private enum State {
        HEAD,
        BODY,
        CHUNK_SIZE,
        CHUNK,
        CHUNK_END,
        TRAILER
    }

    private static final int LONGEST_HEAD = 16 * 1024;

    private final CompletableFuture<Connection> opened = new CompletableFuture<>();
    private final byte[] head = new byte[LONGEST_HEAD];
    private final Channel channel;
    private int headLength;
    private State state = State.HEAD;
    private int status;
    private long left;
    private long body;
    private @Nullable Reply reply;

    private Connection(Channel channel) {
        this.channel = channel;
    }

    /** Connects and shakes hands. Any thread. */
    public static CompletableFuture<Connection> open(EventLoop loop, Target target) {
        var result = new CompletableFuture<Connection>();
        new Bootstrap()
                .group(loop)
                .channel(NioSocketChannel.class)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 10_000)
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        SslHandler tls = target.tls().newHandler(channel.alloc(), target.host(), target.port());
                        tls.setHandshakeTimeoutMillis(30_000);
                        var connection = new Connection(channel);
                        connection.opened.whenComplete((c, failure) -> {
                            if (failure == null) {
                                result.complete(c);
                            } else {
                                result.completeExceptionally(failure);
                            }
                        });
                        channel.pipeline().addLast(tls, connection);
                    }
                })
                .connect(target.host(), target.port())
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        result.completeExceptionally(connected.cause());
                    }
                });
        return result;
    }

    public EventLoop loop() {
        return channel.eventLoop();
    }

    /** @param request the whole request; released */
    public void send(ByteBuf request, Reply to) {
        reply = to;
        channel.writeAndFlush(request, channel.voidPromise());
    }

    public ByteBuf buffer(int size) {
        return channel.alloc().buffer(size);
    }

    public void close() {
        reply = null;
        channel.close();
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
        if (event instanceof SslHandshakeCompletionEvent shaken) {
            if (shaken.isSuccess()) {
                opened.complete(this);
            } else {
                opened.completeExceptionally(shaken.cause());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        var bytes = (ByteBuf) message;
        try {
            while (bytes.isReadable()) {
                step(bytes);
            }
        } catch (IOException e) {
            exceptionCaught(context, e);
        } finally {
            bytes.release();
        }
    }

    private void step(ByteBuf bytes) throws IOException {
        switch (state) {
            case HEAD -> {
                if (line(bytes, true)) {
                    readHead();
                }
            }
            case BODY -> {
                if (take(bytes)) {
                    finished();
                }
            }
            case CHUNK_SIZE -> {
                if (line(bytes, false)) {
                    left = Long.parseLong(text().split("[;\r\n]", 2)[0].strip(), 16);
                    headLength = 0;
                    state = left == 0 ? State.TRAILER : State.CHUNK;
                }
            }
            case CHUNK -> {
                if (take(bytes)) {
                    state = State.CHUNK_END;
                }
            }
            case CHUNK_END -> {
                if (line(bytes, false)) {
                    headLength = 0;
                    state = State.CHUNK_SIZE;
                }
            }
            case TRAILER -> {
                if (line(bytes, false)) {
                    boolean last = text().isBlank();
                    headLength = 0;
                    if (last) {
                        finished();
                    }
                }
            }
        }
    }

    /** Gathers bytes up to the end of a line, or of the whole head; true when it is there. */
    private boolean line(ByteBuf bytes, boolean wholeHead) throws IOException {
        while (bytes.isReadable()) {
            byte next = bytes.readByte();
            if (headLength == head.length) {
                throw new IOException("a response's head is larger than " + LONGEST_HEAD + " bytes");
            }
            head[headLength++] = next;
            if (next == '\n' && (!wholeHead || (headLength > 3 && head[headLength - 3] == '\n'))) {
                return true;
            }
        }
        return false;
    }

    private String text() {
        return new String(head, 0, headLength, StandardCharsets.ISO_8859_1);
    }

    private void readHead() throws IOException {
        if (headLength < 12 || head[0] != 'H') {
            throw new IOException("no HTTP response: " + text());
        }
        status = (head[9] - '0') * 100 + (head[10] - '0') * 10 + head[11] - '0';
        body = 0;
        long length = -1;
        boolean chunked = false;
        int from = 0;
        for (int i = 0; i < headLength; i++) {
            if (head[i] == '\n') {
                if (begins(from, "content-length:")) {
                    length = number(from + 15);
                } else if (begins(from, "transfer-encoding:")) {
                    chunked = true;
                }
                from = i + 1;
            }
        }
        headLength = 0;
        left = Math.max(0, length);
        Reply to = reply;
        if (to != null) {
            to.begun(status);
        }
        if (chunked) {
            state = State.CHUNK_SIZE;
        } else if (left > 0) {
            state = State.BODY;
        } else {
            finished();
        }
    }

    private boolean begins(int from, String name) {
        if (from + name.length() > headLength) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            if ((head[from + i] | 0x20) != (name.charAt(i) | 0x20)) {
                return false;
            }
        }
        return true;
    }

    private long number(int from) {
        long value = 0;
        for (int i = from; i < headLength && head[i] != '\r' && head[i] != '\n'; i++) {
            if (head[i] >= '0' && head[i] <= '9') {
                value = value * 10 + head[i] - '0';
            }
        }
        return value;
    }

    private boolean take(ByteBuf bytes) {
        int now = (int) Math.min(left, bytes.readableBytes());
        Reply to = reply;
        if (to != null) {
            to.part(bytes.slice(bytes.readerIndex(), now));
        }
        bytes.skipBytes(now);
        left -= now;
        body += now;
        return left == 0;
    }

    private void finished() {
        state = State.HEAD;
        Reply to = reply;
        if (to != null) {
            to.done(status, body);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        broken(new IOException("the server closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        broken(cause);
        context.close();
    }

    private void broken(Throwable why) {
        opened.completeExceptionally(why);
        Reply to = reply;
        reply = null;
        if (to != null) {
            to.failed(why);
        }
    }
}
