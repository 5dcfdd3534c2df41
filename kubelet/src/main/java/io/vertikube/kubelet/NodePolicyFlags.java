package io.vertikube.kubelet;

import io.vertikube.control.EventRate;
import io.vertikube.kubelet.eviction.EvictionOptions;
import io.vertikube.kubelet.images.CollectionOptions;
import io.vertikube.kubelet.node.NodeOptions;
import io.vertikube.kubelet.pod.PodPolicies;
import io.vertikube.kubelet.server.LogLimits;
import io.vertikube.kubelet.shutdown.ShutdownOptions;
import io.vertikube.kubelet.source.ChangeDetection;
import io.vertikube.service.DurationConverter;
import io.vertikube.value.Durations;
import io.vertikube.value.Quantities;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Flags about what a kubelet does of its own accord. Confined to the thread that parses. */
final class NodePolicyFlags {

    private static final List<String> RESERVABLE = List.of("cpu", "ephemeral-storage", "memory", "pid");

    @Mixin
    private final AccessFlags access = new AccessFlags();

    @Mixin
    private final CgroupFlags cgroups = new CgroupFlags();

    @Mixin
    private final ManifestFlags manifests = new ManifestFlags();

    @Mixin
    private final PullFlags pulls = new PullFlags();

    @Mixin
    private final RuntimeTimeoutFlags timeouts = new RuntimeTimeoutFlags();

    @Option(
            names = "--eviction-hard",
            split = ",",
            paramLabel = "SIGNAL<AMOUNT",
            description = "Pods are evicted at once below these (memory.available<100Mi, nodefs.available<10%%,"
                    + " nodefs.inodesFree<5%%, imagefs.available<15%%, imagefs.inodesFree<5%%; none when simulated).")
    private @Nullable List<String> evictionHard;

    @Option(
            names = "--eviction-soft",
            split = ",",
            paramLabel = "SIGNAL<AMOUNT",
            description = "Pods are evicted when it has been less than this for the grace period.")
    private List<String> evictionSoft = List.of();

    @Option(
            names = "--eviction-soft-grace-period",
            split = ",",
            paramLabel = "SIGNAL=DURATION",
            description = "How long each soft threshold may be met.")
    private List<String> evictionSoftGrace = List.of();

    @Option(
            names = "--eviction-minimum-reclaim",
            split = ",",
            paramLabel = "SIGNAL=AMOUNT",
            description = "How much more than the threshold is to be free before evicting ends.")
    private List<String> evictionReclaim = List.of();

    @Option(
            names = "--eviction-max-pod-grace-period",
            paramLabel = "SECONDS",
            defaultValue = "0",
            description = "Longest grace of a pod evicted by a soft threshold, 0 for its own (${DEFAULT-VALUE}).")
    private int evictionMaxGrace;

    @Option(
            names = "--eviction-pressure-transition-period",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description = "How long a node's pressure condition stays after it is over (${DEFAULT-VALUE}).")
    private Duration evictionTransition = Duration.ofMinutes(5);

    @Option(
            names = "--image-gc-high-threshold",
            paramLabel = "PERCENT",
            defaultValue = "85",
            description = "Disk usage from which unused images are removed, 100 for never (${DEFAULT-VALUE}).")
    private int imageHigh = 85;

    @Option(
            names = "--image-gc-low-threshold",
            paramLabel = "PERCENT",
            defaultValue = "80",
            description = "Disk usage down to which they are (${DEFAULT-VALUE}).")
    private int imageLow = 80;

    @Option(
            names = "--minimum-image-ttl-duration",
            paramLabel = "DURATION",
            defaultValue = "2m",
            converter = DurationConverter.class,
            description = "Youngest unused image that is removed (${DEFAULT-VALUE}).")
    private Duration imageMinimumAge = Duration.ofMinutes(2);

    @Option(
            names = "--image-maximum-gc-age",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = DurationConverter.class,
            description = "How long an image may be unused whatever the disk has, 0 for ever (${DEFAULT-VALUE}).")
    private Duration imageMaximumAge = Duration.ZERO;

    @Option(
            names = "--maximum-dead-containers-per-container",
            paramLabel = "COUNT",
            defaultValue = "1",
            description = "Ended containers kept beside the newest of each (${DEFAULT-VALUE}).")
    private int deadPerContainer = 1;

    @Option(
            names = "--maximum-dead-containers",
            paramLabel = "COUNT",
            defaultValue = "-1",
            description = "Ended containers kept in all, below 0 for any number (${DEFAULT-VALUE}).")
    private int deadInAll = -1;

    @Option(
            names = "--minimum-container-ttl-duration",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = DurationConverter.class,
            description = "How long a container is kept in any case after it was made (${DEFAULT-VALUE}).")
    private Duration deadMinimumAge = Duration.ZERO;

    @Option(
            names = "--register-node",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            description = "Make the Node if it is not there (${DEFAULT-VALUE}).")
    private boolean registerNode = true;

    @Option(
            names = "--node-status-max-images",
            paramLabel = "COUNT",
            defaultValue = "50",
            description = "Most images that the Node lists, the largest; -1 for all (${DEFAULT-VALUE}).")
    private int shownImages = 50;

