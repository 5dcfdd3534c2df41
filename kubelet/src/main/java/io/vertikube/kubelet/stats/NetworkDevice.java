package io.vertikube.kubelet.stats;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What went through a network device since it was made, as {@code /proc/<pid>/net/dev} counts it. Immutable. */
public record NetworkDevice(String name, Direction received, Direction sent) {

    /** Immutable. */
    public record Direction(long bytes, long packets, long errors, long dropped) {}

    private static final int FIELDS = 16;
    private static final int SENT_AT = 8;
    private static final String LOOPBACK = "lo";

    /** The devices of the network that a process is in, without its loopback; empty when the process is gone. */
    static List<NetworkDevice> of(long process) {
        return read(Path.of("/proc", Long.toString(process), "net/dev"));
    }

    /** The machine's own devices: what joins it to pods is counted with them. */
    static List<NetworkDevice> ofMachine() {
        return read(Path.of("/proc/self/net/dev")).stream()
                .filter(device -> !device.name().startsWith("veth"))
                .toList();
    }

    /** The one that leads out: {@code eth0}, or the first. */
    static Optional<NetworkDevice> main(List<NetworkDevice> devices) {
        return devices.stream()
                .filter(device -> device.name().equals("eth0"))
                .findFirst()
                .or(() -> devices.stream().findFirst());
    }

    static List<NetworkDevice> parse(List<String> lines) {
        List<NetworkDevice> result = new ArrayList<>();
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon < 0 || line.contains("|")) {
                continue;
            }
            String name = line.substring(0, colon).strip();
            String[] fields = line.substring(colon + 1).strip().split("\\s+");
            if (fields.length >= FIELDS && !name.equals(LOOPBACK)) {
                result.add(new NetworkDevice(name, direction(fields, 0), direction(fields, SENT_AT)));
            }
        }
        return result;
    }

    private static Direction direction(String[] fields, int at) {
        return new Direction(
                Long.parseLong(fields[at]),
                Long.parseLong(fields[at + 1]),
                Long.parseLong(fields[at + 2]),
                Long.parseLong(fields[at + 3]));
    }

    private static List<NetworkDevice> read(Path file) {
        try {
            return parse(Files.readAllLines(file));
        } catch (IOException e) {
            return List.of();
        }
    }
}
