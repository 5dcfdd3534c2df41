package io.vertikube.controller.daemonset;

import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDaemonSet;
import io.vertikube.controller.workload.Portion;
import io.vertikube.controller.workload.Portion.Rounding;

/** How many daemons may be down, or doubled, during a rolling update; percentages are of the wanted number, rounded up. Immutable. */
record RollingBounds(int maxUnavailable, int maxSurge) {

    static RollingBounds of(DaemonSet set, int wanted) {
        RollingUpdateDaemonSet rolling = set.getSpec().getUpdateStrategy() == null
                ? null
                : set.getSpec().getUpdateStrategy().getRollingUpdate();
        int surge = Portion.of(rolling == null ? null : rolling.getMaxSurge(), wanted, Rounding.UP, 0);
        int unavailable = Portion.of(rolling == null ? null : rolling.getMaxUnavailable(), wanted, Rounding.UP, 1);
        return new RollingBounds(surge == 0 && unavailable == 0 ? 1 : unavailable, surge);
    }
}
