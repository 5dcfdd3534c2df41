package io.vertikube.controller.daemonset;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.DaemonSet;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDaemonSet;
import org.jspecify.annotations.Nullable;

/** How many daemons may be down, or doubled, during a rolling update; percentages are of the wanted number, rounded up. Immutable. */
record RollingBounds(int maxUnavailable, int maxSurge) {

    static RollingBounds of(DaemonSet set, int wanted) {
        RollingUpdateDaemonSet rolling = set.getSpec().getUpdateStrategy() == null
                ? null
                : set.getSpec().getUpdateStrategy().getRollingUpdate();
        int surge = resolve(rolling == null ? null : rolling.getMaxSurge(), 0, wanted);
        int unavailable = resolve(rolling == null ? null : rolling.getMaxUnavailable(), 1, wanted);
        return new RollingBounds(surge == 0 && unavailable == 0 ? 1 : unavailable, surge);
    }

    private static int resolve(@Nullable IntOrString value, int absent, int wanted) {
        if (value == null) {
            return absent;
        }
        if (value.getIntVal() != null) {
            return value.getIntVal();
        }
        String text = value.getStrVal();
        if (text == null || !text.endsWith("%")) {
            return absent;
        }
        try {
            return (int) Math.ceilDiv(Long.parseLong(text.substring(0, text.length() - 1)) * wanted, 100L);
        } catch (NumberFormatException notANumber) {
            return absent;
        }
    }
}
