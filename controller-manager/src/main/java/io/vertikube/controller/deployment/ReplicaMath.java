package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import org.jspecify.annotations.Nullable;

/** How far a rolling update may go above and below the wanted count. Immutable. */
record ReplicaMath(int maxSurge, int maxUnavailable) {

    /**
     * Percentages are of the wanted count, surge rounded up and unavailability down; when both come to nothing, one pod may be
     * unavailable, or the rollout could never move.
     */
    static ReplicaMath of(Deployment deployment) {
        if (!isRolling(deployment)) {
            return new ReplicaMath(0, 0);
        }
        RollingUpdateDeployment rolling = deployment.getSpec().getStrategy() == null
                ? null
                : deployment.getSpec().getStrategy().getRollingUpdate();
        int wanted = Sets.wanted(deployment);
        int surge = resolve(rolling == null ? null : rolling.getMaxSurge(), wanted, true);
        int unavailable = resolve(rolling == null ? null : rolling.getMaxUnavailable(), wanted, false);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        return new ReplicaMath(surge, Math.min(unavailable, wanted));
    }

    static boolean isRolling(Deployment deployment) {
        return deployment.getSpec().getStrategy() == null
                || !"Recreate".equals(deployment.getSpec().getStrategy().getType());
    }

    private static int resolve(@Nullable IntOrString value, int wanted, boolean up) {
        if (value == null) {
            return resolvePercent("25%", wanted, up);
        }
        if (value.getIntVal() != null) {
            return value.getIntVal();
        }
        return resolvePercent(value.getStrVal(), wanted, up);
    }

    private static int resolvePercent(@Nullable String text, int wanted, boolean up) {
        if (text == null || !text.endsWith("%")) {
            return 0;
        }
        try {
            long product = Long.parseLong(text.substring(0, text.length() - 1)) * wanted;
            return (int) (up ? Math.ceilDiv(product, 100L) : Math.floorDiv(product, 100L));
        } catch (NumberFormatException notANumber) {
            return 0;
        }
    }
}
