package io.vertikube.kubelet.node;

import io.vertikube.kubelet.kernel.FileSystems;
import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;

/** Reads what this machine is and has, from /proc, /etc and the file system. Safe for any thread. */
public final class Machine {

    private static final int READ_AT_ONCE = 4096;
    private static final String MEMORY_FILE = "/proc/meminfo";

    /** The kernel counts processor time in hundredths of a second. */
    private static final long NANOS_PER_TICK = 10_000_000;

    private final Path rootDir;

    /** {@code rootDir} says whose disk counts. */
    public Machine(Path rootDir) {
        this.rootDir = rootDir;
    }

    /** What does not change while the machine runs. Immutable. */
    public record Identity(
            String machineId,
            String systemUuid,
            String bootId,
            String kernelVersion,
            String osImage,
            String architecture) {}

    /**
     * What it has and what is left of it, in bytes and counts. Immutable.
     *
     * @param largePages bytes set aside for each size of page that the kernel knows, such as {@code 2Mi}
     */
    public record Resources(
            int cpus,
            long memoryBytes,
            long memoryAvailable,
            long diskBytes,
            long diskAvailable,
            long maxPids,
            long pids,
            Map<String, Long> largePages) {

        public Resources {
            largePages = Map.copyOf(largePages);
        }

        /** What large pages keep from other uses, in bytes. */
        long inLargePages() {
            return largePages.values().stream().mapToLong(Long::longValue).sum();
        }
    }

    public Identity identity() {
        String machineId = read("/etc/machine-id").orElse("");
        return new Identity(
                machineId,
                read("/sys/class/dmi/id/product_uuid").orElse(machineId),
                read("/proc/sys/kernel/random/boot_id").orElse(""),
                read("/proc/sys/kernel/osrelease").orElse(System.getProperty("os.version", "")),
                osImage(),
                architecture());
    }

    public Resources resources() throws IOException {
        String memory = read(MEMORY_FILE).orElseThrow(() -> new IOException("cannot read " + MEMORY_FILE));
        // What Java has for this reads the table of all mounts, of which a pod has two.
        FileSystems.Room disk = FileSystems.room(rootDir);
        return new Resources(
                Runtime.getRuntime().availableProcessors(),
                kilobytes(memory, "MemTotal:"),
                kilobytes(memory, "MemAvailable:"),
                disk.bytes(),
                disk.bytesFree(),
                read("/proc/sys/kernel/pid_max").map(Long::parseLong).orElse(32768L),
                pids(),
                LargePages.of(Path.of("/sys/kernel/mm/hugepages")));
    }

    /** What swap it has. */
    public static long swapBytes() {
        return read(MEMORY_FILE).map(memory -> kilobytes(memory, "SwapTotal:")).orElse(0L);
    }

    /**
     * Refuses a machine that swaps, which makes nonsense of what pods are promised of its memory.
     *
     * @param swaps the kernel's list of what it swaps to; one that is not there has nothing in it
     */
    public static void refuseSwap(Path swaps) {
        String[] lines = read(swaps.toString()).orElse("").split("\n");
        if (lines.length > 1) {
            throw new IllegalArgumentException("running with swap on is not supported, please disable swap or set"
                    + " --fail-swap-on flag to false. " + swaps + " contained: " + String.join("; ", lines));
        }
    }

    /**
     * Has the kernel end this process later than others when memory is short, or sooner.
     *
     * @param file the process' own {@code oom_score_adj}
     * @return false where it may not, as a process needs CAP_SYS_RESOURCE to go below what it was started with
     */
    public static boolean scoreItself(Path file, int score) {
        try {
            Files.writeString(file, Integer.toString(score), StandardOpenOption.WRITE);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /** What all processors have worked since the machine started. */
    public long cpuCoreNanoseconds() throws IOException {
        String[] fields = Files.readAllLines(Path.of("/proc/stat")).getFirst().split("\\s+");
        long busy = 0;
        for (int i = 1; i < fields.length; i++) {
            boolean idle = i == 4 || i == 5;
            busy += idle ? 0 : Long.parseLong(fields[i]);
        }
        return busy * NANOS_PER_TICK;
    }

    /** The machine's resolver configuration. */
    public static String resolvConf() {
        return read("/etc/resolv.conf").orElse("");
    }

    /** The address of ours that a packet to the API server leaves from; nothing is sent. */
    public static String addressTowards(URI server) {
        try (var socket = new DatagramSocket()) {
            int port = server.getPort() < 0 ? 443 : server.getPort();
            socket.connect(new InetSocketAddress(InetAddress.getByName(server.getHost()), port));
            return socket.getLocalAddress().getHostAddress();
        } catch (SocketException | java.net.UnknownHostException e) {
            throw new IllegalStateException(
                    "cannot tell this node's address (" + e.getMessage() + "); name it with --node-ip", e);
        }
    }

    /** Bytes of a line of the kernel's such as {@code MemTotal:  24689632 kB}; 0 where there is none. */
    static long kilobytes(String text, String name) {
        int at = ("\n" + text).indexOf("\n" + name);
        if (at < 0) {
            return 0;
        }
        long number = 0;
        for (int i = at + name.length(); i < text.length() && text.charAt(i) != '\n'; i++) {
            char digit = text.charAt(i);
            number = Character.isDigit(digit) ? number * 10 + Character.digit(digit, 10) : number;
        }
        return number * 1024;
    }

    /** The fourth field of loadavg is {@code running/all}. */
    private static long pids() {
        return read("/proc/loadavg")
                .map(text -> text.split(" ")[3].split("/")[1])
                .map(Long::parseLong)
                .orElse(0L);
    }

    private static String osImage() {
        for (String line : read("/etc/os-release").orElse("").lines().toList()) {
            if (line.startsWith("PRETTY_NAME=")) {
                return line.substring("PRETTY_NAME=".length()).replace("\"", "");
            }
        }
        return System.getProperty("os.name", "Linux");
    }

    /** As Go and thus Kubernetes name it. */
    public static String architecture() {
        return switch (System.getProperty("os.arch", "")) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64" -> "arm64";
            case String other -> other;
        };
    }

    /** In one read: the kernel's settings have no length, and answer a second read with nothing. */
    private static Optional<String> read(String file) {
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            byte[] text = new byte[READ_AT_ONCE];
            int length = Math.max(0, in.read(text));
            return Optional.of(new String(text, 0, length, StandardCharsets.UTF_8).strip());
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