    @Option(
            names = "--pods-per-core",
            paramLabel = "COUNT",
            defaultValue = "0",
            description = "Most pods for each processor, within --max-pods; 0 for no such limit (${DEFAULT-VALUE}).")
    private int podsPerCore;

    @Option(
            names = "--provider-id",
            paramLabel = "ID",
            description = "What a cloud knows this machine by: the spec.providerID of the Node that is made.")
    private @Nullable String providerId;

    @Option(
            names = "--event-qps",
            paramLabel = "COUNT",
            defaultValue = "50",
            description = "Most Events a second, 0 for no such limit (${DEFAULT-VALUE}).")
    private int eventsPerSecond = EventRate.DEFAULT.perSecond();

    @Option(
            names = "--event-burst",
            paramLabel = "COUNT",
            defaultValue = "100",
            description = "Events that may come at once after a quiet time (${DEFAULT-VALUE}).")
    private int eventBurst = EventRate.DEFAULT.burst();

    @Option(
            names = "--seccomp-default",
            description = "Confine containers by the runtime's seccomp profile where they choose none.")
    private boolean seccompDefault;

    @Option(
            names = "--max-container-restart-period",
            paramLabel = "DURATION",
            defaultValue = "5m",
            converter = DurationConverter.class,
            description = "How long a container that keeps ending waits at most (${DEFAULT-VALUE}).")
    private Duration longestBackoff = Duration.ofMinutes(5);

    @Option(
            names = "--user-namespaces-ids-per-pod",
            paramLabel = "COUNT",
            defaultValue = "65536",
            description = "How many users a pod has that has its own (${DEFAULT-VALUE}).")
    private long idsPerPod = 65536;

    @Option(
            names = "--container-log-max-size",
            paramLabel = "AMOUNT",
            defaultValue = "10Mi",
            description = "Size from which a container's log is moved aside, below 0 for never (${DEFAULT-VALUE}).")
    private String logSize = "10Mi";

    @Option(
            names = "--container-log-max-files",
            paramLabel = "COUNT",
            defaultValue = "5",
            description = "Most log files of a container (${DEFAULT-VALUE}).")
    private int logFiles = 5;

    @Option(
            names = "--container-log-monitor-interval",
            paramLabel = "DURATION",
            defaultValue = "10s",
            converter = DurationConverter.class,
            description = "How often logs are looked at for their size, 3s or more (${DEFAULT-VALUE}).")
    private Duration logLook = LogLimits.DEFAULT.look();

    @Option(
            names = "--volume-stats-agg-period",
            paramLabel = "DURATION",
            defaultValue = "1m",
            converter = SignedDurationConverter.class,
            description = "How long a volume's measures are good before it is measured again, below 0 for not at all"
                    + " (${DEFAULT-VALUE}).")
    private Duration volumeStats = NodePolicies.NONE.volumeStats();

    @Option(
            names = "--reserved-cpus",
            paramLabel = "LIST",
            description = "Processors that pods do not get, such as 0-1,3: their count takes the place of the cpu of"
                    + " --system-reserved and --kube-reserved.")
    private String reservedCpus = "";

    @Option(
            names = "--shutdown-grace-period",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = DurationConverter.class,
            description = "How long pods have when the machine goes down, 0 for nothing (${DEFAULT-VALUE}).")
    private Duration shutdownGrace = Duration.ZERO;

    @Option(
            names = "--shutdown-grace-period-critical-pods",
            paramLabel = "DURATION",
            defaultValue = "0s",
            converter = DurationConverter.class,
            description = "How much of that is kept for critical pods, which end last (${DEFAULT-VALUE}).")
    private Duration shutdownCriticalGrace = Duration.ZERO;

    @Option(
            names = "--shutdown-grace-period-by-pod-priority",
            split = ",",
            paramLabel = "PRIORITY=SECONDS",
            description = "How long pods of each priority and above have, instead of the two before.")
    private List<String> shutdownByPriority = List.of();

    @Option(
            names = "--shutdown-on-every-stop",
            description = "Take every stop of the kubelet for the machine's; without, only when systemd says so.")
    private boolean shutdownOnEveryStop;

    @Option(
            names = "--config-map-and-secret-change-detection-strategy",
            paramLabel = "STRATEGY",
            description = "How ConfigMaps and Secrets are followed: Watch, Cache or Get (Watch; Cache when simulated).")
    private @Nullable String changeDetection;

    @Option(
            names = "--system-reserved",
            split = ",",
            paramLabel = "RESOURCE=AMOUNT",
            description = "What the system keeps for itself: cpu, memory, ephemeral-storage.")
    private List<String> systemReserved = List.of();

    @Option(
            names = "--kube-reserved",
            split = ",",
            paramLabel = "RESOURCE=AMOUNT",
            description = "What kubelet and runtime keep for themselves: cpu, memory, ephemeral-storage.")
    private List<String> kubeReserved = List.of();

