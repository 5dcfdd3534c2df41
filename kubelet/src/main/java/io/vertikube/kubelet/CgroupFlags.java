package io.vertikube.kubelet;

import io.vertikube.kubelet.cgroup.CgroupOptions;
import io.vertikube.kubelet.cgroup.CgroupOptions.Enforced;
import io.vertikube.kubelet.cgroup.LimitOptions;
import io.vertikube.kubelet.runtime.CgroupDriver;
import io.vertikube.service.DurationConverter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags about how cgroups are made and what limits become in them. Confined to the thread that parses. */
final class CgroupFlags {

    @Option(
            names = "--cgroup-driver",
            paramLabel = "DRIVER",
            defaultValue = "cgroupfs",
            description =
                    "Who makes pods' cgroups where the runtime does not say it (containerd 1): cgroupfs or systemd, the same as there (${DEFAULT-VALUE}).")
    private String cgroupDriver = "cgroupfs";

    @Option(
            names = "--pod-max-pids",
            paramLabel = "COUNT",
            defaultValue = "-1",
            description = "Most processes of a pod, -1 for no limit (${DEFAULT-VALUE}).")
    private long podPidsLimit = -1;

    @Option(
            names = "--enforce-node-allocatable",
            split = ",",
            paramLabel = "WHAT",
            description = "Whose cgroups are limited: pods, system-reserved, kube-reserved, or none (pods).")
    private List<String> enforced = List.of("pods");

    @Option(
            names = "--system-reserved-cgroup",
            paramLabel = "PATH",
            description = "Cgroup of the system's own services, which has to be there.")
    private @Nullable String systemCgroup;

    @Option(
            names = "--kube-reserved-cgroup",
            paramLabel = "PATH",
            description = "Cgroup of kubelet and runtime, which has to be there.")
    private @Nullable String kubeCgroup;

    @Option(
            names = "--cpu-cfs-quota",
            arity = "0..1",
            fallbackValue = "true",
            defaultValue = "true",
            description = "Make limits of the processor quotas of its time (${DEFAULT-VALUE}).")
    private boolean cfsQuota = true;

    @Option(
            names = "--cpu-cfs-quota-period",
            paramLabel = "DURATION",
            defaultValue = "100ms",
            converter = DurationConverter.class,
            description = "What such a quota is of, 1ms to 1s (${DEFAULT-VALUE}).")
    private Duration cfsPeriod = Duration.ofMillis(100);

    @Option(
            names = "--single-process-oom-kill",
            arity = "0..1",
            fallbackValue = "true",
            description = "Kill one process, not a container, when its memory runs out (false on cgroup v2).")
    private @Nullable Boolean singleProcessOomKill;

    @Option(
            names = "--memory-swap-behavior",
            paramLabel = "BEHAVIOR",
            defaultValue = "NoSwap",
            description = "NoSwap, or LimitedSwap for Burstable pods on cgroup v2 (${DEFAULT-VALUE}).")
    private String swapBehaviour = "NoSwap";

    @Option(names = "--memory-qos", description = "Keep the memory that pods request for them (memory.min, cgroup v2).")
    private boolean memoryQos;

    @Option(
            names = "--fail-cgroupv1",
            arity = "0..1",
            fallbackValue = "true",
            description = "Do not start on a machine that has version 1 of cgroups.")
    private boolean failOnV1;

    /** Whether what is reserved has cgroups of its own. */
    boolean namesReserved() {
        return systemCgroup != null || kubeCgroup != null;
    }

    /** What the flags say; an {@link IllegalArgumentException} names a flag that cannot be. */
    CgroupOptions options() {
        return new CgroupOptions(
                CgroupDriver.parse(cgroupDriver),
                podPidsLimit,
                memoryQos,
                new CgroupOptions.Enforcement(
                        Enforced.parse(enforced), Optional.ofNullable(systemCgroup), Optional.ofNullable(kubeCgroup)),
                new LimitOptions(
                        cfsQuota,
                        cfsPeriod,
                        Optional.ofNullable(singleProcessOomKill),
                        LimitOptions.isLimitedSwap(swapBehaviour)),
                failOnV1);
    }
}
