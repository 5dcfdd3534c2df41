package io.vertikube.apiserver.storage.etcd;

import static org.assertj.core.api.Assertions.fail;

import io.vertikube.apiserver.testing.FreePorts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Real etcd members on loopback, each a process with a data folder of its own, ended by their ids when closed. Confined
 * to one test thread.
 */
public final class EtcdProcess implements AutoCloseable {

    private static final Path BINARY = Path.of("/usr/bin/etcd");

    private static final FreePorts PORTS = new FreePorts();

    private record Member(String name, int clientPort, int peerPort, Path data) {
        String peerUrl() {
            return "http://127.0.0.1:" + peerPort;
        }
    }

    private final Path folder;
    private final List<Member> members;
    private final List<String> tlsFlags;
    private final String scheme;
    private final Process[] processes;

    private EtcdProcess(int size, String scheme, List<String> tlsFlags) throws IOException {
        if (!Files.isExecutable(BINARY)) {
            fail(
                    "%s is missing, which this test needs: run deploy/test, which installs it (Debian package etcd-server)",
                    BINARY);
        }
        this.scheme = scheme;
        this.tlsFlags = List.copyOf(tlsFlags);
        this.folder = Files.createTempDirectory("vertikube-etcd-");
        this.members = IntStream.range(0, size)
                .mapToObj(i -> new Member("m" + i, PORTS.next(), PORTS.next(), folder.resolve("m" + i)))
                .toList();
        this.processes = new Process[size];
    }

    /** One member without TLS. */
    public static EtcdProcess single() {
        return cluster(1, "http", List.of());
    }

    /** Several members without TLS. */
    public static EtcdProcess cluster(int size) {
        return cluster(size, "http", List.of());
    }

    /** One member that serves TLS with these flags, such as {@code --cert-file=...}. */
    public static EtcdProcess secured(List<String> tlsFlags) {
        return cluster(1, "https", tlsFlags);
    }

    private static EtcdProcess cluster(int size, String scheme, List<String> tlsFlags) {
        try {
            var cluster = new EtcdProcess(size, scheme, tlsFlags);
            for (int i = 0; i < size; i++) {
                cluster.start(i);
            }
            for (Member member : cluster.members) {
                cluster.awaitPort(member);
            }
            return cluster;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a member, or starts it again on its data. */
    public void start(int index) throws IOException {
        Member member = members.get(index);
        var command = new ArrayList<>(List.of(
                BINARY.toString(),
                "--name=" + member.name(),
                "--data-dir=" + member.data(),
                "--listen-client-urls=" + url(member),
                "--advertise-client-urls=" + url(member),
                "--listen-peer-urls=" + member.peerUrl(),
                "--initial-advertise-peer-urls=" + member.peerUrl(),
                "--initial-cluster="
                        + members.stream()
                                .map(m -> m.name() + "=" + m.peerUrl())
                                .collect(Collectors.joining(",")),
                "--heartbeat-interval=50",
                "--election-timeout=500",
                "--log-level=error"));
        command.addAll(tlsFlags);
        processes[index] = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve(member.name() + ".log").toFile())
                .start();
    }

    private void awaitPort(Member member) throws IOException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try (var socket = new Socket(InetAddress.getLoopbackAddress(), member.clientPort())) {
                return;
            } catch (IOException e) {
                if (System.nanoTime() > deadline) {
                    String log = Files.readString(folder.resolve(member.name() + ".log"));
                    close();
                    throw new IOException("etcd did not start: " + log, e);
                }
            }
            try {
                Thread.sleep(20);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /** Ends a member as a crash would. */
    public void kill(int index) throws InterruptedException {
        processes[index].destroyForcibly().waitFor();
    }

    public int size() {
        return members.size();
    }

    private String url(Member member) {
        return scheme + "://127.0.0.1:" + member.clientPort();
    }

    public List<URI> endpoints() {
        return members.stream().map(m -> URI.create(url(m))).toList();
    }

    @Override
    public void close() {
        try {
            for (Process process : processes) {
                if (process != null) {
                    process.destroyForcibly().waitFor();
                }
            }
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
