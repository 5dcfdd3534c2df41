package io.vertikube.kubelet.stats;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.ToLongFunction;

/** {@code kubelet_volume_stats_*}, a part of {@code /metrics}: volumes behind claims, each claim once. Pure functions. */
public final class VolumeMetrics {

    private record Family(String name, String help, ToLongFunction<VolumeFigures> figure) {}

    private static final List<Family> FAMILIES = List.of(
            new Family(
                    "available_bytes",
                    "Number of available bytes in the volume",
                    one -> one.bytes().available()),
            new Family(
                    "capacity_bytes",
                    "Capacity in bytes of the volume",
                    one -> one.bytes().capacity()),
            new Family(
                    "health_status_abnormal",
                    "Abnormal volume health status. The count is either 1 or 0. 1 indicates the volume is unhealthy, 0"
                            + " indicates volume is healthy",
                    one -> one.problem().isPresent() ? 1 : 0),
            new Family(
                    "inodes",
                    "Maximum number of inodes in the volume",
                    one -> one.inodes().capacity()),
            new Family(
                    "inodes_free",
                    "Number of free inodes in the volume",
                    one -> one.inodes().available()),
            new Family(
                    "inodes_used",
                    "Number of used inodes in the volume",
                    one -> one.inodes().used()),
            new Family(
                    "used_bytes",
                    "Number of used bytes in the volume",
                    one -> one.bytes().used()));

    private VolumeMetrics() {}

    /** The lines of what is measured now; none without claims. */
    public static String of(UsageSource source) throws InterruptedException {
        return of(source.claims());
    }

    static String of(List<Seen.PodUsage> pods) {
        var page = new MetricsText();
        for (Family family : FAMILIES) {
            String name = "kubelet_volume_stats_" + family.name();
            Set<String> told = new HashSet<>();
            for (Seen.PodUsage pod : pods) {
                for (VolumeFigures volume : pod.volumes()) {
                    long figure = family.figure().applyAsLong(volume);
                    if (volume.claim().isEmpty() || figure < 0) {
                        continue;
                    }
                    String labels = MetricsText.labels(
                            "namespace",
                            pod.pod().namespace(),
                            "persistentvolumeclaim",
                            volume.claim().get());
                    if (told.isEmpty()) {
                        page.family(name, "gauge", "[ALPHA] " + family.help());
                    }
                    if (told.add(labels)) {
                        page.plain(name, labels, figure);
                    }
                }
            }
        }
        return page.toString();
    }
}
