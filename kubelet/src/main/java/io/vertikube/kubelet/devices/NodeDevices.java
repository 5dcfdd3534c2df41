package io.vertikube.kubelet.devices;

import io.vertikube.kubelet.node.ExtendedResources;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The devices of a node: who offers them, how many there are, whose they are. Safe for any thread. */
public final class NodeDevices implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(NodeDevices.class);

    private final DevicePlugins plugins;
    private final PodDevices pods;
    private final RegistrationSocket socket;

    /**
     * Makes those that were known below a kubelet's folder; nothing is served before {@link #start()}.
     *
     * @param changed is called when the node has more or fewer devices
     */
    public NodeDevices(Path rootDir, Runnable changed, InstantSource clock) {
        var records = new DeviceRecords(rootDir);
        this.plugins = new DevicePlugins(records, changed, clock);
        this.pods = new PodDevices(plugins, records);
        this.socket = new RegistrationSocket(rootDir, plugins);
    }

    /** Lets plugins register. A machine on which that is not possible has no devices, and is used all the same. */
    public void start() {
        try {
            socket.start();
        } catch (IOException e) {
            LOG.error("device plugins cannot register: {}", e.toString());
        }
    }

    public PodDevices pods() {
        return pods;
    }

    /** What the node has, and of that what pods may have. */
    public ExtendedResources amounts() {
        return plugins.amounts();
    }

    /**
     * Takes a plugin that registered elsewhere; answers why not, if so.
     *
     * @param resource the plugin's name
     */
    public Optional<String> add(String resource, Path endpoint, List<String> versions) {
        Optional<String> problem = DevicePlugins.problem(resource, versions);
        if (problem.isPresent()) {
            return problem;
        }
        try {
            plugins.add(resource, endpoint);
            return Optional.empty();
        } catch (DeviceFailure e) {
            return Optional.of(String.valueOf(e.getMessage()));
        }
    }

    /** Forgets a plugin that went away from where it registered. */
    public void remove(String resource) {
        plugins.remove(resource);
    }

    @Override
    public void close() throws IOException {
        socket.close();
        plugins.close();
    }
}
