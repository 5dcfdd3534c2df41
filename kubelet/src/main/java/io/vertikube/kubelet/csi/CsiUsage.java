package io.vertikube.kubelet.csi;

import io.vertikube.kubelet.csi.v1.NodeGetVolumeStatsResponse;
import io.vertikube.kubelet.csi.v1.VolumeUsage;
import java.util.Optional;

/**
 * What a driver measures of a volume, -1 for what it does not measure. Immutable.
 *
 * @param problem what is wrong with the volume, as far as the driver tells
 */
public record CsiUsage(
        long capacityBytes,
        long usedBytes,
        long availableBytes,
        long inodes,
        long inodesUsed,
        long inodesFree,
        Optional<String> problem) {

    static CsiUsage of(NodeGetVolumeStatsResponse answer) {
        VolumeUsage bytes = find(answer, VolumeUsage.Unit.BYTES);
        VolumeUsage inodes = find(answer, VolumeUsage.Unit.INODES);
        return new CsiUsage(
                bytes.getTotal(),
                bytes.getUsed(),
                bytes.getAvailable(),
                inodes.getTotal(),
                inodes.getUsed(),
                inodes.getAvailable(),
                answer.getVolumeCondition().getAbnormal()
                        ? Optional.of(answer.getVolumeCondition().getMessage())
                        : Optional.empty());
    }

    private static VolumeUsage find(NodeGetVolumeStatsResponse answer, VolumeUsage.Unit unit) {
        return answer.getUsageList().stream()
                .filter(usage -> usage.getUnit() == unit)
                .findFirst()
                .orElse(VolumeUsage.newBuilder()
                        .setTotal(-1)
                        .setUsed(-1)
                        .setAvailable(-1)
                        .build());
    }
}
