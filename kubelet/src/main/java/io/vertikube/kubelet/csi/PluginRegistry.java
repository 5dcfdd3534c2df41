package io.vertikube.kubelet.csi;

import io.grpc.StatusRuntimeException;
import io.vertikube.client.UnreachableException;
import io.vertikube.control.Rounds;
import io.vertikube.kubelet.registration.v1.InfoRequest;
import io.vertikube.kubelet.registration.v1.PluginInfo;
import io.vertikube.kubelet.registration.v1.RegistrationGrpc;
import io.vertikube.kubelet.registration.v1.RegistrationStatus;
import io.vertikube.kubelet.rpc.UnixChannel;
import io.vertikube.object.ApiException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks each second which sockets are below {@code plugins_registry}, asks a new one who it is and makes its driver known to
 * this machine and, through the CSINode, to the cluster; forgets a driver whose socket is gone. Plugins for devices are handed
 * on. One virtual thread.
 */
public final class PluginRegistry implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(PluginRegistry.class);
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_RETRY = Duration.ofMinutes(2);
    private static final String STORAGE = "CSIPlugin";
    private static final String DEVICES = "DevicePlugin";
    private static final int SOCKET = 0140000;
    private static final int TYPE_MASK = 0170000;
    private static final int DEPTH = 3;
    private static final int MOST_SOCKETS = 100;

    /** A socket that was made anew has another number, or another time. */
    private record Seen(Path socket, Map<String, Object> mark) {}

    /** A plugin that was taken. */
    private record Taken(String type, String name) {}

    private record Refused(Instant again, Duration delay) {}

    private final Path folder;
    private final CsiDrivers drivers;
    private final CsiNodeWriter node;
    private final InstantSource clock;
    private final OtherPlugins devices;
    private final Map<Seen, Taken> registered = new HashMap<>();
    private final Map<Seen, Refused> refused = new HashMap<>();
    private final Rounds rounds;
    private boolean nodeWritten;

    public PluginRegistry(
            Path rootDir, CsiDrivers drivers, CsiNodeWriter node, OtherPlugins devices, InstantSource clock) {
        this.folder = rootDir.resolve("plugins_registry");
        this.drivers = drivers;
        this.node = node;
        this.devices = devices;
        this.clock = clock;
        this.rounds = new Rounds(
                "plugin-registry",
                Duration.ZERO,
                PERIOD,
                this::round,
                "plugins are looked for again soon",
                IOException.class);
    }

    public void start() throws IOException {
        Files.createDirectories(folder);
        rounds.start();
    }

    @Override
    public void close() {
        rounds.close();
    }

    private void round() throws IOException {
        nodeWritten = nodeWritten || node.prepare();
        if (nodeWritten) {
            look();
        }
    }

    private void look() throws IOException {
        List<Seen> sockets = sockets();
        for (Seen gone : registered.keySet().stream()
                .filter(known -> !sockets.contains(known))
                .toList()) {
            Taken plugin = registered.remove(gone);
            if (plugin != null && !registered.containsValue(plugin)) {
                LOG.info("{} {} is gone", plugin.type(), plugin.name());
                forget(plugin);
            }
        }
        refused.keySet().retainAll(sockets);
        for (Seen socket : sockets) {
            Refused before = refused.get(socket);
            if (!registered.containsKey(socket)
                    && (before == null || !before.again().isAfter(clock.instant()))) {
                register(socket, before == null ? PERIOD : before.delay().multipliedBy(2));
            }
        }
    }

    private void forget(Taken plugin) {
        if (plugin.type().equals(DEVICES)) {
            devices.remove(plugin.name());
        } else {
            drivers.remove(plugin.name());
            node.remove(plugin.name());
        }
    }

    private void register(Seen socket, Duration delay) {
        var channel = new UnixChannel(socket.socket(), "plugin");
        try {
            RegistrationGrpc.RegistrationBlockingStub stub = RegistrationGrpc.newBlockingStub(channel.channel());
            PluginInfo plugin = patient(stub).getInfo(InfoRequest.getDefaultInstance());
            try {
                take(plugin);
                registered.put(socket, new Taken(plugin.getType(), plugin.getName()));
                refused.remove(socket);
                patient(stub)
                        .notifyRegistrationStatus(RegistrationStatus.newBuilder()
                                .setPluginRegistered(true)
                                .build());
                LOG.info("{} {} is registered", plugin.getType(), plugin.getName());
            } catch (CsiFailure | ApiException | UnreachableException e) {
                refuse(socket, delay, String.valueOf(e.getMessage()));
                patient(stub)
                        .notifyRegistrationStatus(RegistrationStatus.newBuilder()
                                .setError("RegisterPlugin error -- plugin registration failed with err: "
                                        + e.getMessage())
                                .build());
            }
        } catch (StatusRuntimeException e) {
            if (!registered.containsKey(socket)) {
                refuse(socket, delay, String.valueOf(e.getMessage()));
            }
        } finally {
            channel.close();
        }
    }

    private void take(PluginInfo plugin) {
        switch (plugin.getType()) {
            case STORAGE -> takeDriver(plugin);
            case DEVICES ->
                devices.add(plugin.getName(), endpoint(plugin), plugin.getSupportedVersionsList())
                        .ifPresent(problem -> {
                            throw new CsiFailure(problem);
                        });
            default -> throw new CsiFailure("no handler registered for plugin type: " + plugin.getType());
        }
    }

    private static Path endpoint(PluginInfo plugin) {
        return Path.of(plugin.getEndpoint().replaceFirst("^unix:(//)?", ""));
    }

    private void takeDriver(PluginInfo plugin) {
        if (plugin.getSupportedVersionsList().stream().noneMatch(version -> version.matches("v?1(\\.\\d+)*"))) {
            throw new CsiFailure("none of the versions specified " + plugin.getSupportedVersionsList()
                    + " are supported: a driver of CSI 1 is needed");
        }
        CsiDriver driver = CsiDriver.connect(plugin.getName(), endpoint(plugin));
        try {
            if (driver.nodeId().isEmpty()) {
                throw new CsiFailure("error updating CSI node info: driver " + plugin.getName() + " has no node id");
            }
            node.add(driver);
        } catch (RuntimeException e) {
            driver.close();
            throw e;
        }
        drivers.add(driver);
    }

    private void refuse(Seen socket, Duration delay, String why) {
        LOG.warn("plugin {} is not registered: {}", socket.socket(), why);
        Duration next = delay.compareTo(LONGEST_RETRY) > 0 ? LONGEST_RETRY : delay;
        refused.put(socket, new Refused(clock.instant().plus(next), next));
    }

    private List<Seen> sockets() throws IOException {
        try (Stream<Path> files = Files.walk(folder, DEPTH)) {
            return files.filter(PluginRegistry::isSocket)
                    .limit(MOST_SOCKETS)
                    .flatMap(PluginRegistry::seen)
                    .toList();
        }
    }

    private static Stream<Seen> seen(Path socket) {
        try {
            return Stream.of(new Seen(socket, Map.copyOf(Files.readAttributes(socket, "unix:ino,lastModifiedTime"))));
        } catch (IOException e) {
            LOG.debug("{} went away", socket);
            return Stream.empty();
        }
    }

    private static boolean isSocket(Path file) {
        try {
            return ((int) Files.getAttribute(file, "unix:mode") & TYPE_MASK) == SOCKET;
        } catch (IOException e) {
            return false;
        }
    }

    private static RegistrationGrpc.RegistrationBlockingStub patient(RegistrationGrpc.RegistrationBlockingStub stub) {
        return stub.withDeadlineAfter(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
}
