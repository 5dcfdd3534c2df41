package io.vertikube.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertikube.service.ServiceMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

class KubeletConfigurationTest {

    private static final String HEAD = "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n";

    /** What installers write, with its zeros. */
    private static final String INSTALLED = HEAD + """
            authentication:
              anonymous: {enabled: false}
              webhook: {cacheTTL: 0s, enabled: true}
              x509: {clientCAFile: /etc/kubernetes/pki/ca.crt}
            authorization:
              mode: Webhook
              webhook: {cacheAuthorizedTTL: 0s, cacheUnauthorizedTTL: 0s}
            clusterDNS: [10.96.0.10, 10.96.0.11]
            clusterDomain: cluster.local
            containerRuntimeEndpoint: ""
            cpuManagerReconcilePeriod: 0s
            evictionPressureTransitionPeriod: 0s
            fileCheckFrequency: 0s
            healthzBindAddress: 127.0.0.1
            healthzPort: 10248
            httpCheckFrequency: 0s
            imageMaximumGCAge: 0s
            imageMinimumGCAge: 0s
            logging: {flushFrequency: 0, options: {}, verbosity: 0}
            memorySwap: {}
            nodeStatusReportFrequency: 0s
            nodeStatusUpdateFrequency: 0s
            rotateCertificates: false
            runtimeRequestTimeout: 0s
            shutdownGracePeriod: 0s
            shutdownGracePeriodCriticalPods: 0s
            staticPodPath: /etc/kubernetes/manifests
            streamingConnectionIdleTimeout: 0s
            syncFrequency: 0s
            volumeStatsAggPeriod: 0s
            """;

    @Test
    void whatInstallersWriteIsTakenWithoutAWord() {
        List<String> warnings = new ArrayList<>();
        assertThat(read(INSTALLED, warnings))
                .containsOnly(
                        Map.entry("client-ca-file", "/etc/kubernetes/pki/ca.crt"),
                        Map.entry("cluster-dns", "10.96.0.10,10.96.0.11"),
                        Map.entry("cluster-domain", "cluster.local"),
                        Map.entry("healthz-port", "10248"),
                        Map.entry("pod-manifest-path", "/etc/kubernetes/manifests"));
        assertThat(warnings).isEmpty();
    }

