package io.vertikube.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertikube.proxy.node.Programs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A machine in network namespaces of its own: host {@code h} with bridge {@code cni0}, pods {@code a} 10.244.0.2 and
 * {@code b} 10.244.0.3 on it, and {@code o} 192.168.77.2 outside of host address 192.168.77.1. In each but the host a
 * server on port 8080 says its name and who asked.
 */
public final class Lab implements AutoCloseable {

    private static final String SERVER = """
            import sys, socket, threading
            def udp():
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(('0.0.0.0', 8080))
                while True:
                    d, a = s.recvfrom(512); s.sendto((sys.argv[1] + ' ' + a[0]).encode(), a)
            threading.Thread(target=udp, daemon=True).start()
            t = socket.create_server(('0.0.0.0', 8080), backlog=64)
            print('ready', flush=True)
            while True:
                c, a = t.accept(); c.sendall((sys.argv[1] + ' ' + a[0]).encode()); c.close()
            """;
    private static final String CLIENT = """
            import sys, socket
            for i in range(int(sys.argv[4])):
                udp = sys.argv[3] == 'udp'
                s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM if udp else socket.SOCK_STREAM); s.settimeout(1.5)
                if len(sys.argv) > 5: s.bind((sys.argv[5], 0))
                try:
                    s.connect((sys.argv[1], int(sys.argv[2])))
                    if udp: s.send(b'x')
                    print(s.recv(100).decode())
                except ConnectionRefusedError: print('refused')
                except socket.timeout: print('timeout')
                except OSError as e: print(e)
                s.close()
            """;

    private final String prefix = "vkp-" + ProcessHandle.current().pid();
    private final Programs machine = Programs.here();
    private final List<Process> servers = new ArrayList<>();

    public Lab() throws Exception {
        try {
            for (String name : List.of("h", "a", "b", "o")) {
                must("ip", "netns", "add", space(name));
                must("ip", "-n", space(name), "link", "set", "lo", "up");
            }
            host("ip", "link", "add", "cni0", "type", "bridge");
            host("ip", "addr", "add", "10.244.0.1/24", "dev", "cni0");
            host("ip", "link", "set", "cni0", "up");
            pod("a", "10.244.0.2");
            pod("b", "10.244.0.3");
            host("ip", "link", "add", "eth0", "type", "veth", "peer", "name", "eth0", "netns", space("o"));
            host("ip", "addr", "add", "192.168.77.1/24", "dev", "eth0");
            host("ip", "link", "set", "eth0", "up");
            must("ip", "-n", space("o"), "addr", "add", "192.168.77.2/24", "dev", "eth0");
            must("ip", "-n", space("o"), "link", "set", "eth0", "up");
            host("ip", "route", "add", "default", "via", "192.168.77.2");
            host("sysctl", "-qw", "net.ipv4.ip_forward=1");
            for (String name : List.of("a", "b", "o")) {
                serve(name);
            }
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    /** Whether this process may make one; else why not. */
    public static String impossible() {
        return "root".equals(System.getProperty("user.name"))
                ? ""
                : "network namespaces need root, and this is " + System.getProperty("user.name");
    }

    /** Programs of the host. */
    public Programs host() {
        return new Programs(List.of("ip", "netns", "exec", space("h")), Duration.ofSeconds(30));
    }

    public String host(String... command) {
        var result = host().run(command);
        assertThat(result.exitCode())
                .as("%s: %s", String.join(" ", command), result.output())
                .isZero();
        return result.output();
    }

    /** Whether bridged frames are shown to the IP hooks on the host. */
    public void bridgePassesFilters(boolean on) {
        if (Files.exists(Path.of("/proc/sys/net/bridge"))) {
            host("sysctl", "-qw", "net.bridge.bridge-nf-call-iptables=" + (on ? 1 : 0));
        }
    }

    /** What a client in a namespace hears when it connects some times: the different answers. */
    public Set<String> ask(String from, String address, int port, int times) {
        return ask(from, address, port, "tcp", times);
    }

    public Set<String> ask(String from, String address, int port, String protocol, int times, String... source) {
        var command = new ArrayList<>(List.of(
                "ip", "netns", "exec", space(from), "python3", "-c", CLIENT, address, "" + port, protocol, "" + times));
        command.addAll(List.of(source));
        var result = machine.run(command, "");
        return new TreeSet<>(result.output().lines().toList());
    }

    @Override
    public void close() throws Exception {
        for (Process server : servers) {
            server.destroyForcibly().waitFor();
        }
        for (String name : List.of("h", "a", "b", "o")) {
            machine.run("ip", "netns", "del", space(name));
        }
    }

    private void pod(String name, String address) {
        host("ip", "link", "add", "ve" + name, "type", "veth", "peer", "name", "eth0", "netns", space(name));
        host("ip", "link", "set", "ve" + name, "master", "cni0", "up");
        host("ip", "link", "set", "ve" + name, "type", "bridge_slave", "hairpin", "on");
        must("ip", "-n", space(name), "addr", "add", address + "/24", "dev", "eth0");
        must("ip", "-n", space(name), "link", "set", "eth0", "up");
        must("ip", "-n", space(name), "route", "add", "default", "via", "10.244.0.1");
    }

    private void serve(String name) throws Exception {
        Process server = new ProcessBuilder("ip", "netns", "exec", space(name), "python3", "-c", SERVER, name)
                .redirectErrorStream(true)
                .start();
        servers.add(server);
        assertThat(server.inputReader().readLine()).isEqualTo("ready");
    }

    private String space(String name) {
        return prefix + "-" + name;
    }

    private void must(String... command) {
        var result = machine.run(command);
        assertThat(result.exitCode())
                .as("%s: %s", String.join(" ", command), result.output())
                .isZero();
    }
}
