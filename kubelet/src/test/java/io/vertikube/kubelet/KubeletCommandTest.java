package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.vertikube.kubelet.cgroup.LimitOptions;
import io.vertikube.kubelet.eviction.EvictionOptions;
import io.vertikube.kubelet.images.ImageAccess;
import io.vertikube.kubelet.node.NodeOptions;
import io.vertikube.kubelet.pod.PodPolicies;
import io.vertikube.kubelet.pod.PullLimits;
import io.vertikube.kubelet.runtime.RuntimeTimeouts;
import io.vertikube.kubelet.server.AccessTimes;
import io.vertikube.kubelet.server.LogLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
    void evictionFlagsBecomeThresholds() {
        EvictionOptions eviction = parse(
                        "--kubeconfig=/k",
                        "--eviction-hard=memory.available<200Mi,nodefs.available<5%",
                        "--eviction-soft=memory.available<1Gi",
                        "--eviction-soft-grace-period=memory.available=1m30s",
                        "--eviction-minimum-reclaim=nodefs.available=1Gi",
                        "--eviction-max-pod-grace-period=60",
                        "--eviction-pressure-transition-period=30s")
                .policies()
                .eviction();
        assertThat(eviction.thresholds())
                .extracting(each -> each.signal().text() + " " + each.value().of(1000) + " " + each.grace() + " "
                        + each.minimumReclaim().quantity())
                .containsExactly(
                        "memory.available 209715200 PT0S 0",
                        "nodefs.available 50 PT0S 1073741824",
                        "memory.available 1073741824 PT1M30S 0");
        assertThat(eviction.maxPodGrace()).isEqualTo(Duration.ofSeconds(60));
        assertThat(eviction.pressureTransition()).isEqualTo(Duration.ofSeconds(30));
        assertThat(parse("--kubeconfig=/k").policies().eviction().thresholds()).hasSize(5);
        assertThat(parse("--kubeconfig=/k", "--runtime=simulated")
                        .policies()
                        .eviction()
                        .thresholds())
                .isEmpty();
        assertThatThrownBy(() -> parse("--kubeconfig=/k", "--eviction-hard=memory.available=1"))
                .hasMessageContaining("--eviction-hard: \"memory.available=1\" is not of the form signal<value");
        assertThatThrownBy(() -> parse("--kubeconfig=/k", "--image-gc-low-threshold=90"))
                .hasMessageContaining("--image-gc-high-threshold 85");
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

    @Test
    void howContainersStartCanBeSaid() {
        NodePolicies plain = parse("--kubeconfig=/k").policies();
        assertThat(plain.pods()).isEqualTo(PodPolicies.DEFAULT);
        assertThat(plain.logs()).isEqualTo(LogLimits.DEFAULT);
        NodePolicies said = parse(
                        "--kubeconfig=/k",
                        "--seccomp-default",
                        "--serialize-image-pulls",
                        "--registry-qps=0",
                        "--registry-burst=7",
                        "--image-pull-credentials-verification-policy=AlwaysVerify",
                        "--runtime-request-timeout=15s",
                        "--streaming-connection-idle-timeout=0s",
                        "--max-container-restart-period=5s",
                        "--container-log-max-size=50Mi",
                        "--container-log-max-files=3",
                        "--container-log-monitor-interval=1m",
                        "--volume-stats-agg-period=-1s")
                .policies();
        assertThat(said.pods())
                .isEqualTo(new PodPolicies(
                        true,
                        new PullLimits(1, 0, 7),
                        new ImageAccess(ImageAccess.Verification.ALWAYS_VERIFY, List.of()),
                        Duration.ofSeconds(5),
                        65536,
                        false));
        assertThat(said.runtime()).isEqualTo(new RuntimeTimeouts(Duration.ofSeconds(15), Duration.ZERO));
        assertThat(said.logs()).isEqualTo(new LogLimits(50L << 20, 3, Duration.ofMinutes(1)));
        assertThat(said.volumeStats()).isEqualTo(Duration.ofSeconds(-1));
        assertThat(plain.volumeStats()).isEqualTo(Duration.ofMinutes(1));
        assertThat(parse("--kubeconfig=/k", "--user-namespaces-ids-per-pod=131072")
                        .policies()
                        .pods()
                        .idsPerPod())
                .isEqualTo(131072);
        assertThat(parse("--kubeconfig=/k", "--max-parallel-image-pulls=9")
                        .policies()
                        .pods()
                        .pulls())
                .isEqualTo(new PullLimits(9, 5, 10));
    }

    @Test
    void howLongAnswersAboutCallersAreBelievedCanBeSaid() {
        assertThat(parse("--kubeconfig=/k").policies().access()).isEqualTo(AccessTimes.DEFAULT);
        assertThat(parse(
                                "--kubeconfig=/k",
                                "--authentication-token-webhook-cache-ttl=1s",
                                "--authorization-webhook-cache-authorized-ttl=2s",
                                "--authorization-webhook-cache-unauthorized-ttl=3s")
                        .policies()
                        .access())
                .isEqualTo(new AccessTimes(Duration.ofSeconds(1), Duration.ofSeconds(2), Duration.ofSeconds(3)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--system-reserved=cpu=500m,memory=1Gi --kube-reserved=cpu=200m | 500m 200m",
                "--system-reserved=cpu=500m,memory=1Gi --kube-reserved=cpu=200m --reserved-cpus=0-1,3 | 3",
                "--reserved-cpus=0 | 1",
                "--reserved-cpus=0,0-2 | 3",
                "--max-pods=1 | ''",
            })
    void reservedProcessorsTakeThePlaceOfOtherReservations(String flags, String cpu) {
        NodePolicies policies = parse(("--kubeconfig=/k " + flags).split(" ")).policies();
        assertThat(String.join(" ", policies.reserved("cpu"))).isEqualTo(cpu);
    }

    @Test
    void whatLimitsBecomeCanBeSaid() {
        assertThat(parse("--kubeconfig=/k").policies().cgroups().failOnV1()).isFalse();
        assertThat(parse("--kubeconfig=/k", "--fail-cgroupv1")
                        .policies()
                        .cgroups()
                        .failOnV1())
                .isTrue();
        assertThat(parse("--kubeconfig=/k").policies().cgroups().limits()).isEqualTo(LimitOptions.DEFAULT);
        assertThat(parse(
                                "--kubeconfig=/k",
                                "--cpu-cfs-quota=false",
                                "--cpu-cfs-quota-period=10ms",
                                "--single-process-oom-kill=false",
                                "--memory-swap-behavior=LimitedSwap")
                        .policies()
                        .cgroups()
                        .limits())
                .isEqualTo(new LimitOptions(false, Duration.ofMillis(10), Optional.of(false), true));
    }

    @Test
    void whatIsDoneWithTheNodeCanBeSaid() {
        assertThat(parse("--kubeconfig=/k").policies().node()).isEqualTo(NodeOptions.DEFAULT);
        assertThat(parse(
                                "--kubeconfig=/k",
                                "--register-node=false",
                                "--node-status-max-images=-1",
                                "--pods-per-core=10",
                                "--provider-id=cloud:///m1")
                        .policies()
                        .node())
                .isEqualTo(new NodeOptions(false, -1, 10, Optional.of("cloud:///m1")));
        assertThat(parse("--kubeconfig=/k", "--register-node").policies().node().register())
                .isTrue();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--max-parallel-image-pulls=0 | --max-parallel-image-pulls: 0 must be a positive number",
                "--max-parallel-image-pulls=2 --serialize-image-pulls | cannot be larger than 1 together with",
                "--registry-qps=-1 | --registry-qps: -1 must not be a negative number",
                "--image-pull-credentials-verification-policy=Never | --image-pull-credentials-verification-policy: \"Never\" is none of NeverVerify, NeverVerifyPreloadedImages, NeverVerifyAllowlistedImages, AlwaysVerify",
                "--preloaded-images-verification-allowlist=a/b | --preloaded-images-verification-allowlist is only for --image-pull-credentials-verification-policy=NeverVerifyAllowlistedImages",
                "--registry-burst=-1 | --registry-burst: -1 must not be a negative number",
                "--runtime-request-timeout=0s | --runtime-request-timeout: 0s must be greater than 0",
                "--max-container-restart-period=6m | (got: 360 seconds) must be set between 1s and 300s",
                "--user-namespaces-ids-per-pod=1000 | --user-namespaces-ids-per-pod: 1000 must be a multiple of 65536",
                "--user-namespaces-ids-per-pod=0 | --user-namespaces-ids-per-pod: 0 must be",
                "--node-status-max-images=-2 | --node-status-max-images: -2 must be -1 or greater",
                "--pods-per-core=-1 | --pods-per-core: -1 must not be a negative number",
                "--oom-score-adj=-1001 | --oom-score-adj: -1001 must be within the range [-1000, 1000]",
                "--oom-score-adj=-2147483648 | --oom-score-adj: -2147483648 must be within the range [-1000, 1000]",
                "--event-qps=-1 | --event-qps: -1 must not be a negative number",
                "--event-burst=-1 | --event-burst: -1 must not be a negative number",
                "--tls-min-version=TLS13 | --tls-min-version: unknown tls version \"TLS13\": it is VersionTLS12 or",
                "--tls-cipher-suites=TLS_NONE | --tls-cipher-suites: Cipher suite TLS_NONE not supported or doesn't exist",
                "--cpu-cfs-quota-period=500us | --cpu-cfs-quota-period: 500us must be between 1ms and 1s, inclusive",
                "--cpu-cfs-quota-period=2s | --cpu-cfs-quota-period: 2000000us must be between 1ms and 1s, inclusive",
                "--memory-swap-behavior=Unlimited | must be one of: \"\", \"LimitedSwap\" or \"NoSwap\"",
                "--container-log-monitor-interval=2s | --container-log-monitor-interval: must be a positive duration of 3s or",
                "--reserved-cpus=0-x | --reserved-cpus: \"0-x\" is no list of processors such as 0-1,3",
                "--reserved-cpus=0, | --reserved-cpus: \"0,\" is no list of processors such as 0-1,3",
                "--reserved-cpus=3-1 | --reserved-cpus: \"3-1\": the end is before the start",
                "--reserved-cpus=0 --kube-reserved-cgroup=/k | --reserved-cpus cannot be given together with",
                "--manifest-url=pods | --manifest-url: \"pods\" is no address: write it as http://HOST/PATH",
                "--manifest-url=https://me:secret@h/a^b | --manifest-url: Illegal character in path at index 21: https://***@h/a^b",
                "--manifest-url=ftp://me:secret@h/a | --manifest-url: \"ftp://***@h/a\" is no address: write it as http://HOST/PATH",
                "--manifest-url-header=a | --manifest-url-header: \"a\" is not of the form name:value",
                "--container-log-max-files=1 | --container-log-max-files: 1 must be greater than 1",
            })
    void policiesThatCannotBeAreNamed(String flags, String message) {
        assertThatThrownBy(() -> parse(("--kubeconfig=/k " + flags).split(" "))).hasMessageContaining(message);
    }

    private static KubeletOptions parse(String... arguments) {
        var command = new KubeletCommand();
        new CommandLine(command).parseArgs(arguments);
        return command.options();
    }
}
