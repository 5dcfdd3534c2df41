package io.vertikube.controller;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.client.KubeConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class ControllerManagerCommandTest {
    @TempDir
    private Path folder;

    private Path kubeconfig;
    private Path rootCa;

    @BeforeEach
    void files() throws IOException {
        kubeconfig = folder.resolve("controller-manager.conf");
        byte[] ca = "ca".getBytes(StandardCharsets.UTF_8);
        Files.writeString(
                kubeconfig,
                KubeConfig.withToken(URI.create("https://127.0.0.1:6443"), ca, "token")
                        .toYaml());
        rootCa = folder.resolve("ca.crt");
        Files.writeString(rootCa, "root certificate");
    }

    @Test
    void withoutFlagsItRunsAsKubernetesDoes() {
        ControllerManagerOptions options = options();
        assertThat(options.kubeConfig().server()).isEqualTo(URI.create("https://127.0.0.1:6443"));
        assertThat(options.controllers()).containsExactly("*");
        assertThat(options.rootCaPem()).isNull();
        assertThat(options.nodeRanges().allocate()).isFalse();
        assertThat(options.nodeMonitor().grace()).isEqualTo(Duration.ofSeconds(50));
        assertThat(options.terminatedPodGcThreshold()).isEqualTo(12_500);
        assertThat(options.leadership().elect()).isTrue();
        assertThat(options.leadership().name()).isEqualTo("kube-controller-manager");
        assertThat(options.leadership().timings().lease()).isEqualTo(Duration.ofSeconds(15));
        assertThat(options.serving().securePort()).isEqualTo(10257);
        assertThat(options.concurrentSyncs()).containsEntry("deployment-controller", 5);
    }

    @Test
    void flagsChangeIt() {
        ControllerManagerOptions options = options(
                "--bind-address=127.0.0.1",
                "--secure-port=0",
                "--cluster-cidr=10.42.0.0/16",
                "--allocate-node-cidrs=true",
                "--node-cidr-mask-size=25",
                "--root-ca-file=" + rootCa,
                "--node-monitor-grace-period=1m",
                "--terminated-pod-gc-threshold=7",
                "--leader-elect=false",
                "--leader-elect-retry-period=1s",
                "--controllers=*,-job",
                "--concurrent-deployment-syncs=9",
                "--use-service-account-credentials");
        assertThat(options.ownAccounts()).isTrue();
        assertThat(options.serving()).isEqualTo(new ControllerManagerOptions.Serving("127.0.0.1", 0, null));
        assertThat(options.nodeRanges().allocate()).isTrue();
        assertThat(options.nodeRanges().clusterCidrs()).containsExactly("10.42.0.0/16");
        assertThat(options.nodeRanges().maskSizeIpv4()).isEqualTo(25);
        assertThat(options.rootCaPem()).isEqualTo("root certificate");
        assertThat(options.nodeMonitor().grace()).isEqualTo(Duration.ofMinutes(1));
        assertThat(options.terminatedPodGcThreshold()).isEqualTo(7);
        assertThat(options.leadership().elect()).isFalse();
        assertThat(options.leadership().timings().retryPeriod()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.controllers()).containsExactly("*", "-job");
        assertThat(options.concurrentSyncs()).containsEntry("deployment-controller", 9);
    }

    @Test
    void whatCannotBeReadOrDoesNotFitIsASentence() {
        assertThatThrownBy(() -> options("--root-ca-file=" + folder.resolve("none")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("--root-ca-file: cannot read");
        assertThatThrownBy(() -> options("--tls-cert-file=" + rootCa))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("--tls-cert-file and --tls-private-key-file go together");
        assertThatThrownBy(() -> options("--leader-elect-renew-deadline=15s"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("--leader-elect-lease-duration: must be greater than");
        assertThatThrownBy(() -> options("--node-monitor-period=soon"))
                .isInstanceOf(CommandLine.ParameterException.class);
    }

    private ControllerManagerOptions options(String... flags) {
        var command = new ControllerManagerCommand();
        var line = new CommandLine(command);
        String[] all = new String[flags.length + 1];
        all[0] = "--kubeconfig=" + kubeconfig;
        System.arraycopy(flags, 0, all, 1, flags.length);
        line.parseArgs(all);
        return command.options();
    }
}
