package io.vertikube.deploy.training;

import io.vertikube.apiserver.testing.FreePorts;
import io.vertikube.deploy.cluster.ClusterPki;
import io.vertikube.deploy.cluster.ClusterSettings;
import io.vertikube.service.Logging;
import io.vertikube.value.Cidr;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A cluster's settings with a folder that goes with this object, a free port, one simulated node, and certificates.
 * Confined to the thread of the training.
 */
final class TrainingGround implements AutoCloseable {

    private final ClusterSettings settings;

    private TrainingGround(ClusterSettings settings) {
        this.settings = settings;
    }

    /** What a training does on its ground. */
    @FunctionalInterface
    interface Life {
        void live(TrainingGround ground) throws IOException, InterruptedException;
    }

    /** Lives it on a new ground, of which nothing is left; returns the exit code. */
    static int spend(Life life) throws IOException, InterruptedException {
        Logging.configure("text", 0);
        try (TrainingGround ground = make()) {
            life.live(ground);
        }
        return 0;
    }

    private static TrainingGround make() throws IOException {
        var ground = new TrainingGround(new ClusterSettings(
                Files.createTempDirectory("vertikube-train-"),
                ClusterSettings.StoreKind.EMBEDDED,
                new FreePorts().next(),
                "train",
                "127.0.0.1",
                Cidr.parse("10.42.0.0/16"),
                Cidr.parse("10.96.0.0/16"),
                "10.96.0.10",
                1,
                false));
        try {
            new ClusterPki(ground.settings, InstantSource.system()).ensure();
        } catch (RuntimeException e) {
            ground.close();
            throw e;
        }
        return ground;
    }

    ClusterSettings settings() {
        return settings;
    }

    Path folder() {
        return settings.dataDir();
    }

    /** The administrator's kubeconfig. */
    Path admin() {
        return settings.files().kubeconfig("admin");
    }

    @Override
    public void close() throws IOException {
        try (Stream<Path> all = Files.walk(folder())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }
}
