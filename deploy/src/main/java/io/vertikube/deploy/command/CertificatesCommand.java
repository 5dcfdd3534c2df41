package io.vertikube.deploy.command;

import io.vertikube.deploy.cluster.ClusterPki;
import java.time.InstantSource;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code vertikube certificates}: makes the certificates and kubeconfig files that are missing. */
@Command(
        name = "certificates",
        mixinStandardHelpOptions = true,
        description = "Makes a cluster's certificates and kubeconfig files where they are missing or about to end.")
public final class CertificatesCommand implements Callable<Integer> {

    @Mixin
    private final ClusterFlags cluster = new ClusterFlags();

    @Override
    public Integer call() {
        new ClusterPki(cluster.settings(), InstantSource.system()).ensure();
        return 0;
    }
}
