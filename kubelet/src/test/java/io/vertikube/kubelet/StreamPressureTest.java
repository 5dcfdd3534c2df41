package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.vertikube.kubelet.CommandClient.Channel;
import io.vertikube.kubelet.CommandClient.Protocol;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Much data, slow readers and sudden deaths on the way through API server, kubelet and runtime. */
class StreamPressureTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final int MEGABYTE = 1 << 20;
    /** Of which the sum over both protocols and directions is what passes. */
    private static final int MUCH = 64 * MEGABYTE;
    /** Socket buffers of all connections on the way, and what is read ahead. */
    private static final int ON_THE_WAY = 32 * MEGABYTE;

    @TempDir
    Path folder;

    private StreamingCluster here;

    @BeforeEach
    void start() throws IOException {
        here = new StreamingCluster(folder);
        here.createRunning();
    }

    @AfterEach
    void stop() {
        here.awaitNoStreams();
        here.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKET_V5", "SPDY_V4"})
    void slowReaderHoldsTheCommandBackAndGetsEverything(Protocol protocol) throws Exception {
        try (var session = exec(protocol, "stdout=true", "head", "-c", Integer.toString(MUCH), "/dev/zero")) {
            long before = memory();
            await().atMost(SOON).until(() -> here.runtime.openStreams() == 1);
            // Nothing is read: what the command has written by then waits in its own output.
            Thread.sleep(1_500);
            assertThat(memory() - before).isLessThan(ON_THE_WAY);
            assertThat(here.runtime.openStreams()).isEqualTo(1);
            session.read().await();
            assertThat(session.count(Channel.STDOUT)).isEqualTo(MUCH);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKET_V5", "SPDY_V4"})
    void commandThatDoesNotReadHoldsItsCallerBack(Protocol protocol) throws Exception {
        var written = new AtomicLong();
        try (var session = exec(protocol, "stdin=true&stdout=true", "sh", "-c", "sleep 2; wc -c")) {
            session.read();
            Thread typing = Thread.ofVirtual().start(() -> {
                try {
                    for (byte[] piece = new byte[32 * 1024]; written.get() < MUCH; written.addAndGet(piece.length)) {
                        session.send(Channel.STDIN, piece);
                    }
                    session.endInput();
                } catch (IOException e) {
                    written.set(-1);
                }
            });
            Thread.sleep(1_200);
            assertThat(written.get()).isBetween(1L, (long) ON_THE_WAY);
            typing.join();
            session.await();
            assertThat(session.text(Channel.STDOUT)).isEqualTo(MUCH + "\n");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKET_V5", "WEBSOCKET_V1", "SPDY_V4"})
    void clientThatDiesLeavesNothing(Protocol protocol) throws Exception {
        String[][] commands = {
            {"sleep", "1000"}, {"head", "-c", "10000000000", "/dev/zero"}, {"sh", "-c", "while true; do echo x; done"}
        };
        for (String[] command : commands) {
            for (boolean reading : new boolean[] {true, false}) {
                try (var session = exec(protocol, "stdin=true&stdout=true", command)) {
                    if (reading) {
                        session.read();
                    }
                    await().atMost(SOON).until(() -> here.runtime.openStreams() == 1);
                    if (command[0].equals("sleep")) {
                        session.send(Channel.STDIN, new byte[100_000]);
                    }
                }
                await().atMost(SOON).until(() -> here.runtime.openStreams() == 0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"WEBSOCKET_V5", "SPDY_V4"})
    void kubeletThatDiesEndsItsSessions(Protocol protocol) throws Exception {
        try (var session = exec(protocol, "stdin=true&stdout=true", "cat")) {
            session.read();
            session.type("hello");
            session.await(Channel.STDOUT, "hello");
            here.kubelet.close();
            assertThat(session.ended()).isTrue();
        }
    }

    private CommandClient exec(Protocol protocol, String streams, String... command) throws IOException {
        var path = new StringBuilder("/api/v1/namespaces/default/pods/p/exec?").append(streams);
        for (String word : command) {
            path.append("&command=").append(java.net.URLEncoder.encode(word, java.nio.charset.StandardCharsets.UTF_8));
        }
        return CommandClient.open(here.admin, protocol, path.toString());
    }

    private static long memory() {
        System.gc();
        long direct = ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .mapToLong(BufferPoolMXBean::getMemoryUsed)
                .sum();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() + direct;
    }
}
