package io.vertikube.kubelet.runtime;

import java.util.List;

/** Parts of /proc and /sys that tell or change too much for an ordinary container; the usual lists of container engines. */
public final class GuardedPaths {

    /** Nothing of these is seen. */
    public static final List<String> MASKED = List.of(
            "/proc/asound",
            "/proc/acpi",
            "/proc/interrupts",
            "/proc/kcore",
            "/proc/keys",
            "/proc/latency_stats",
            "/proc/timer_list",
            "/proc/timer_stats",
            "/proc/sched_debug",
            "/proc/scsi",
            "/sys/firmware",
            "/sys/devices/virtual/powercap");

    /** These are read only. */
    public static final List<String> READ_ONLY =
            List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

    private GuardedPaths() {}
}
