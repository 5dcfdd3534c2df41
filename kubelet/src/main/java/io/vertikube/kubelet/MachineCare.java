package io.vertikube.kubelet;

import io.vertikube.kubelet.cgroup.NodeShares;
import io.vertikube.kubelet.cgroup.PodCgroups;
import io.vertikube.kubelet.eviction.Evictions;
import io.vertikube.kubelet.eviction.PodUsage;
import io.vertikube.kubelet.images.CollectionOptions;
import io.vertikube.kubelet.images.DeadContainers;
import io.vertikube.kubelet.images.ImageCollection;
import io.vertikube.kubelet.node.Allocatable;
import io.vertikube.kubelet.server.LogRotation;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What keeps the machine from running short: evictions, what they may give back first, and logs. Immutable. */
final class MachineCare {

    private static final Logger LOG = LoggerFactory.getLogger(MachineCare.class);

    private final Evictions evictions;
    private final DeadContainers deadContainers;
    private final ImageCollection images;
    private final LogRotation rotation;
    private final boolean ownMachine;
    private final Ground ground;
    private final PodCgroups cgroups;

    MachineCare(Ground ground, PodParts parts) {
        KubeletOptions options = ground.options();
        CollectionOptions collection = options.policies().collection();
        this.ownMachine = !options.isSimulated();
        this.ground = ground;
        this.cgroups = parts.tools().cgroups();
        this.deadContainers = ground.own(new DeadContainers(
                collection,
                ground.runtime(),
                parts.pods(),
                options.podLogsDir(),
                parts.tools().observer()::removed,
                ground.clock()));
        this.images = ground.own(new ImageCollection(
                collection,
                options.hostname(),
                ground.runtime(),
                ground.signals(),
                ground.pulled(),
                ground.recorder(),
                ground.clock()));
        this.evictions = ground.own(new Evictions(
                options.policies().eviction(),
                options.hostname(),
                ground.signals(),
                new PodUsage(
                        ground.runtime(),
                        parts.tools().cgroups(),
                        options.rootDir().resolve("pods"),
                        options.podLogsDir()),
                parts.pods(),
                () -> {
                    deadContainers.freeAll();
                    images.freeAll();
                },
                ground.recorder(),
                ground.switchboard()::wakeNode,
                ground.clock()));
        ground.switchboard().connect(evictions);
        this.rotation = ground.own(new LogRotation(
                ground.runtime(),
                ground.options().podLogsDir(),
                ground.options().policies().logs(),
                ground.clock()));
    }

    /** @throws IOException if the machine cannot be read */
    void start() throws IOException {
        deadContainers.start();
        evictions.start();
        if (ownMachine) {
            shareOut();
            images.start();
        }
        rotation.start();
    }

    /** A machine whose cgroups cannot be limited is used without; one that misses a cgroup it was told of is not. */
    private void shareOut() throws IOException {
        NodeShares shares = Allocatable.shares(
                ground.machine().resources(), ground.options().policies());
        try {
            cgroups.enforce(shares);
        } catch (IOException e) {
            LOG.warn("pods are not limited to what they are given together: {}", e.toString());
        }
    }

    Evictions evictions() {
        return evictions;
    }
}
