package io.vertikube.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * A configuration file of Kubernetes' own kind, {@code kubelet.config.k8s.io/v1beta1 KubeletConfiguration}, as values of
 * flags. Every field that the reference documents is known: it becomes a flag, or it says what this kubelet does anyway,
 * or it is told by name as having no effect. What is zero or empty is the default, but where zero
 * is a choice. Pure functions.
 *
 * @see <a href="https://kubernetes.io/docs/reference/config-api/kubelet-config.v1beta1/">KubeletConfiguration</a>
 */
final class KubeletConfiguration {

    static final String GROUP = "kubelet.config.k8s.io/";
    private static final String VERSION = GROUP + "v1beta1";

    /** Fields that are flags under another name; most have the flag's name in camel case. */
    private static final Map<String, String> FLAGS = Map.ofEntries(
            Map.entry("staticPodPath", "pod-manifest-path"),
            Map.entry("podLogsDir", "pod-logs-dir"),
            Map.entry("syncFrequency", "sync-frequency"),
            Map.entry("fileCheckFrequency", "file-check-frequency"),
            Map.entry("staticPodURL", "manifest-url"),
            Map.entry("staticPodURLHeader", "manifest-url-header"),
            Map.entry("httpCheckFrequency", "http-check-frequency"),
            Map.entry("address", "address"),
            Map.entry("port", "port"),
            Map.entry("tlsCertFile", "tls-cert-file"),
            Map.entry("tlsPrivateKeyFile", "tls-private-key-file"),
            Map.entry("authentication.x509.clientCAFile", "client-ca-file"),
            Map.entry("healthzPort", "healthz-port"),
            Map.entry("clusterDomain", "cluster-domain"),
            Map.entry("clusterDNS", "cluster-dns"),
            Map.entry("nodeStatusUpdateFrequency", "node-status-update-frequency"),
            Map.entry("nodeStatusReportFrequency", "node-status-report-frequency"),
            Map.entry("imageMinimumGCAge", "minimum-image-ttl-duration"),
            Map.entry("imageMaximumGCAge", "image-maximum-gc-age"),
            Map.entry("imageGCHighThresholdPercent", "image-gc-high-threshold"),
            Map.entry("imageGCLowThresholdPercent", "image-gc-low-threshold"),
            Map.entry("seccompDefault", "seccomp-default"),
            Map.entry("serializeImagePulls", "serialize-image-pulls"),
            Map.entry("maxParallelImagePulls", "max-parallel-image-pulls"),
            Map.entry("registryPullQPS", "registry-qps"),
            Map.entry("registryBurst", "registry-burst"),
            Map.entry("imagePullCredentialsVerificationPolicy", "image-pull-credentials-verification-policy"),
            Map.entry("preloadedImagesVerificationAllowlist", "preloaded-images-verification-allowlist"),
            Map.entry("runtimeRequestTimeout", "runtime-request-timeout"),
            Map.entry("streamingConnectionIdleTimeout", "streaming-connection-idle-timeout"),
            Map.entry("crashLoopBackOff.maxContainerRestartPeriod", "max-container-restart-period"),
            Map.entry("containerLogMaxSize", "container-log-max-size"),
            Map.entry("containerLogMaxFiles", "container-log-max-files"),
            Map.entry("containerLogMonitorInterval", "container-log-monitor-interval"),
            Map.entry("volumeStatsAggPeriod", "volume-stats-agg-period"),
            Map.entry("reservedSystemCPUs", "reserved-cpus"),
            Map.entry("failCgroupV1", "fail-cgroupv1"),
            Map.entry("authentication.webhook.cacheTTL", "authentication-token-webhook-cache-ttl"),
            Map.entry("authorization.webhook.cacheAuthorizedTTL", "authorization-webhook-cache-authorized-ttl"),
            Map.entry("authorization.webhook.cacheUnauthorizedTTL", "authorization-webhook-cache-unauthorized-ttl"),
            Map.entry("cgroupRoot", "cgroup-root"),
            Map.entry("cgroupDriver", "cgroup-driver"),
            Map.entry("cpuCFSQuota", "cpu-cfs-quota"),
            Map.entry("cpuCFSQuotaPeriod", "cpu-cfs-quota-period"),
            Map.entry("failSwapOn", "fail-swap-on"),
            Map.entry("singleProcessOOMKill", "single-process-oom-kill"),
            Map.entry("memorySwap.swapBehavior", "memory-swap-behavior"),
            Map.entry("maxPods", "max-pods"),
            Map.entry("podsPerCore", "pods-per-core"),
            Map.entry("registerNode", "register-node"),
            Map.entry("oomScoreAdj", "oom-score-adj"),
            Map.entry("providerID", "provider-id"),
            Map.entry("eventRecordQPS", "event-qps"),
            Map.entry("eventBurst", "event-burst"),
            Map.entry("tlsMinVersion", "tls-min-version"),
            Map.entry("tlsCipherSuites", "tls-cipher-suites"),
            Map.entry("nodeStatusMaxImages", "node-status-max-images"),
            Map.entry("evictionHard", "eviction-hard"),
            Map.entry("evictionSoft", "eviction-soft"),
            Map.entry("evictionSoftGracePeriod", "eviction-soft-grace-period"),
            Map.entry("evictionMinimumReclaim", "eviction-minimum-reclaim"),
            Map.entry("evictionPressureTransitionPeriod", "eviction-pressure-transition-period"),
            Map.entry("evictionMaxPodGracePeriod", "eviction-max-pod-grace-period"),
            Map.entry("registerWithTaints", "register-with-taints"),
            Map.entry("containerRuntimeEndpoint", "container-runtime-endpoint"),
            Map.entry("logging.format", "logging-format"),
            Map.entry("logging.verbosity", "v"),
            Map.entry("enableSystemLogHandler", "enable-system-log-handler"),
            Map.entry("shutdownGracePeriod", "shutdown-grace-period"),
            Map.entry("shutdownGracePeriodCriticalPods", "shutdown-grace-period-critical-pods"),
            Map.entry("shutdownGracePeriodByPodPriority", "shutdown-grace-period-by-pod-priority"),
            Map.entry("enforceNodeAllocatable", "enforce-node-allocatable"),
            Map.entry("systemReservedCgroup", "system-reserved-cgroup"),
            Map.entry("kubeReservedCgroup", "kube-reserved-cgroup"),
            Map.entry("systemReserved", "system-reserved"),
            Map.entry("kubeReserved", "kube-reserved"),
            Map.entry("userNamespaces.idsPerPod", "user-namespaces-ids-per-pod"),
            Map.entry("podPidsLimit", "pod-max-pids"),
            Map.entry("allowedUnsafeSysctls", "allowed-unsafe-sysctls"),
            Map.entry("volumePluginDir", "volume-plugin-dir"),
            Map.entry("resolvConf", "resolv-conf"),
            Map.entry("configMapAndSecretChangeDetectionStrategy", "config-map-and-secret-change-detection-strategy"));

