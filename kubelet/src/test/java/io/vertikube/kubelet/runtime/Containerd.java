package io.vertikube.kubelet.runtime;

import io.vertikube.kubelet.runtime.cri.CriRuntime;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A containerd of the test's own: its root, state, socket and CNI folder lie in one folder, and it runs in a network
 * namespace that a veth joins to this one, so that its pods and its streaming server can be reached and nothing else is
 * touched. Closing it ends every pod, the process, the namespace and the mounts. Installs nothing.
 */
public final class Containerd implements AutoCloseable {

    public static final String IMAGE = "docker.io/library/busybox:test";
    private static final String SANDBOX_IMAGE = "vertikube.test/pause:1";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final String tag;
    private final String range;
    private final Process process;

    private Containerd(Path folder, String tag, String range, Process process) {
        this.folder = folder;
        this.tag = tag;
        this.range = range;
        this.process = process;
    }

    /**
     * Starts one; a missing program fails with a sentence.
     *
     * @param number tells fixtures that run at once apart, 1 to 60
     */
    public static Containerd start(int number) throws IOException, InterruptedException {
        require("containerd", "containerd");
        require("runc", "runc");
        require("ip", "iproute2");
        if (!Files.isExecutable(Path.of("/usr/lib/cni/bridge"))) {
            throw new IllegalStateException(
                    "/usr/lib/cni/bridge is missing: install Debian's containernetworking-plugins to run the tests on a"
                            + " real runtime");
        }
        if (!"root".equals(System.getProperty("user.name"))) {
            throw new IllegalStateException("tests on a real runtime need root");
        }
        Path folder = Files.createTempDirectory("vk-containerd-");
        String tag = "vkk" + number + "-" + ProcessHandle.current().pid() % 10_000;
        String base = "169.254." + (200 + number % 50);
        String range = "10." + (130 + number) + ".0.0/24";
        Shell.run("ip", "netns", "add", tag);
        Shell.run("ip", "link", "add", tag + "h", "type", "veth", "peer", "name", "up0", "netns", tag);
        Shell.run("ip", "addr", "add", base + ".1/30", "dev", tag + "h");
        Shell.run("ip", "link", "set", tag + "h", "up");
        Shell.run("ip", "-n", tag, "addr", "add", base + ".2/30", "dev", "up0");
        Shell.run("ip", "-n", tag, "link", "set", "up0", "up");
        Shell.run("ip", "-n", tag, "link", "set", "lo", "up");
        Shell.run("ip", "-n", tag, "route", "add", "default", "via", base + ".1");
        Shell.run("ip", "route", "replace", range, "via", base + ".2");
        Path config = folder.resolve("config.toml");
        Files.createDirectories(folder.resolve("cni"));
        Files.writeString(config, config(folder, base + ".2"));
        Process process = new ProcessBuilder(
                        "nsenter", "--net=/run/netns/" + tag, "containerd", "--config", config.toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("containerd.log").toFile())
                .start();
        var fixture = new Containerd(folder, tag, range, process);
        try {
            fixture.awaitSocket();
            fixture.load(SANDBOX_IMAGE, List.of("/bin/sleep", "2147483647"));
            fixture.load(IMAGE, List.of("/bin/sh"));
        } catch (Throwable e) {
            fixture.close();
            throw e;
        }
        return fixture;
    }

    /** The CRI endpoint. */
    public String endpoint() {
        return "unix://" + folder.resolve("containerd.sock");
    }

    public Path folder() {
        return folder;
    }

    /** Where the runtime reads its network configuration from. */
    public Path cniFolder() {
        return folder.resolve("cni");
    }

    /** Addresses that this fixture's pods may have: routed to its namespace. */
    public String podRange() {
        return range;
    }

    public CriRuntime connect() {
        return CriRuntime.open(endpoint());
    }

    /** Gives it a pod network, as a kubelet that manages CNI would. */
    public void configureNetwork() throws IOException {
        Files.writeString(cniFolder().resolve("10-test.conflist"), """
                {"cniVersion": "0.4.0", "name": "test", "plugins": [{"type": "bridge", "bridge": "vk0",
                 "isGateway": true, "hairpinMode": true, "ipam": {"type": "host-local", "dataDir": "%s",
                 "ranges": [[{"subnet": "%s"}]], "routes": [{"dst": "0.0.0.0/0"}]}}]}
                """.formatted(folder.resolve("addresses"), range));
    }

