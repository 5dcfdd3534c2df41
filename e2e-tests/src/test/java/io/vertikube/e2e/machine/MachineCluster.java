package io.vertikube.e2e.machine;

import io.vertikube.e2e.host.Host;
import io.vertikube.e2e.host.Shell;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A cluster that deploy/up started on a machine of its own; closing it runs deploy/down --purge. */
public final class MachineCluster implements AutoCloseable {

    private static final Duration UP = Duration.ofMinutes(4);
    private static final Duration DOWN = Duration.ofMinutes(2);

    private final Host host;
    private final Path dataDir;
    private final Shell shell;
    private final List<String> flags;

    private MachineCluster(Host host, Path dataDir, List<String> flags) {
        this.host = host;
        this.dataDir = dataDir;
        this.flags = flags;
        this.shell = host.shell(
                Map.of("KUBECONFIG", dataDir.resolve("kubeconfig/admin.conf").toString()));
    }

    /** Starts one. Needs root: containers do. */
    public static MachineCluster start(String hostName, String... flags) throws IOException {
        Path dataDir = Files.createTempDirectory("vk-e2e-");
        var cluster = new MachineCluster(Host.create(hostName), dataDir, List.of(flags));
        try {
            System.out.println(cluster.up());
        } catch (AssertionError e) {
            cluster.close();
            throw e;
        }
        return cluster;
    }

    /** Runs deploy/up again, as a user would. */
    public String up() {
        var command = new ArrayList<>(List.of(deploy("up"), "--data-dir", dataDir.toString()));
        command.addAll(List.of("--node-ip", Host.ADDRESS));
        command.addAll(flags);
        return shell.run(UP, command.toArray(new String[0])).orFail();
    }

    public String down(String... more) {
        var command = new ArrayList<>(List.of(deploy("down"), "--data-dir", dataDir.toString()));
        command.addAll(List.of(more));
        return shell.run(DOWN, command.toArray(new String[0])).orFail();
    }

    public void importImages(String... names) {
        var command = new ArrayList<>(List.of(deploy("images"), "--data-dir", dataDir.toString()));
        command.addAll(List.of(names));
        shell.run(UP, command.toArray(new String[0])).orFail();
    }

    public Kubectl kubectl(Path executable) {
        return new Kubectl(shell, executable);
    }

    public Shell shell() {
        return shell;
    }

    public Host host() {
        return host;
    }

    public Path dataDir() {
        return dataDir;
    }

    /** The process of a service, by the file that deploy/up wrote. */
    public long pid(String service) throws IOException {
        return Long.parseLong(
                Files.readString(dataDir.resolve("run/" + service + ".pid")).split(" ")[0]);
    }

    /** Ends a process at once, as a crash would. */
    public void killNow(String service) throws IOException {
        ProcessHandle process = ProcessHandle.of(pid(service)).orElseThrow();
        process.destroyForcibly();
        process.onExit().join();
    }

    public static Path example(String name) {
        return project().resolve("deploy/examples").resolve(name);
    }

    @Override
    public void close() {
        try {
            System.out.println(down("--purge"));
        } finally {
            host.close();
        }
    }

    private static String deploy(String command) {
        return project().resolve("deploy").resolve(command).toString();
    }

    private static Path project() {
        Path here = Path.of("").toAbsolutePath();
        return here.endsWith("e2e-tests") ? here.getParent() : here;
    }
}