    /** Fields that may only say what is so. */
    private static final Map<String, String> SO_ANYWAY = Map.ofEntries(
            Map.entry("enableServer", "true"),
            Map.entry("authentication.anonymous.enabled", "false"),
            Map.entry("authentication.webhook.enabled", "true"),
            Map.entry("authorization.mode", "Webhook"),
            Map.entry("readOnlyPort", "0"),
            Map.entry("rotateCertificates", "false"),
            Map.entry("serverTLSBootstrap", "false"),
            Map.entry("enableDebuggingHandlers", "true"),
            Map.entry("healthzBindAddress", "127.0.0.1"),
            Map.entry("cgroupsPerQOS", "true"),
            Map.entry("cpuManagerPolicy", "none"),
            Map.entry("memoryManagerPolicy", "None"),
            Map.entry("topologyManagerPolicy", "none"),
            Map.entry("topologyManagerScope", "container"),
            Map.entry("enableControllerAttachDetach", "true"),
            Map.entry("protectKernelDefaults", "false"),
            Map.entry("makeIPTablesUtilChains", "false"),
            Map.entry("localStorageCapacityIsolation", "true"),
            Map.entry("nodeLeaseDurationSeconds", "40"),
            Map.entry("mergeDefaultEvictionSettings", "false"));

    /** Documented fields that change nothing here. */
    private static final Set<String> WITHOUT_EFFECT = Set.of(
            "enableContentionProfiling",
            "kubeletCgroups",
            "systemCgroups",
            "cpuManagerPolicyOptions",
            "cpuManagerReconcilePeriod",
            "topologyManagerPolicyOptions",
            "qosReserved",
            "hairpinMode",
            "podCIDR",
            "runOnce",
            "maxOpenFiles",
            "contentType",
            "kubeAPIQPS",
            "kubeAPIBurst",
            "iptablesMasqueradeBit",
            "iptablesDropBit",
            "featureGates",
            "containerLogMaxWorkers",
            "showHiddenMetricsForVersion",
            "kernelMemcgNotification",
            "logging.flushFrequency",
            "logging.options",
            "logging.vmodule",
            "enableSystemLogQuery",
            "reservedMemory",
            "enableProfilingHandler",
            "enableDebugFlagsHandler",
            "memoryThrottlingFactor",
            "tracing",
            "imageServiceEndpoint");