    /** Imports an image under a name. */
    public void load(String name, List<String> command) throws IOException, InterruptedException {
        Path work = Files.createTempDirectory(folder, "image");
        Path archive = BusyboxImage.write(work, name, command);
        ctr("images", "import", archive.toString());
    }

    /** Kills the process that holds a sandbox, as running out of memory would. */
    public void killSandbox(String sandboxId) throws IOException, InterruptedException {
        ctr("tasks", "kill", "--signal", "SIGKILL", sandboxId);
    }

    private void ctr(String... arguments) throws IOException, InterruptedException {
        Shell.run(Stream.concat(
                        Stream.of(
                                "ctr",
                                "--address",
                                folder.resolve("containerd.sock").toString(),
                                "-n",
                                "k8s.io"),
                        Stream.of(arguments))
                .toArray(String[]::new));
    }

    @Override
    public void close() throws IOException, InterruptedException {
        if (process.isAlive()) {
            try (CriRuntime runtime = connect()) {
                for (Sandbox sandbox : runtime.sandboxes(Map.of())) {
                    runtime.stopSandbox(sandbox.id());
                    runtime.removeSandbox(sandbox.id());
                }
            } catch (RuntimeFailure e) {
                System.err.println("sandboxes stay: " + e.getMessage());
            }
        }
        process.destroy();
        if (!process.waitFor(10, java.util.concurrent.TimeUnit.SECONDS)) {
            process.destroyForcibly().waitFor();
        }
        unmountAll();
        Shell.tryRun("ip", "link", "del", tag + "h");
        Shell.tryRun("ip", "netns", "del", tag);
        Shell.tryRun("rm", "-rf", "--one-file-system", folder.toString());
    }

    private void unmountAll() throws IOException, InterruptedException {
        List<String> points = new ArrayList<>();
        for (String line : Files.readAllLines(Path.of("/proc/self/mountinfo"))) {
            String point = line.split(" ", 6)[4];
            if (point.startsWith(folder + "/")) {
                points.add(point);
            }
        }
        for (String point : points.reversed()) {
            Shell.tryRun("umount", "-l", point);
        }
    }

    private void awaitSocket() throws IOException, InterruptedException {
        Instant deadline = Instant.now().plus(PATIENCE);
        while (true) {
            try (CriRuntime runtime = connect()) {
                runtime.version();
                return;
            } catch (RuntimeFailure e) {
                if (!process.isAlive() || Instant.now().isAfter(deadline)) {
                    throw new IOException(
                            "containerd does not answer: " + Files.readString(folder.resolve("containerd.log")));
                }
                Thread.sleep(50);
            }
        }
    }

    private static void require(String program, String debianPackage) {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
        if (!there) {
            throw new IllegalStateException(
                    program + " is missing: install Debian's " + debianPackage + " to run the tests on a real runtime");
        }
    }

    private static String config(Path folder, String streamAddress) {
        return """
                version = 2
                root = "%1$s/root"
                state = "%1$s/state"
                disabled_plugins = ["io.containerd.internal.v1.opt", "io.containerd.snapshotter.v1.btrfs",
                  "io.containerd.snapshotter.v1.zfs", "io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
                [grpc]
                  address = "%1$s/containerd.sock"
                [ttrpc]
                  address = "%1$s/containerd.sock.ttrpc"
                [plugins."io.containerd.grpc.v1.cri"]
                  sandbox_image = "%2$s"
                  restrict_oom_score_adj = true
                  stream_server_address = "%3$s"
                  stream_server_port = "0"
                  netns_mounts_under_state_dir = true
                  disable_apparmor = true
                  [plugins."io.containerd.grpc.v1.cri".containerd]
                    snapshotter = "overlayfs"
                    default_runtime_name = "runc"
                    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]
                      runtime_type = "io.containerd.runc.v2"
                      [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]
                        SystemdCgroup = false
                  [plugins."io.containerd.grpc.v1.cri".cni]
                    bin_dir = "/usr/lib/cni"
                    conf_dir = "%1$s/cni"
                """.formatted(folder, SANDBOX_IMAGE, streamAddress);
    }
}
