package io.vertikube.kubelet;

import io.vertikube.kubelet.eviction.Evictions;
import io.vertikube.kubelet.eviction.PodUsage;
import io.vertikube.kubelet.images.CollectionOptions;
import io.vertikube.kubelet.images.DeadContainers;
import io.vertikube.kubelet.images.ImageCollection;
import io.vertikube.kubelet.server.LogRotation;

/** What keeps the machine from running short: evictions, what they may give back first, and logs. Immutable. */
final class MachineCare {

    private final Evictions evictions;
    private final DeadContainers deadContainers;
    private final ImageCollection images;
    private final LogRotation rotation;
    private final boolean ownMachine;

    MachineCare(Ground ground, PodParts parts) {
        KubeletOptions options = ground.options();
        CollectionOptions collection = options.policies().collection();
        this.ownMachine = !options.isSimulated();
        this.deadContainers = ground.own(new DeadContainers(
                collection,
                ground.runtime(),
                parts.pods(),
                options.podLogsDir(),
                parts.tools().observer()::removed,
                ground.clock()));
        this.images = ground.own(new ImageCollection(
                collection, options.hostname(), ground.runtime(), ground.signals(), ground.recorder(), ground.clock()));
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
        this.rotation = ground.own(new LogRotation(ground.runtime(), ground.clock()));
    }

    void start() {
        deadContainers.start();
        evictions.start();
        if (ownMachine) {
            images.start();
        }
        rotation.start();
    }

    Evictions evictions() {
        return evictions;
    }
}