    private static final Set<String> GROUPS = Set.of(
            "authentication",
            "authentication.x509",
            "authentication.webhook",
            "authentication.anonymous",
            "authorization",
            "authorization.webhook",
            "logging",
            "memorySwap",
            "userNamespaces",
            "crashLoopBackOff");

    /** Fields of which zero says something else than nothing. */
    private static final Set<String> ZERO_COUNTS =
            Set.of("nodeStatusMaxImages", "eventRecordQPS", "oomScoreAdj", "registryPullQPS");

    private static final Set<String> SIGNAL_LIMITS = Set.of("evictionHard", "evictionSoft");

    private KubeletConfiguration() {}

    /**
     * The file as values of flags.
     *
     * @param flags the flags there are
     * @param warn told once of each field that is set and has no effect
     * @throws IllegalArgumentException naming a field that does not exist, or that has no such value
     */
    static Map<String, String> flags(JsonNode root, Set<String> flags, Consumer<String> warn) {
        if (!root.path("apiVersion").asText().equals(VERSION)) {
            throw new IllegalArgumentException(
                    "apiVersion: \"" + root.path("apiVersion").asText() + "\" is not \"" + VERSION + "\"");
        }
        if (!root.path("kind").asText().equals("KubeletConfiguration")) {
            throw new IllegalArgumentException(
                    "kind: \"" + root.path("kind").asText() + "\" is not \"KubeletConfiguration\"");
        }
        Map<String, String> values = new LinkedHashMap<>();
        Set<String> idle = new TreeSet<>();
        root.properties().forEach(entry -> {
            if (!entry.getKey().equals("apiVersion") && !entry.getKey().equals("kind")) {
                field(entry.getKey(), entry.getValue(), flags, values, idle);
            }
        });
        idle.forEach(field -> warn.accept("KubeletConfiguration: " + field + " has no effect here"));
        return values;
    }

    private static void field(
            String path, JsonNode value, Set<String> flags, Map<String, String> values, Set<String> idle) {
        if (GROUPS.contains(path)) {
            if (!value.isObject() && !value.isNull()) {
                throw new IllegalArgumentException(path + ": expected a map, found " + value);
            }
            value.properties()
                    .forEach(entry -> field(path + "." + entry.getKey(), entry.getValue(), flags, values, idle));
            return;
        }
        String flag = FLAGS.get(path);
        String soAnyway = SO_ANYWAY.get(path);
        if (flag == null && soAnyway == null && !WITHOUT_EFFECT.contains(path)) {
            throw new IllegalArgumentException(
                    "unknown field \"" + path + "\"; see the reference of KubeletConfiguration v1beta1");
        }
        if (isDefault(value) && !(value.isNumber() && ZERO_COUNTS.contains(path))) {
            return;
        }
        if (flag != null && flags.contains(flag)) {
            values.put(flag, text(path, value));
        } else if (soAnyway == null || !soAnyway.equals(value.asText())) {
            idle.add(path
                    + Optional.ofNullable(soAnyway)
                            .map(only -> " (it is always " + only + ")")
                            .orElse(""));
        }
    }

    /** As Kubernetes reads the file: what is zero is as if it were not there. */
    private static boolean isDefault(JsonNode value) {
        return value.isNull()
                || (value.isContainerNode() && value.isEmpty())
                || (value.isTextual()
                        && (value.asText().isEmpty() || value.asText().matches("0+(s|ms|m|h|m0s|h0m0s)")))
                || (value.isNumber() && value.asDouble() == 0);
    }

    private static String text(String path, JsonNode value) {
        if (path.equals("registerWithTaints")) {
            List<String> taints = new ArrayList<>();
            value.forEach(taint -> taints.add(taint.path("key").asText() + "="
                    + taint.path("value").asText() + ":" + taint.path("effect").asText()));
            return String.join(",", taints);
        }
        if (path.equals("shutdownGracePeriodByPodPriority")) {
            List<String> times = new ArrayList<>();
            value.forEach(time -> times.add(time.path("priority").asText("0") + "="
                    + time.path("shutdownGracePeriodSeconds").asText("0")));
            return String.join(",", times);
        }
        if (path.equals("staticPodURLHeader")) {
            List<String> headers = new ArrayList<>();
            value.properties()
                    .forEach(header ->
                            header.getValue().forEach(each -> headers.add(header.getKey() + ":" + each.asText())));
            return String.join(",", headers);
        }
        if (value.isObject()) {
            String between = SIGNAL_LIMITS.contains(path) ? "<" : "=";
            return value.properties().stream()
                    .map(entry -> entry.getKey() + between + entry.getValue().asText())
                    .collect(Collectors.joining(","));
        }
        if (value.isArray()) {
            List<String> items = new ArrayList<>();
            value.forEach(item -> items.add(item.asText()));
            return String.join(",", items);
        }
        return value.asText();
    }
}