    @Test
    void mapsAndTaintsBecomeFlags() {
        assertThat(read(HEAD + """
                        evictionHard: {memory.available: 200Mi}
                        evictionSoft: {memory.available: 1Gi}
                        evictionSoftGracePeriod: {memory.available: 1m30s}
                        evictionMinimumReclaim: {nodefs.available: 500Mi}
                        imageGCHighThresholdPercent: 90
                        seccompDefault: true
                        serializeImagePulls: true
                        userNamespaces: {idsPerPod: 131072}
                        podsPerCore: 10
                        cpuCFSQuota: false
                        cpuCFSQuotaPeriod: 10ms
                        failSwapOn: false
                        singleProcessOOMKill: true
                        memorySwap: {swapBehavior: LimitedSwap}
                        registerNode: false
                        providerID: cloud:///m1
                        eventRecordQPS: 0
                        eventBurst: 0
                        oomScoreAdj: 0
                        tlsMinVersion: VersionTLS13
                        tlsCipherSuites: [TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256]
                        registryPullQPS: 0
                        registryBurst: 20
                        imagePullCredentialsVerificationPolicy: NeverVerifyAllowlistedImages
                        preloadedImagesVerificationAllowlist: [registry.example/web, "registry.example/base/*"]
                        runtimeRequestTimeout: 15m
                        streamingConnectionIdleTimeout: 5m
                        nodeStatusMaxImages: -1
                        crashLoopBackOff: {maxContainerRestartPeriod: 1m}
                        containerLogMaxSize: 50Mi
                        containerLogMaxFiles: 3
                        staticPodURL: https://10.0.0.1/pods
                        staticPodURLHeader: {Accept: [application/yaml, "text/*"], X-Node: [a]}
                        httpCheckFrequency: 1m
                        containerLogMonitorInterval: 3s
                        volumeStatsAggPeriod: -1s
                        reservedSystemCPUs: 0,2-3
                        failCgroupV1: true
                        enableSystemLogHandler: false
                        authentication: {webhook: {cacheTTL: 1m}}
                        authorization: {webhook: {cacheAuthorizedTTL: 2m, cacheUnauthorizedTTL: 3m}}
                        registerWithTaints: [{key: k, value: v, effect: NoSchedule}]
                        """, new ArrayList<>()))
                .containsOnly(
                        Map.entry("eviction-hard", "memory.available<200Mi"),
                        Map.entry("eviction-soft", "memory.available<1Gi"),
                        Map.entry("eviction-soft-grace-period", "memory.available=1m30s"),
                        Map.entry("eviction-minimum-reclaim", "nodefs.available=500Mi"),
                        Map.entry("image-gc-high-threshold", "90"),
                        Map.entry("seccomp-default", "true"),
                        Map.entry("serialize-image-pulls", "true"),
                        Map.entry("pods-per-core", "10"),
                        Map.entry("cpu-cfs-quota", "false"),
                        Map.entry("cpu-cfs-quota-period", "10ms"),
                        Map.entry("fail-swap-on", "false"),
                        Map.entry("single-process-oom-kill", "true"),
                        Map.entry("memory-swap-behavior", "LimitedSwap"),
                        Map.entry("register-node", "false"),
                        Map.entry("provider-id", "cloud:///m1"),
                        Map.entry("event-qps", "0"),
                        Map.entry("oom-score-adj", "0"),
                        Map.entry("tls-min-version", "VersionTLS13"),
                        Map.entry(
                                "tls-cipher-suites",
                                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"),
                        Map.entry("registry-qps", "0"),
                        Map.entry("registry-burst", "20"),
                        Map.entry("image-pull-credentials-verification-policy", "NeverVerifyAllowlistedImages"),
                        Map.entry(
                                "preloaded-images-verification-allowlist",
                                "registry.example/web,registry.example/base/*"),
                        Map.entry("runtime-request-timeout", "15m"),
                        Map.entry("streaming-connection-idle-timeout", "5m"),
                        Map.entry("node-status-max-images", "-1"),
                        Map.entry("user-namespaces-ids-per-pod", "131072"),
                        Map.entry("manifest-url", "https://10.0.0.1/pods"),
                        Map.entry("manifest-url-header", "Accept:application/yaml,Accept:text/*,X-Node:a"),
                        Map.entry("http-check-frequency", "1m"),
                        Map.entry("container-log-monitor-interval", "3s"),
                        Map.entry("volume-stats-agg-period", "-1s"),
                        Map.entry("reserved-cpus", "0,2-3"),
                        Map.entry("fail-cgroupv1", "true"),
                        Map.entry("enable-system-log-handler", "false"),
                        Map.entry("authentication-token-webhook-cache-ttl", "1m"),
                        Map.entry("authorization-webhook-cache-authorized-ttl", "2m"),
                        Map.entry("authorization-webhook-cache-unauthorized-ttl", "3m"),
                        Map.entry("max-container-restart-period", "1m"),
                        Map.entry("container-log-max-size", "50Mi"),
                        Map.entry("container-log-max-files", "3"),
                        Map.entry("register-with-taints", "k=v:NoSchedule"));
    }

    @Test
    void zeroIsTheDefaultUnlessItIsAChoice() {
        assertThat(read(HEAD + "maxPods: 0\nnodeStatusMaxImages: 0\npodsPerCore: 0\n", new ArrayList<>()))
                .containsOnly(Map.entry("node-status-max-images", "0"));
    }

    @Test
    void whatHasNoEffectIsToldByName() {
        List<String> warnings = new ArrayList<>();
        read(
                HEAD + "hairpinMode: promiscuous-bridge\nreadOnlyPort: 10255\nauthorization: {mode: AlwaysAllow}\n",
                warnings);
        assertThat(warnings)
                .containsExactly(
                        "KubeletConfiguration: authorization.mode (it is always Webhook) has no effect here",
                        "KubeletConfiguration: hairpinMode has no effect here",
                        "KubeletConfiguration: readOnlyPort (it is always 0) has no effect here");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "maxPod: 5 | unknown field \"maxPod\"",
                "authentication: {x509: {caFile: /x}} | unknown field \"authentication.x509.caFile\"",
                "logging: text | logging: expected a map",
                "kind: KubeProxyConfiguration | kind: \"KubeProxyConfiguration\" is not \"KubeletConfiguration\"",
                "apiVersion: kubelet.config.k8s.io/v1 | apiVersion: \"kubelet.config.k8s.io/v1\" is not"
            })
    void whatCannotBeIsNamed(String line, String why) {
        String head = HEAD.replaceAll("(?m)^" + line.substring(0, line.indexOf(':')) + ":.*\n", "");
        assertThatThrownBy(() -> read(head + line + "\n", new ArrayList<>())).hasMessageContaining(why);
    }

    @Test
    void commandTakesTheFileAndItsOwnFlagsWin(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(
                folder.resolve("kubelet.yaml"),
                HEAD + "maxPods: 7\nclusterDomain: a.test\nevictionHard: {pid.available: 10%}\n");
        var command = new KubeletCommand();
        var line = new CommandLine(command);
        var error = new StringWriter();
        line.setErr(new PrintWriter(error));
        line.setExecutionStrategy(parsed -> 0);
        assertThat(ServiceMain.run(line, "--kubeconfig=/k", "--config", file.toString(), "--cluster-domain=b.test"))
                .as(error.toString())
                .isZero();
        assertThat(command.options().maxPods()).isEqualTo(7);
        assertThat(command.options().clusterDomain()).isEqualTo("b.test");
        assertThat(command.options().policies().eviction().thresholds())
                .singleElement()
                .satisfies(only -> assertThat(only.signal().text()).isEqualTo("pid.available"));
        Files.writeString(file, HEAD + "maxPodz: 7\n");
        assertThat(ServiceMain.run(line, "--kubeconfig=/k", "--config", file.toString()))
                .isEqualTo(2);
        assertThat(error.toString()).contains("--config: unknown field \"maxPodz\"");
    }

    private static Map<String, String> read(String yaml, List<String> warnings) {
        var flags = new TreeSet<String>();
        new CommandLine(new KubeletCommand())
                .getCommandSpec()
                .options()
                .forEach(option -> flags.add(option.longestName().replaceFirst("^-+", "")));
        return KubeletConfiguration.flags(TestPods.parse(yaml, JsonNode.class), flags, warnings::add);
    }
}
