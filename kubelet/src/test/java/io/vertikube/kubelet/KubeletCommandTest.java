package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class KubeletCommandTest {

    @Test
    void flagsBecomeOptions() {
        KubeletOptions options = parse(
                "--kubeconfig=/k",
                "--hostname-override=n1",
                "--node-ip=192.0.2.7",
                "--container-runtime-endpoint=unix:///c.sock",
                "--root-dir=/data",
                "--cluster-dns=10.96.0.10,10.96.0.11",
                "--cluster-domain=example.test",
                "--port=1234",
                "--client-ca-file=/ca",
                "--cgroup-root=",
                "--manage-cni",
                "--cni-conf-dir=/cni",
                "--cluster-cidr=10.244.0.0/16",
                "--node-labels=a=b,c=d",
                "--register-with-taints=k=v:NoSchedule",
                "--max-pods=7",
                "--sync-frequency=1m30s",
                "--pod-logs-dir=/logs");
        assertThat(options.hostname()).isEqualTo("n1");
        assertThat(options.nodeIp()).contains("192.0.2.7");
        assertThat(options.runtimeEndpoint()).isEqualTo("unix:///c.sock");
        assertThat(options.clusterDns()).containsExactly("10.96.0.10", "10.96.0.11");
        assertThat(options.clusterDomain()).isEqualTo("example.test");
        assertThat(options.port()).isEqualTo(1234);
        assertThat(options.clientCaFile()).contains(Path.of("/ca"));
        assertThat(options.cgroupRoot()).isEmpty();
        assertThat(options.manageCni()).isTrue();
        assertThat(options.nodeLabels()).containsEntry("a", "b").containsEntry("c", "d");
        assertThat(options.registerWithTaints()).containsExactly("k=v:NoSchedule");
        assertThat(options.maxPods()).isEqualTo(7);
        assertThat(options.syncFrequency()).isEqualTo(Duration.ofSeconds(90));
        assertThat(options.podLogsDir()).isEqualTo(Path.of("/logs"));
    }

    @Test
    void simulatedKubeletKeepsItsLogsToItself() {
        KubeletOptions options = parse("--kubeconfig=/k", "--runtime=simulated", "--root-dir=/data");
        assertThat(options.isSimulated()).isTrue();
        assertThat(options.podLogsDir()).isEqualTo(Path.of("/data/pod-logs"));
    }

    @Test
    void flagsThatCannotBeAreNamed() {
        assertThatThrownBy(() -> parse("--kubeconfig=/k", "--runtime=vm")).hasMessageContaining("--runtime");
        assertThatThrownBy(() -> parse("--kubeconfig=/k", "--node-ip=x")).hasMessageContaining("--node-ip");
        assertThatThrownBy(() -> parse("--kubeconfig=/k", "--sync-frequency=soon"))
                .hasMessageContaining("--sync-frequency");
        assertThatThrownBy(() -> parse("--kubeconfig=/k", "--tls-cert-file=/c")).hasMessageContaining("go together");
        assertThatThrownBy(() -> parse("--port=1")).hasMessageContaining("--kubeconfig");
    }

    private static KubeletOptions parse(String... arguments) {
        var command = new KubeletCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.options();
    }
}