    /** What the flags say; an {@link IllegalArgumentException} names a flag that cannot be. */
    NodePolicies policies(boolean simulated) {
        Map<String, String> hard = evictionHard == null
                ? simulated ? Map.of() : EvictionOptions.DEFAULT_HARD
                : pairs("--eviction-hard", '<', evictionHard);
        Map<String, Duration> graces = new TreeMap<>();
        pairs("--eviction-soft-grace-period", '=', evictionSoftGrace)
                .forEach((signal, time) -> graces.put(signal, duration(signal, time)));
        if (evictionMaxGrace < 0) {
            throw new IllegalArgumentException("--eviction-max-pod-grace-period: " + evictionMaxGrace + " is below 0");
        }
        return new NodePolicies(
                manifests.manifests(),
                new EvictionOptions(
                        EvictionOptions.thresholds(
                                hard,
                                pairs("--eviction-soft", '<', evictionSoft),
                                graces,
                                pairs("--eviction-minimum-reclaim", '=', evictionReclaim)),
                        Duration.ofSeconds(evictionMaxGrace),
                        evictionTransition,
                        EvictionOptions.NONE.period()),
                shutdown(),
                new CollectionOptions(
                        imageHigh,
                        imageLow,
                        imageMinimumAge,
                        imageMaximumAge,
                        deadPerContainer,
                        deadInAll,
                        deadMinimumAge),
                new NodeOptions(registerNode, shownImages, podsPerCore, Optional.ofNullable(providerId)),
                pods(simulated),
                timeouts.timeouts(),
                LogLimits.of(logSize, logFiles, logLook),
                simulated ? Optional.empty() : access.systemLogs(),
                volumeStats,
                access.tls(),
                access.times(),
                new EventRate(eventsPerSecond, eventBurst),
                reservations(),
                changeDetection == null
                        ? simulated ? ChangeDetection.CACHE : ChangeDetection.WATCH
                        : ChangeDetection.parse(changeDetection),
                cgroups.options());
    }

    private PodPolicies pods(boolean simulated) {
        return new PodPolicies(
                seccompDefault,
                pulls.limits(),
                pulls.access(),
                longestBackoff,
                idsPerPod,
                !simulated && isSelinuxEnabled());
    }

    /** Its file system is mounted where the kernel has it and no one has turned it off. */
    private static boolean isSelinuxEnabled() {
        return Files.exists(Path.of("/sys/fs/selinux/enforce"));
    }

    private List<Map<String, String>> reservations() {
        Map<String, String> system = amounts("--system-reserved", systemReserved);
        Map<String, String> kube = amounts("--kube-reserved", kubeReserved);
        if (!reservedCpus.isBlank()) {
            if (cgroups.namesReserved()) {
                throw new IllegalArgumentException(
                        "--reserved-cpus cannot be given together with --system-reserved-cgroup or --kube-reserved-cgroup");
            }
            int cpus = ProcessorList.parse("--reserved-cpus", reservedCpus).cardinality();
            system.put("cpu", Integer.toString(cpus));
            kube.remove("cpu");
        }
        return List.of(system, kube);
    }

    private ShutdownOptions shutdown() {
        if (shutdownByPriority.isEmpty()) {
            return ShutdownOptions.of(shutdownGrace, shutdownCriticalGrace, shutdownOnEveryStop);
        }
        String flag = "--shutdown-grace-period-by-pod-priority";
        if (!shutdownGrace.isZero() || !shutdownCriticalGrace.isZero()) {
            throw new IllegalArgumentException(flag + " cannot be given together with --shutdown-grace-period");
        }
        Map<Integer, Duration> times = new TreeMap<>();
        pairs(flag, '=', shutdownByPriority).forEach((priority, seconds) -> {
            try {
                times.put(Integer.valueOf(priority), Duration.ofSeconds(Integer.parseInt(seconds)));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        flag + ": \"" + priority + "=" + seconds + "\" is not of two whole numbers", e);
            }
        });
        return new ShutdownOptions(times, shutdownOnEveryStop);
    }

    private static Map<String, String> amounts(String flag, List<String> texts) {
        Map<String, String> result = pairs(flag, '=', texts);
        result.forEach((resource, amount) -> {
            if (!RESERVABLE.contains(resource)) {
                throw new IllegalArgumentException(flag + ": \"" + resource + "\" is none of " + RESERVABLE);
            }
            if (!Quantities.isQuantity(amount) || Quantities.parse(amount).signum() < 0) {
                throw new IllegalArgumentException(flag + ": " + resource + ": \"" + amount + "\" is no quantity");
            }
        });
        return result;
    }

    private static Duration duration(String signal, String time) {
        try {
            return Durations.parse(time);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("--eviction-soft-grace-period: " + signal + ": " + e.getMessage(), e);
        }
    }

    private static Map<String, String> pairs(String flag, char between, List<String> texts) {
        Map<String, String> result = new LinkedHashMap<>();
        for (String text : texts) {
            int at = text.indexOf(between);
            if (text.isBlank()) {
                continue;
            }
            if (at <= 0 || at == text.length() - 1) {
                throw new IllegalArgumentException(
                        flag + ": \"" + text + "\" is not of the form signal" + between + "value");
            }
            result.put(text.substring(0, at).strip(), text.substring(at + 1).strip());
        }
        return result;
    }
}
