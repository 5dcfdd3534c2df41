package io.vertikube.e2e.host;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * A machine with a network of its own and no way out of it: a process that holds network, mount and host name
 * namespaces, with an address on a link (a bridge without ports) that leads nowhere. Everything that happens on the machine enters it.
 */
public final class Host implements AutoCloseable {

    public static final String ADDRESS = "172.31.0.11";

    private static final Duration SHORT = Duration.ofSeconds(20);

    private final Process holder;
    private final String name;

    private Host(Process holder, String name) {
        this.holder = holder;
        this.name = name;
    }

    /** Makes a machine with a host name. */
    public static Host create(String name) throws IOException {
        Process holder = new ProcessBuilder(
                        "unshare", "-n", "-m", "-u", "sh", "-c", "hostname " + name + "; exec sleep 100000")
                .start();
        var host = new Host(holder, name);
        Shell shell = host.shell(Map.of());
        host.awaitNamespaces();
        shell.run(SHORT, "ip", "link", "set", "lo", "up").orFail();
        shell.run(SHORT, "ip", "link", "add", "eth0", "type", "bridge").orFail();
        shell.run(SHORT, "ip", "address", "add", ADDRESS + "/24", "dev", "eth0").orFail();
        shell.run(SHORT, "ip", "link", "set", "eth0", "up").orFail();
        return host;
    }

    /** Runs commands on the machine, with more environment. */
    public Shell shell(Map<String, String> environment) {
        return new Shell(List.of("nsenter", "-t", Long.toString(holder.pid()), "-n", "-m", "-u", "--"), environment);
    }

    public String name() {
        return name;
    }

    @Override
    public void close() {
        holder.destroyForcibly();
    }

    /** The namespaces are there once the process is the sleeper. */
    private void awaitNamespaces() throws IOException {
        Path comm = Path.of("/proc/" + holder.pid() + "/comm");
        long deadline = System.nanoTime() + SHORT.toNanos();
        while (!Files.readString(comm).startsWith("sleep")) {
            if (System.nanoTime() > deadline || !holder.isAlive()) {
                throw new IOException("no namespaces for " + name + ": "
                        + new String(holder.getErrorStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8));
            }
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IOException(e);
            }
        }
    }
}
