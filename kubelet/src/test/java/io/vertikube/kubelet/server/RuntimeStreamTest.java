package io.vertikube.kubelet.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.spdy.DefaultSpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyDataFrame;
import io.netty.handler.codec.spdy.SpdyFrameCodec;
import io.netty.handler.codec.spdy.SpdySynStreamFrame;
import io.netty.handler.codec.spdy.SpdyVersion;
import io.vertikube.kubelet.spdy.SpdyConnection;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RuntimeStreamTest {

    /** Plays the runtime's streaming server for one connection. */
    private interface Server {
        void serve(Socket socket) throws IOException;
    }

    @Test
    void onlyAnUpgradeOpensIt() throws Exception {
        for (String answer : List.of(
                "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n",
                "HTTP/1.1 404 Not Found\r\n\r\nno such session",
                "nonsense\r\n\r\n")) {
            URI url = serve(socket -> socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII)));
            assertThatThrownBy(() -> RuntimeStream.open(url, List.of("v4.channel.k8s.io"), Duration.ZERO))
                    .as(answer)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("refused");
        }
        URI silent = serve(Socket::close);
        assertThatThrownBy(() -> RuntimeStream.open(silent, List.of(), Duration.ZERO))
                .isInstanceOf(IOException.class);
    }

    @Test
    void streamsCarryHeadersAndMoreThanAWindowOfData() throws Exception {
        List<String> types = new ArrayList<>();
        var received = new CompletableFuture<byte[]>();
        URI url = serve(socket -> {
            socket.getOutputStream()
                    .write("HTTP/1.1 101 Switching Protocols\r\nX-Stream-Protocol-Version: v4.channel.k8s.io\r\n\r\n"
                            .getBytes(StandardCharsets.US_ASCII));
            play(socket, types, received);
        });
        byte[] much = new byte[500_000];
        java.util.Arrays.fill(much, (byte) 'x');
        try (RuntimeStream stream = RuntimeStream.open(url, List.of("v4.channel.k8s.io"), Duration.ZERO)) {
            assertThat(stream.protocol()).isEqualTo("v4.channel.k8s.io");
            var spdy = SpdyConnection.client(stream.in(), stream.out());
            spdy.open(Map.of("streamtype", "error"));
            int stdin = spdy.open(Map.of("streamtype", "stdin"));
            assertThat(stdin).isEqualTo(3);
            spdy.send(stdin, much, true);
            assertThat(received.get()).isEqualTo(much);
            assertThat(types).containsExactly("error", "stdin");
            var echoed = new ByteArrayOutputStream();
            spdy.read(new SpdyConnection.Listener() {
                @Override
                public void data(int streamId, byte[] bytes, boolean last) {
                    assertThat(streamId).isEqualTo(3);
                    echoed.writeBytes(bytes);
                }

                @Override
                public void reset(int streamId) {
                    throw new AssertionError("stream " + streamId + " was reset");
                }
            });
            assertThat(echoed.toString(StandardCharsets.US_ASCII)).isEqualTo("got 500000");
        }
    }

    @Test
    void whatCarriesNothingIsEndedAndWhatGoesEitherWayKeepsIt() throws Exception {
        var silence = new CompletableFuture<Void>();
        URI url = serve(socket -> {
            readHead(socket);
            socket.getOutputStream()
                    .write("HTTP/1.1 101 Switching Protocols\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            silence.join();
        });
        Duration idle = Duration.ofMillis(800);
        try (RuntimeStream stream = RuntimeStream.open(url, List.of(), idle)) {
            var failed = new CompletableFuture<Throwable>();
            Thread.ofVirtual().start(() -> {
                try {
                    failed.complete(new AssertionError("read " + stream.in().read()));
                } catch (IOException e) {
                    failed.complete(e);
                }
            });
            for (int i = 0; i < 20; i++) {
                stream.out().write('x');
                Thread.sleep(80);
                assertThat(failed).isNotDone();
            }
            assertThat(failed.get(20, TimeUnit.SECONDS)).hasMessageContaining("nothing was carried for");
        } finally {
            silence.complete(null);
        }
    }

    /** Collects the data of a stream until its end, answers on it, and hangs up. */
    private static void play(Socket socket, List<String> types, CompletableFuture<byte[]> received) throws IOException {
        readHead(socket);
        var codec = new EmbeddedChannel(new SpdyFrameCodec(SpdyVersion.SPDY_3_1));
        var body = new ByteArrayOutputStream();
        byte[] block = new byte[8192];
        for (int count = socket.getInputStream().read(block);
                count > 0;
                count = socket.getInputStream().read(block)) {
            codec.writeInbound(Unpooled.copiedBuffer(block, 0, count));
            for (Object frame = codec.readInbound(); frame != null; frame = codec.readInbound()) {
                if (frame instanceof SpdySynStreamFrame opened) {
                    types.add(opened.headers().getAsString("streamtype"));
                } else if (frame instanceof SpdyDataFrame data) {
                    body.writeBytes(ByteBufUtil.getBytes(data.content()));
                    if (data.isLast()) {
                        received.complete(body.toByteArray());
                        var text = ("got " + body.size()).getBytes(StandardCharsets.US_ASCII);
                        codec.writeOutbound(new DefaultSpdyDataFrame(data.streamId(), Unpooled.wrappedBuffer(text)));
                        for (ByteBuf out = codec.readOutbound(); out != null; out = codec.readOutbound()) {
                            socket.getOutputStream().write(ByteBufUtil.getBytes(out));
                        }
                        return;
                    }
                }
            }
        }
    }

    private static void readHead(Socket socket) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) socket.getInputStream().read());
        }
        assertThat(head).contains("Upgrade: SPDY/3.1").startsWith("POST /exec/token ");
    }

    private static URI serve(Server server) throws IOException {
        var listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            try (listening;
                    Socket socket = listening.accept()) {
                server.serve(socket);
            } catch (IOException e) {
                System.err.println(e.getMessage());
            }
        });
        return URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/exec/token");
    }
}
