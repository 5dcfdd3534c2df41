package io.vertikube.controller.deployment;

import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.RollingUpdateDeployment;
import io.vertikube.controller.workload.Portion;
import io.vertikube.controller.workload.Portion.Rounding;
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
        int surge = portion(rolling == null ? null : rolling.getMaxSurge(), wanted, Rounding.UP);
        int unavailable = portion(rolling == null ? null : rolling.getMaxUnavailable(), wanted, Rounding.DOWN);
        if (surge == 0 && unavailable == 0) {
            unavailable = 1;
        }
        return new ReplicaMath(surge, Math.min(unavailable, wanted));
    }

    static boolean isRolling(Deployment deployment) {
        return deployment.getSpec().getStrategy() == null
                || !"Recreate".equals(deployment.getSpec().getStrategy().getType());
    }

    private static int portion(@Nullable IntOrString value, int wanted, Rounding rounding) {
        return Portion.of(value == null ? new IntOrString("25%") : value, wanted, rounding, 0);
    }
}
